package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Figure;
import io.velox.bench.training.ImportedArchive;
import io.velox.bench.training.TrainingProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a refresh takes and gives, against leaving a version as it is and against training anew. */
public final class RefreshBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final double FIRST = 0.8;

    @Override
    public String name() {
        return "refresh";
    }

    @Override
    public String summary() {
        return "seconds and held-out error of a refresh, against the stale version and a full training";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        List<Figure> figures = new ArrayList<>();
        List<Dataset> datasets = new ArrayList<>();
        List<String> notes = new ArrayList<>(
                List.of(
                        "SET.first: a full training on the first 80% of the ratings by time; .refreshed and .retrained: on all of them, the one from"
                                + " the first version, the other anew",
                        ".rmse.stale, .rmse.refreshed and .rmse.retrained: of the first, the refreshed and the retrained version on the same ratings,"
                                + " the held-out ones among the last 20%, with user weights from each user's other ratings",
                        ".seconds: of the whole training process, Spark's start included; .seconds.inside: of the training as it measures itself"));
        List<KnownRatings> sets = new ArrayList<>();
        sets.add(KnownRatings.named(setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL), setting));
        sets.add(KnownRatings.synthetic(setting.syntheticScale().orElse(setting.choose(1.0, 0.01)), SEED));
        for (int i = 0; i < sets.size(); i++) {
            KnownRatings ratings = sets.get(i);
            datasets.add(ratings.dataset());
            String name = i == 0 ? ratings.dataset().name() : "synthetic";
            notes.add(name + ": " + ratings.training());
            figures.addAll(figures(name, ratings, setting));
        }
        return new Findings(Dataset.all(datasets), figures, notes);
    }

    private static List<Figure> figures(String name, KnownRatings ratings, Setting setting) throws Exception {
        setting.say("importing " + name);
        int[] rows = SendingOrder.BY_TIME.rows(ratings.table(), SEED);
        int first = (int) (FIRST * rows.length);
        ImportedArchive archive = ImportedArchive.of(
                setting,
                setting.scratch().resolve(name),
                ratings.table(),
                List.of(Arrays.copyOf(rows, first), Arrays.copyOfRange(rows, first, rows.length)));
        TrainingProcess trainer = new TrainingProcess(setting, archive.store(), ratings);
        TrainingProcess.Outcome live = trainer.train(archive.cuts().get(0), SEED);
        TrainingProcess.Outcome refreshed = trainer.train(
                archive.cuts().get(1), SEED, "--kind", "refresh", "--from", live.address(), "--live", live.address());
        TrainingProcess.Outcome retrained = trainer.train(archive.cuts().get(1), SEED, "--live", live.address());
        List<Figure> figures = new ArrayList<>();
        figures.addAll(times(name + ".first", live));
        figures.addAll(times(name + ".refreshed", refreshed));
        figures.addAll(times(name + ".retrained", retrained));
        figures.add(Figure.exact(name + ".rmse.stale", "", refreshed.metric("gate.liveRmse")));
        figures.add(Figure.exact(name + ".rmse.refreshed", "", refreshed.metric("gate.candidateRmse")));
        figures.add(Figure.exact(name + ".rmse.retrained", "", retrained.metric("gate.candidateRmse")));
        figures.add(Figure.exact(name + ".heldOutRatings", "", refreshed.metric("gate.ratings")));
        return figures;
    }

    private static List<Figure> times(String name, TrainingProcess.Outcome outcome) {
        return List.of(
                Figure.exact(name + ".seconds", "s", outcome.seconds()),
                Figure.exact(name + ".seconds.inside", "s", outcome.metric("trainSeconds")),
                Figure.exact(name + ".heap", "MiB", outcome.heapMib()));
    }
}
