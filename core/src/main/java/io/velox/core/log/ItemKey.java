package io.velox.core.log;

import io.velox.core.model.Identifiers;
import java.nio.charset.StandardCharsets;

/** The key of an item of a model in the topic of items: the model's name, a slash (which no model's name contains), and the item's id, in UTF-8. */
public record ItemKey(String model, String item) {
    public ItemKey {
        Identifiers.checkModelName("model", model);
        Identifiers.checkId("item", item);
    }

    /**
     * Reads a key.
     *
     * @throws io.velox.core.error.VeloxException {@code INVALID_REQUEST} if the bytes are none
     */
    public static ItemKey of(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int slash = text.indexOf('/');
        return new ItemKey(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
    }

    public byte[] bytes() {
        return (model + "/" + item).getBytes(StandardCharsets.UTF_8);
    }
}
