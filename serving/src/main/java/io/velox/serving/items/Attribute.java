package io.velox.serving.items;

import io.velox.core.item.Metadata;
import java.util.Collections;
import java.util.function.Consumer;

/** One value of one field of metadata. */
record Attribute(String field, String value) {
    boolean isOf(Metadata metadata) {
        return Collections.binarySearch(metadata.values(field), value) >= 0;
    }

    static void each(Metadata metadata, Consumer<Attribute> consumer) {
        metadata.fields()
                .forEach((field, values) -> values.forEach(value -> consumer.accept(new Attribute(field, value))));
    }
}
