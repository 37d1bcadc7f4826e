package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import io.velox.serving.log.ObservationLog;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1/observe}: one observation, or an array of them, into the log. All of an array are checked before any is appended.
 */
record Observe(ObservationReader reader, ObservationLog log, ServingConfiguration limits) implements Operation {
    /** Of one observation. */
    record Receipt(Revision receipt) {}

    /** Of an array, in its order. */
    record Receipts(List<Revision> receipts) {}

    @Override
    public Future<Reply> answer(Call call) {
        JsonNode json = call.json();
        if (!json.isArray()) {
            return appended(call, log, reader.read("body", json));
        }
        if (json.size() > limits.maxObservations()) {
            throw Fields.invalid(
                    "body", "must have at most " + limits.maxObservations() + " observations, but has " + json.size());
        }
        if (json.isEmpty()) {
            return Future.succeededFuture(Reply.ok(new Receipts(List.of())));
        }
        List<UserRecord> records = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            records.add(reader.read("[" + i + "]", json.get(i)));
        }
        return call.await(log.append(records)).map(receipts -> Reply.ok(new Receipts(receipts)));
    }

    /** Appends one record and answers with its receipt. */
    static Future<Reply> appended(Call call, ObservationLog log, UserRecord record) {
        return call.await(log.append(List.of(record))).map(receipts -> Reply.ok(new Receipt(receipts.get(0))));
    }
}
