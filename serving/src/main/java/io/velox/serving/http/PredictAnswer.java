package io.velox.serving.http;

import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Exposure;
import io.velox.serving.predict.Scoring;
import io.velox.serving.predict.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@link Predict} and, with its list under another name, of {@link RankTop}: scores, and where they come from.
 *
 * @param uid null for somebody who has no name
 * @param revision the last record of the user that the answer reflects; null for a user of whom nothing is known
 * @param degraded why the answer is poorer or older than it should be; null when all is well
 * @param unknown the items that the version does not know; null when there are none
 */
record PredictAnswer(
        String model,
        int version,
        @Nullable String uid,
        @Nullable Revision revision,
        Source source,
        @Nullable String degraded,
        @Nullable List<ItemView> predictions,
        @Nullable List<ItemView> items,
        @Nullable List<Item> unknown) {

    static PredictAnswer predictions(Optional<String> uid, Answering answering, Scoring scoring) {
        return of(uid, answering, scoring, ItemView.of(scoring.items()), null);
    }

    /** @param impression the id of an item's exposure */
    static PredictAnswer ranking(
            Optional<String> uid, Answering answering, Scoring scoring, BiFunction<Item, Exposure, String> impression) {
        return of(uid, answering, scoring, null, ItemView.of(scoring.items(), impression));
    }

    private static PredictAnswer of(
            Optional<String> uid,
            Answering answering,
            Scoring scoring,
            @Nullable List<ItemView> predictions,
            @Nullable List<ItemView> items) {
        return new PredictAnswer(
                answering.id().model(),
                answering.id().version(),
                uid.orElse(null),
                answering.revision().orElse(null),
                answering.source(),
                answering.degraded().orElse(null),
                predictions,
                items,
                scoring.unknown().isEmpty() ? null : scoring.unknown());
    }
}
