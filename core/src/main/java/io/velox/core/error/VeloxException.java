package io.velox.core.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure with a name that the outside may see: the code, a sentence that says what to do, and the field at fault, if one is. */
public final class VeloxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    @Nullable
    private final String field;

    private VeloxException(ErrorCode code, @Nullable String field, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
    }

    public VeloxException(ErrorCode code, String message) {
        this(code, null, message, null);
    }

    public VeloxException(ErrorCode code, String message, Throwable cause) {
        this(code, null, message, cause);
    }

    /** A failure caused by one named field of a request or of the configuration. */
    public static VeloxException ofField(ErrorCode code, String field, String message) {
        return new VeloxException(code, field, message, null);
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<String> field() {
        return Optional.ofNullable(field);
    }
}
