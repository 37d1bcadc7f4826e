package io.velox.serving.http;

import io.velox.core.log.UserRecord;
import io.velox.serving.log.ObservationLog;
import io.vertx.core.Future;

/** {@code DELETE /v1/users/{uid}}: forgets the user; a read with the receipt no longer knows anything. */
record ForgetUser(ObservationLog log) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        call.refuseBody();
        return Observe.appended(call, log, new UserRecord.Forgotten(call.id("uid")));
    }
}
