package io.velox.serving.forgetting;

import io.velox.core.log.LogCut;
import java.util.HashMap;
import java.util.Map;

/** Arithmetic of cuts. */
final class Cuts {
    private Cuts() {}

    /** What both include. */
    static LogCut lower(LogCut one, LogCut other) {
        Map<Integer, Long> lower = new HashMap<>();
        if (one.epoch() == other.epoch()) {
            one.endOffsets()
                    .forEach((partition, end) -> lower.put(
                            partition, Math.min(end, other.endOffsets().getOrDefault(partition, 0L))));
        }
        return new LogCut(one.epoch(), lower);
    }
}
