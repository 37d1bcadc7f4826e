package io.velox.client;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request that Velox refused or could not answer: the problem document that came back, or no answer at all (status 0). The message
 * is a sentence for people.
 */
public final class VeloxClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    @Nullable
    private final String field;

    private final boolean mayHaveArrived;
    private final long firstLine;

    VeloxClientException(
            int status,
            String code,
            @Nullable String field,
            String detail,
            boolean mayHaveArrived,
            @Nullable Throwable cause) {
        this(status, code, field, detail, mayHaveArrived, cause, 0);
    }

    VeloxClientException(
            int status,
            String code,
            @Nullable String field,
            String detail,
            boolean mayHaveArrived,
            @Nullable Throwable cause,
            long firstLine) {
        super(detail, cause);
        this.status = status;
        this.code = code;
        this.field = field;
        this.mayHaveArrived = mayHaveArrived;
        this.firstLine = firstLine;
    }

    /** The HTTP status; 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** Velox's name for what went wrong, such as {@code UNKNOWN_ITEM}; {@code NO_ANSWER} and {@code NOT_VELOX} are the client's own. */
    public String code() {
        return code;
    }

    /** The field of the request that is at fault. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** What went wrong and what to do about it. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Whether the same request may succeed later. */
    public boolean isPassing() {
        return status == 503 || status == 429 || code.equals("NO_ANSWER");
    }

    /** Whether the server may have acted on the request all the same. */
    public boolean mayHaveArrived() {
        return mayHaveArrived;
    }

    /** Of a bulk import that broke off, the first line that is not known to be in the log: where to go on. */
    public OptionalLong firstLine() {
        return firstLine > 0 ? OptionalLong.of(firstLine) : OptionalLong.empty();
    }
}
