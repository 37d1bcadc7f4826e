package io.velox.core.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where a training's view of the log ends: for each partition the offset of the first record that it does not see.
 *
 * @param endOffsets by partition
 */
public record LogCut(int epoch, Map<Integer, Long> endOffsets) {
    public LogCut {
        endOffsets = Map.copyOf(endOffsets);
    }

    public boolean includes(int partition, long offset) {
        return offset < endOffsets.getOrDefault(partition, 0L);
    }

    /** {@code epoch/partition:end,partition:end…}: the form that the training application takes as an argument. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(epoch).append('/');
        new TreeMap<>(endOffsets)
                .forEach((partition, end) -> text.append(text.charAt(text.length() - 1) == '/' ? "" : ",")
                        .append(partition)
                        .append(':')
                        .append(end));
        return text.toString();
    }

    /** Reads what {@link #toString} writes. */
    public static LogCut parse(String text) {
        try {
            int slash = text.indexOf('/');
            Map<Integer, Long> ends = new TreeMap<>();
            for (String pair : text.substring(slash + 1).split(",", -1)) {
                int colon = pair.indexOf(':');
                ends.put(Integer.parseInt(pair.substring(0, colon)), Long.parseLong(pair.substring(colon + 1)));
            }
            return new LogCut(Integer.parseInt(text.substring(0, slash)), ends);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a cut must be epoch/partition:end,partition:end..., but got '" + text + "'", e);
        }
    }
}
