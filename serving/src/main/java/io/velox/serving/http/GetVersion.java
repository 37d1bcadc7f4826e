package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /v1/models/{model}/versions/{version}}: the state in the catalogue, and the manifest with prior and noise. A version
 * whose manifest is corrupt is answered without it and marked as degraded.
 */
record GetVersion(ServedModels models, LiveModels live, CpuPool cpu) implements Operation {
    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        CatalogueEntry.Version version = models.version(entry, call.version());
        return call.await(manifest(entry.id(version)))
                .compose(manifest -> {
                    long d = manifest.dimension();
                    return call.await(cpu.compute(100 * d * d, () -> Reply.ok(view(entry, version, manifest))));
                })
                .recover(e -> Problem.cause(e) instanceof VeloxException v && v.code() == ErrorCode.CORRUPT_MODEL
                        ? Future.succeededFuture(Reply.ok(
                                head(entry, version).put("degraded", "the manifest cannot be read: " + v.getMessage())))
                        : Future.failedFuture(e));
    }

    private CompletableFuture<Manifest> manifest(ModelVersion id) {
        Optional<LoadedVersion> loaded = live.loaded(id);
        return loaded.isPresent()
                ? CompletableFuture.completedFuture(loaded.get().manifest())
                : live.manifest(id);
    }

    private static ObjectNode view(CatalogueEntry entry, CatalogueEntry.Version version, Manifest manifest) {
        ObjectNode view = head(entry, version);
        ObjectNode stored = RecordCodec.mapper().valueToTree(manifest);
        for (Map.Entry<String, JsonNode> field : stored.properties()) {
            view.putIfAbsent(field.getKey(), field.getValue());
        }
        return view;
    }

    private static ObjectNode head(CatalogueEntry entry, CatalogueEntry.Version version) {
        ObjectMapper json = RecordCodec.mapper();
        ObjectNode head = json.createObjectNode().put("model", entry.model());
        return head.setAll(json.<ObjectNode>valueToTree(ModelView.Version.of(version)));
    }
}
