package io.velox.serving.bulk;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.velox.core.user.Revision;
import java.util.List;

/**
 * What became of the lines of an import: of all of them, or of those before the first that is not known to be in the log.
 *
 * @param lines how many lines that was, blank ones included and a header not
 * @param accepted observations in the log
 * @param refused lines that are none
 * @param problems the first of the lines refused
 * @param problemsOmitted how many more there are
 * @param receipts the last position written in each partition
 */
public record BulkProgress(
        long lines,
        long accepted,
        long refused,
        List<LineProblem> problems,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long problemsOmitted,
        List<Revision> receipts) {
    /** Of an import without lines. */
    public static final BulkProgress NONE = new BulkProgress(0, 0, 0, List.of(), 0, List.of());

    /** Why a line was refused. */
    public record LineProblem(long line, String field, String detail) {}

    public BulkProgress {
        problems = List.copyOf(problems);
        receipts = List.copyOf(receipts);
    }
}
