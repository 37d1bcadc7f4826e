package io.velox.standalone.demo;

/** A data set that cannot be had or read; the message says what to do. */
public final class DataSetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataSetException(String message) {
        super(message);
    }

    DataSetException(String message, Throwable cause) {
        super(message, cause);
    }
}
