package io.velox.serving.http;

import io.velox.core.log.UserRecord;
import io.vertx.core.Future;
import java.util.List;

/** {@code DELETE /v1/users/{uid}}: forgets the user; a read with the receipt no longer knows anything. */
record ForgetUser(ForgettingAnswer forgetting) implements Operation {
    private static final List<String> GONE = List.of("history", "weights", "loss");
    private static final List<String> PLACES = List.of("archive", "offlineWeights", "checkpoints");

    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        return forgetting.answer(call, new UserRecord.Forgotten(call.id("uid")), GONE, PLACES);
    }
}
