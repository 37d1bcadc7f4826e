package io.velox.client;

import java.util.List;

/**
 * What became of the lines of a bulk import.
 *
 * @param lines read, blank ones included and a header not
 * @param accepted observations in the log
 * @param refused lines that are none
 * @param problems the first of the lines refused, in their order
 * @param problemsOmitted how many more there are
 * @param receipts the last position written in each partition of the log
 */
public record BulkResult(
        long lines, long accepted, long refused, List<Problem> problems, long problemsOmitted, List<String> receipts) {
    public BulkResult {
        problems = List.copyOf(problems);
        receipts = List.copyOf(receipts);
    }

    /** Why a line was refused. {@code field} is {@code line} when it is the whole line. */
    public record Problem(long line, String field, String detail) {}
}
