package io.velox.serving.migrate;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** How many records went into each partition, and a checksum of what they are, when they arrived and in which order. Single writer. */
final class LogDigest {
    private final Map<Integer, Partition> partitions = new TreeMap<>();

    private static final class Partition {
        private final CRC32C checksum = new CRC32C();
        private long records;

        @Override
        public String toString() {
            return records + " records, checksum " + Long.toHexString(checksum.getValue());
        }
    }

    void add(int partition, long timestamp, byte[] value) {
        Partition found = partitions.computeIfAbsent(partition, p -> new Partition());
        found.checksum.update(
                ByteBuffer.allocate(12).putLong(timestamp).putInt(value.length).flip());
        found.checksum.update(value);
        found.records++;
    }

    /** Equal for equal records in equal order. */
    @Override
    public String toString() {
        return partitions.toString();
    }
}
