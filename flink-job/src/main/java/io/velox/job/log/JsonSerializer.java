package io.velox.job.log;

import io.velox.core.log.RecordCodec;
import io.velox.state.ImmutableSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A Flink serializer of rare and small records, in the JSON that they have in their topic. */
public abstract class JsonSerializer<T> extends ImmutableSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    protected JsonSerializer(Class<T> type) {
        this.type = type;
    }

    @Override
    protected final void write(T record, DataOutput out) throws IOException {
        byte[] json = RecordCodec.write(record);
        out.writeInt(json.length);
        out.write(json);
    }

    @Override
    protected final T read(DataInput in) throws IOException {
        byte[] json = new byte[in.readInt()];
        in.readFully(json);
        return RecordCodec.read(json, type);
    }
}
