package io.velox.serving.bulk;

/**
 * The end of an import before the end of its body. The reason says why: an {@code IOException} of the body, or a
 * {@code VeloxException} of the log.
 */
public final class BulkFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exception reason;
    private final transient BulkProgress progress;
    private final long nextLine;

    public BulkFailure(Exception reason, BulkProgress progress, long nextLine) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
        this.progress = progress;
        this.nextLine = nextLine;
    }

    public Exception reason() {
        return reason;
    }

    public BulkProgress progress() {
        return progress;
    }

    /** The number of the first line that is not known to be in the log, where to go on. */
    public long nextLine() {
        return nextLine;
    }
}
