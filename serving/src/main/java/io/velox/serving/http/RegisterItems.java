package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.ItemRecord;
import io.velox.core.model.ModelKind;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.log.ItemLog;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code POST /v1/models/{model}/items}: registers an item, or an array of them, with what is known of them. All of an array are checked before any is
 * appended.
 */
record RegisterItems(ServedModels models, ItemLog log, ItemRegistry registry, ServingConfiguration limits, Clock clock)
        implements Operation {
    private static final Set<String> FIELDS = Set.of("item", "metadata");

    /** Of one item. */
    record Registered(String item, long revision) {}

    /** Of an array, in its order. */
    record Revisions(List<Long> revisions) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        checkKind(entry);
        JsonNode json = call.json();
        Instant now = clock.instant();
        if (!json.isArray()) {
            return one(call, read(entry.model(), "body", json, now));
        }
        if (json.size() > limits.maxItems()) {
            throw Fields.tooMuch("body", "must have at most " + limits.maxItems() + " items, but has " + json.size());
        }
        List<ItemRecord> records = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            records.add(read(entry.model(), "[" + i + "]", json.get(i), now));
        }
        return call.await(log.append(records)).map(revisions -> Reply.ok(new Revisions(revisions)));
    }

    /** 201 for an item of which this node has read no registration yet. */
    private Future<Reply> one(Call call, ItemRecord record) {
        boolean isNew = registry.find(record.key()).isEmpty();
        return call.await(log.append(List.of(record))).map(revisions -> {
            Registered registered = new Registered(record.item(), revisions.get(0));
            return isNew
                    ? Reply.json(201, registered).with(Map.of("Location", location(record)))
                    : Reply.ok(registered);
        });
    }

    private static String location(ItemRecord record) {
        return "/v1/models/" + record.model() + "/items/"
                + URLEncoder.encode(record.item(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Refuses models whose features are computed from the item itself. */
    static void checkKind(CatalogueEntry entry) {
        if (entry.kind() != ModelKind.ALS) {
            throw VeloxException.ofField(
                    ErrorCode.NOT_TRAINABLE,
                    "model",
                    "model '" + entry.model() + "' computes its features from the item: there is nothing to register");
        }
    }

    private static ItemRecord read(String model, String place, JsonNode json, Instant now) {
        Fields fields = Fields.of(place, json, FIELDS);
        String item = fields.id("item");
        Metadata metadata = fields.optional("metadata")
                .map(given -> fields.inside(() -> Metadata.ofJson(given)))
                .orElse(Metadata.NONE);
        return new ItemRecord(model, item, metadata, now);
    }
}
