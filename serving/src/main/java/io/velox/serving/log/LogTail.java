package io.velox.serving.log;

import io.velox.core.log.LogCut;
import java.util.function.Consumer;

/** What the lifecycle reads of the log of observations. Every method blocks. */
public interface LogTail {
    /**
     * Where the log ends now.
     *
     * @throws io.velox.core.error.VeloxException {@code LOG_UNAVAILABLE}
     */
    LogCut end();

    /**
     * The user of each record from one cut to another, each user once; that a user is forgotten is no such record.
     *
     * @param from of an older epoch, or without a partition: from the beginning
     * @throws io.velox.core.error.VeloxException {@code LOG_UNAVAILABLE}
     */
    void users(LogCut from, LogCut to, Consumer<String> uids);
}
