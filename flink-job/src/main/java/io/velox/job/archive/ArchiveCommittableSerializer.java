package io.velox.job.archive;

import io.velox.core.store.ArchiveFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The form of {@link ArchiveCommittable} in checkpoints. */
final class ArchiveCommittableSerializer implements SimpleVersionedSerializer<ArchiveCommittable> {
    private static final int SCHEMA = 1;

    @Override
    public int getVersion() {
        return SCHEMA;
    }

    @Override
    public byte[] serialize(ArchiveCommittable committable) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(committable.hidden());
            out.writeLong(committable.file().date().toEpochDay());
            out.writeInt(committable.file().epoch());
            out.writeInt(committable.file().partition());
            out.writeLong(committable.file().first());
            out.writeLong(committable.file().last());
        }
        return bytes.toByteArray();
    }

    @Override
    public ArchiveCommittable deserialize(int schema, byte[] bytes) throws IOException {
        if (schema != SCHEMA) {
            throw new IOException("the archive's state has schema " + schema + ", but this build reads " + SCHEMA);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String hidden = in.readUTF();
            LocalDate date = LocalDate.ofEpochDay(in.readLong());
            return new ArchiveCommittable(
                    hidden, new ArchiveFile(date, in.readInt(), in.readInt(), in.readLong(), in.readLong()));
        }
    }
}
