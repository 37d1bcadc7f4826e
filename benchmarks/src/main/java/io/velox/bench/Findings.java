package io.velox.bench;

import io.velox.bench.report.Dataset;
import io.velox.bench.report.Figure;
import java.util.List;

/** What a benchmark found; {@code notes} say what a reader must know to read the figures, and each ends without a full stop. */
public record Findings(Dataset dataset, List<Figure> figures, List<String> notes) {
    public Findings {
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }
}
