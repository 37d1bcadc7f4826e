package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Impression;
import io.velox.core.model.Item;
import io.velox.core.model.Observation;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.predict.ServedModels;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Reads one observation from its JSON. An observation without a time happens when it is read. Safe for use from any thread. */
record ObservationReader(ServedModels models, ImpressionKeys impressions, Clock clock) {
    static final Set<String> FIELDS = Set.of("uid", "item", "label", "timestamp", "id", "impression");

    /**
     * The observation that a JSON value means.
     *
     * @param place where it stands in the request, which is what complaints begin with
     * @throws VeloxException of the user's family, naming the field
     */
    UserRecord.Observed read(String place, JsonNode json) {
        Fields fields = Fields.of(place, json, FIELDS);
        String uid = fields.id("uid");
        Item item = fields.item("item", models::checkObservable);
        double label = fields.label("label");
        Instant timestamp = fields.timestamp("timestamp").orElseGet(clock::instant);
        Optional<String> impression = fields.impression("impression");
        // What has no policy is the application's own, and means nothing here.
        if (impression.filter(Impression::hasPolicy).isPresent() && !impressions.isOurs(impression.get(), uid, item)) {
            throw fields.refused(
                    "impression", "must be one that an answer gave for this user and item, or an id without a colon");
        }
        return UserRecord.Observed.of(new Observation(
                uid, item, label, timestamp, fields.optionalText("id").orElse(null), impression.orElse(null)));
    }
}
