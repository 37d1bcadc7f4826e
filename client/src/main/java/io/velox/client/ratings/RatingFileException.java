package io.velox.client.ratings;

import java.io.IOException;

/** A file of ratings that cannot be read as a whole: damaged, cut short, or of no layout known. The message says what to do. */
public final class RatingFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public RatingFileException(String message) {
        super(message);
    }

    public RatingFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
