package io.velox.state;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a checkpoint records of an {@link ImmutableSerializer}: the newest schema that it may have written. Every value carries its own
 * schema number, so state of an older schema is read as it is, and one of a newer schema is refused before anything is restored.
 */
public abstract class SchemaSnapshot<T> implements TypeSerializerSnapshot<T> {
    private final int schema;
    private final Supplier<TypeSerializer<T>> serializer;

    protected SchemaSnapshot(int schema, Supplier<TypeSerializer<T>> serializer) {
        this.schema = schema;
        this.serializer = serializer;
    }

    @Override
    public final int getCurrentVersion() {
        return schema;
    }

    @Override
    public final void writeSnapshot(DataOutputView out) {
        // the version, which Flink writes, says it all
    }

    @Override
    public final void readSnapshot(int writtenSchema, DataInputView in, ClassLoader userClasses) throws IOException {
        if (writtenSchema < 1 || writtenSchema > schema) {
            throw new IOException("the state was written with schema " + writtenSchema + ", but this build reads 1 to "
                    + schema + "; use the build that wrote it, or a newer one");
        }
    }

    @Override
    public final TypeSerializer<T> restoreSerializer() {
        return serializer.get();
    }

    @Override
    public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        return old.getClass() == getClass()
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
