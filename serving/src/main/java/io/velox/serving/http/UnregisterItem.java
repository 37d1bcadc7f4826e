package io.velox.serving.http;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.ItemKey;
import io.velox.serving.log.ItemLog;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;

/**
 * {@code DELETE /v1/models/{model}/items/{item}}: takes the registration of an item back, if there is one. Versions that were trained on the item go on
 * knowing it.
 */
record UnregisterItem(ServedModels models, ItemLog log) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        CatalogueEntry entry = models.entry(call.model());
        RegisterItems.checkKind(entry);
        ItemKey key = new ItemKey(entry.model(), call.id("item"));
        return call.await(log.remove(key))
                .map(revision -> Reply.ok(new RegisterItems.Registered(key.item(), revision)));
    }
}
