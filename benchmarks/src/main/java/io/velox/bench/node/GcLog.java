package io.velox.bench.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log that a JVM writes with {@code -Xlog:gc:file=FILE:uptime}. */
public record GcLog(Path file) {
    private static final Pattern PAUSE = Pattern.compile("Pause (\\w+) .*?(\\d+)M->(\\d+)M\\((\\d+)M\\)");

    /** The JVM option that writes it. */
    public String option() {
        return "-Xlog:gc:file=" + file + ":uptime:filecount=0";
    }

    /** MiB of the heap in use after the last full collection; empty before the first. */
    public OptionalLong usedAfterLastFull() throws IOException {
        return last(Files.readAllLines(file), true);
    }

    /** MiB of the heap in use after the last collection of any kind; what only a full one finds is counted as used. */
    public OptionalLong usedAfterLast() throws IOException {
        return last(Files.readAllLines(file), false);
    }

    /** The most MiB of the heap that were in use after a collection of any kind; empty before the first. */
    public OptionalLong mostUsedAfterAny() throws IOException {
        return Files.readAllLines(file).stream()
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .mapToLong(pause -> Long.parseLong(pause.group(3)))
                .max();
    }

    static OptionalLong last(List<String> lines, boolean isFullOnly) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            Matcher pause = PAUSE.matcher(lines.get(i));
            if (pause.find() && (!isFullOnly || pause.group(1).equals("Full"))) {
                return OptionalLong.of(Long.parseLong(pause.group(3)));
            }
        }
        return OptionalLong.empty();
    }
}
