package io.velox.serving.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import io.velox.serving.bulk.BulkProgress.LineProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Some consecutive lines and what they said. Confined to one thread. */
final class Batch {
    private static final int MAX_LINES = 1_000;
    private static final int MAX_COST = 256 << 10;

    /** About what an observation takes on the heap beyond its own bytes, on its way through log and producer. */
    private static final int COST_OF_A_LINE = 256;

    private final List<UserRecord> records = new ArrayList<>();
    private final List<LineProblem> problems = new ArrayList<>();
    private int lines;
    private int refused;
    private int cost;

    void skip() {
        count(0);
    }

    void accept(UserRecord record, int bytes) {
        count(bytes);
        records.add(record);
    }

    /** Counts a line as refused, and keeps the reason if {@code isKept}. */
    void refuse(long line, VeloxException reason, boolean isKept) {
        count(0);
        refused++;
        if (isKept) {
            String detail = Objects.requireNonNullElse(
                    reason.getMessage(), reason.code().name());
            problems.add(new LineProblem(line, inUtf8(reason.field().orElse("line")), inUtf8(detail)));
        }
    }

    /** Half a surrogate pair, which a line may have or a cut make, is nothing that an answer can say. */
    private static String inUtf8(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private void count(int bytes) {
        lines++;
        cost += COST_OF_A_LINE + bytes;
    }

    boolean isFull() {
        return lines >= MAX_LINES || cost >= MAX_COST;
    }

    boolean isEmpty() {
        return lines == 0;
    }

    List<UserRecord> records() {
        return records;
    }

    List<LineProblem> problems() {
        return problems;
    }

    int lines() {
        return lines;
    }

    int refused() {
        return refused;
    }

    /** About how many bytes of heap it holds. */
    int cost() {
        return cost;
    }
}
