package io.velox.serving.http;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code DELETE /v1/users/{uid}/items/{item}}: takes the user's rating of an item back. With {@code data=true} the path holds the
 * item's JSON data, percent-encoded.
 */
record WithdrawItem(ServedModels models, ForgettingAnswer forgetting) implements Operation {
    private static final List<String> GONE = List.of("history", "weights");
    /** The weights that training gave stay: they are nobody's answer, and no rating can be read from them. */
    private static final List<String> PLACES = List.of("archive", "checkpoints");

    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        String uid = call.id("uid");
        Item item = call.flag("data")
                ? Fields.item("item", JsonBody.parse("item", call.parameter("item")), models::checkObservable)
                : Item.ofId(call.id("item"));
        return forgetting.answer(call, new UserRecord.Withdrawn(uid, item), GONE, PLACES);
    }
}
