package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.Observation;
import io.velox.core.user.Revision;
import io.velox.serving.log.ObservationLog;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code POST /v1/observe}: one observation, or an array of them, into the log. All of an array are checked before any is appended.
 */
record Observe(ServedModels models, ObservationLog log, Clock clock, ServingConfiguration limits) implements Operation {
    private static final Set<String> FIELDS = Set.of("uid", "item", "label", "timestamp", "id", "impression");

    /** Of one observation. */
    record Receipt(Revision receipt) {}

    /** Of an array, in its order. */
    record Receipts(List<Revision> receipts) {}

    @Override
    public Future<Reply> answer(Call call) {
        JsonNode json = call.json();
        Instant now = clock.instant();
        if (!json.isArray()) {
            return appended(call, log, observed("body", json, now));
        }
        if (json.size() > limits.maxObservations()) {
            throw Fields.tooMuch(
                    "body", "must have at most " + limits.maxObservations() + " observations, but has " + json.size());
        }
        if (json.isEmpty()) {
            return Future.succeededFuture(Reply.ok(new Receipts(List.of())));
        }
        List<UserRecord> records = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            records.add(observed("[" + i + "]", json.get(i), now));
        }
        return call.await(log.append(records)).map(receipts -> Reply.ok(new Receipts(receipts)));
    }

    /** Appends one record and answers with its receipt. */
    static Future<Reply> appended(Call call, ObservationLog log, UserRecord record) {
        return call.await(log.append(List.of(record))).map(receipts -> Reply.ok(new Receipt(receipts.get(0))));
    }

    private UserRecord observed(String place, JsonNode json, Instant now) {
        Fields fields = Fields.of(place, json, FIELDS);
        String uid = fields.id("uid");
        Item item = fields.item("item", models::checkObservable);
        double label = fields.label("label");
        Instant timestamp = fields.timestamp("timestamp").orElse(now);
        return UserRecord.Observed.of(new Observation(
                uid,
                item,
                label,
                timestamp,
                fields.optionalText("id").orElse(null),
                fields.optionalText("impression").orElse(null)));
    }
}
