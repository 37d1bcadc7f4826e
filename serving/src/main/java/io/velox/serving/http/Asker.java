package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Known;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.ReadOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * For whom an answer is: a user, somebody without a name who brings observations, or a user who brings more of them.
 *
 * @param session observations for this request alone; empty when it brings no such field
 */
record Asker(Optional<String> uid, Optional<List<HistoryEntry>> session, ReadOptions read) {
    static final int MAX_SESSION = 1000;

    static Asker of(Fields fields, VeloxModel model, ServingConfiguration limits) {
        Optional<List<HistoryEntry>> session = fields.has("session")
                ? Optional.of(fields.session("session", MAX_SESSION, model::check))
                : Optional.empty();
        if (!fields.has("uid") && session.isEmpty()) {
            throw fields.refused("uid", "is missing; a request without one must bring a session");
        }
        Optional<String> uid = fields.has("uid") ? Optional.of(fields.id("uid")) : Optional.empty();
        return new Asker(uid, session, fields.readOptions(limits.receiptTimeoutMs()));
    }

    CompletableFuture<Answering> answering(Predictor predictor, String model) {
        return session.isPresent()
                ? knowing(predictor, model).thenApply(Known::answering)
                : predictor.answering(model, uid.orElseThrow(), read);
    }

    CompletableFuture<Predictor.Seen> answeringWithSeen(Predictor predictor, String model) {
        return session.isPresent()
                ? knowing(predictor, model).thenApply(known -> new Predictor.Seen(known.answering(), known.seen()))
                : predictor.answeringWithSeen(model, uid.orElseThrow(), read);
    }

    CompletableFuture<Known> knowing(Predictor predictor, String model) {
        return predictor.knowing(model, uid, session.orElse(List.of()), read);
    }
}
