package io.velox.core.log;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a training's view of the log ends: for each partition the offset of the first record that it does not see.
 *
 * @param endOffsets by partition
 */
public record LogCut(int epoch, Map<Integer, Long> endOffsets) implements Serializable {
    public LogCut {
        // Sorted, because the cut is written to manifests and logs: equal cuts are equal texts.
        endOffsets = Collections.unmodifiableSortedMap(new TreeMap<>(endOffsets));
        endOffsets.forEach((partition, end) -> {
            if (partition < 0 || end < 0) {
                throw new IllegalArgumentException(
                        "partitions and offsets must not be negative, but got " + partition + ":" + end);
            }
        });
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must not be negative, but got " + epoch);
        }
    }

    public boolean includes(int partition, long offset) {
        return offset < endOffsets.getOrDefault(partition, 0L);
    }

    /** {@code epoch/partition:end,partition:end…}: the form that the training application takes as an argument. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(epoch).append('/');
        endOffsets.forEach((partition, end) -> text.append(text.charAt(text.length() - 1) == '/' ? "" : ",")
                .append(partition)
                .append(':')
                .append(end));
        return text.toString();
    }

    /** Reads what {@link #toString} writes. */
    public static LogCut parse(String text) {
        try {
            int slash = text.indexOf('/');
            int epoch = Integer.parseInt(text.substring(0, slash));
            Map<Integer, Long> ends = new TreeMap<>();
            String pairs = text.substring(slash + 1);
            for (String pair : pairs.isEmpty() ? new String[0] : pairs.split(",", -1)) {
                int colon = pair.indexOf(':');
                int partition = Integer.parseInt(pair.substring(0, colon));
                if (ends.put(partition, Long.parseLong(pair.substring(colon + 1))) != null) {
                    throw new IllegalArgumentException("partition " + partition + " is in it twice");
                }
            }
            return new LogCut(epoch, ends);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a cut must be epoch/partition:end,partition:end..., but got '" + text + "': " + e.getMessage(), e);
        }
    }
}
