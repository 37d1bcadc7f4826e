package io.velox.retrain;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Item ids and their dense indexes, which follow the order of the ids' UTF-8 bytes, so that the same items have the same indexes in
 * whatever order they were met. Immutable; about 100 bytes an item.
 */
final class ItemDictionary implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] ids;
    private transient Map<String, Integer> indexes;

    ItemDictionary(Collection<String> distinctIds) {
        byte[][] encoded = distinctIds.stream()
                .map(id -> id.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        Arrays.sort(encoded, Arrays::compareUnsigned);
        this.ids = Arrays.stream(encoded)
                .map(id -> new String(id, StandardCharsets.UTF_8))
                .toArray(String[]::new);
        this.indexes = index(ids);
    }

    int size() {
        return ids.length;
    }

    String id(int index) {
        return ids[index];
    }

    int index(String id) {
        Integer index = indexes.get(id);
        if (index == null) {
            throw new IllegalArgumentException("item '" + id + "' is not in the dictionary");
        }
        return index;
    }

    /** Empty for an item that is not in the dictionary. */
    OptionalInt find(String id) {
        Integer index = indexes.get(id);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    private static Map<String, Integer> index(String[] ids) {
        Map<String, Integer> indexes = new HashMap<>(2 * ids.length);
        for (int i = 0; i < ids.length; i++) {
            indexes.put(ids[i], i);
        }
        return indexes;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        indexes = index(ids);
    }
}
