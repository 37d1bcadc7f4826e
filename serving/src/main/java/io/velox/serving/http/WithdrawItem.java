package io.velox.serving.http;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.serving.log.ObservationLog;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;

/**
 * {@code DELETE /v1/users/{uid}/items/{item}}: takes the user's rating of an item back. With {@code data=true} the path holds the
 * item's JSON data, percent-encoded.
 */
record WithdrawItem(ServedModels models, ObservationLog log) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        String uid = call.id("uid");
        Item item = call.flag("data")
                ? Fields.item("item", JsonBody.parse("item", call.parameter("item")), models::checkObservable)
                : Item.ofId(call.id("item"));
        return Observe.appended(call, log, new UserRecord.Withdrawn(uid, item));
    }
}
