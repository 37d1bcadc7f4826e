package io.velox.job.catalogue;

import io.velox.core.log.RecordCodec;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link CatalogueElement}, on the wire and in broadcast state. */
public final class CatalogueElementSerializer extends ImmutableSerializer<CatalogueElement> {
    public static final CatalogueElementSerializer INSTANCE = new CatalogueElementSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;
    private static final int HEARTBEAT = 0;
    private static final int BLOCK = 1;
    private static final int COMPLETE = 2;
    private static final int REJECTED = 3;
    private static final int DROPPED = 4;

    @Override
    protected void write(CatalogueElement element, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        if (element instanceof CatalogueElement.Block block) {
            out.writeByte(BLOCK);
            writeVersion(block, out);
            out.writeInt(block.index());
            writeFactors(block.factors(), out);
        } else if (element instanceof CatalogueElement.Complete complete) {
            out.writeByte(COMPLETE);
            writeVersion(complete, out);
            writeBytes(RecordCodec.write(complete.manifest()), out);
            out.writeInt(complete.blocks());
        } else if (element instanceof CatalogueElement.Rejected rejected) {
            out.writeByte(REJECTED);
            writeVersion(rejected, out);
            writeBytes(rejected.reason().getBytes(StandardCharsets.UTF_8), out);
        } else if (element instanceof CatalogueElement.Dropped dropped) {
            out.writeByte(DROPPED);
            writeVersion(dropped, out);
        } else {
            out.writeByte(HEARTBEAT);
        }
    }

    @Override
    protected CatalogueElement read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the catalogue element has schema " + schema + ", but this build reads " + SCHEMA);
        }
        int type = in.readByte();
        if (type == HEARTBEAT) {
            return new CatalogueElement.Heartbeat();
        }
        ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
        long position = in.readLong();
        return switch (type) {
            case BLOCK -> new CatalogueElement.Block(version, position, in.readInt(), readFactors(in));
            case COMPLETE ->
                new CatalogueElement.Complete(RecordCodec.read(readBytes(in), Manifest.class), position, in.readInt());
            case REJECTED ->
                new CatalogueElement.Rejected(version, position, new String(readBytes(in), StandardCharsets.UTF_8));
            case DROPPED -> new CatalogueElement.Dropped(version, position);
            default -> throw new IOException("a catalogue element has the unknown type " + type);
        };
    }

    private static void writeVersion(CatalogueElement.OfVersion element, DataOutput out) throws IOException {
        out.writeUTF(element.version().model());
        out.writeInt(element.version().version());
        out.writeLong(element.position());
    }

    private static void writeFactors(FactorBlock block, DataOutput out) throws IOException {
        out.writeInt(block.size());
        for (String item : block.items()) {
            out.writeUTF(item);
        }
        out.writeInt(block.dimension());
        writeFloats(block.features(), out);
        writeFloats(block.offsets(), out);
        writeFloats(block.noises(), out);
    }

    private static FactorBlock readFactors(DataInput in) throws IOException {
        String[] items = new String[in.readInt()];
        for (int i = 0; i < items.length; i++) {
            items[i] = in.readUTF();
        }
        int dimension = in.readInt();
        return new FactorBlock(
                items,
                readFloats(in, items.length * dimension),
                readFloats(in, items.length),
                readFloats(in, items.length));
    }

    private static void writeFloats(float[] values, DataOutput out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }

    private static float[] readFloats(DataInput in, int length) throws IOException {
        byte[] bytes = new byte[Float.BYTES * length];
        in.readFully(bytes);
        float[] values = new float[length];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    @Override
    public TypeSerializerSnapshot<CatalogueElement> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<CatalogueElement> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
