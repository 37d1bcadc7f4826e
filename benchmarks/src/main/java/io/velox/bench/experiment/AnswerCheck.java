package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.client.UserState;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes answers from the version that they name: the items' features from that version's files, the user's weights in it as the API
 * gives them at the answer's own revision, or the mean of its prior. Checks run on the thread {@code bench-check}, one after the other;
 * answers may be offered by any thread.
 */
final class AnswerCheck implements AutoCloseable {
    /** More is no rounding. */
    static final double TOLERANCE = 1e-6;

    private static final int MAX_WAITING = 1_000;
    private static final int MAX_REPORTED = 5;
    private static final long POLL_MS = 100;
    private static final long END_MS = 30_000;

    private final VeloxClient client;
    private final String model;
    private final ModelStore store;
    private final Consumer<String> say;
    private final BlockingQueue<JsonNode> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<Integer, VeloxModel> versions = new HashMap<>();
    private final Thread thread = new Thread(this::run, "bench-check");
    private volatile boolean isOver;
    private volatile long checked;
    private volatile long skipped;
    private volatile long mixed;
    private volatile @Nullable RuntimeException failure;

    AnswerCheck(VeloxClient client, String model, URI store, Consumer<String> say) {
        this.client = client;
        this.model = model;
        this.store = ModelStore.open(store, Map.of());
        this.say = say;
        thread.setDaemon(true);
        thread.start();
    }

    /** Has an answer to predict or topk checked, unless too many wait. */
    void offer(JsonNode answer) {
        boolean unused = waiting.offer(answer);
    }

    private void run() {
        try {
            while (!isOver || !waiting.isEmpty()) {
                JsonNode answer = waiting.poll(POLL_MS, TimeUnit.MILLISECONDS);
                if (answer != null) {
                    check(answer);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
    private void check(JsonNode answer) {
        VeloxModel version = versions.computeIfAbsent(answer.path("version").asInt(), this::open);
        Optional<double[]> weights = weights(answer, version);
        if (weights.isEmpty()) {
            skipped++;
            return;
        }
        checked++;
        JsonNode scores = answer.has("predictions") ? answer.path("predictions") : answer.path("items");
        for (JsonNode scored : scores) {
            String item = scored.path("item").asText();
            Optional<FeatureVector> features = version.features(Item.ofId(item));
            double score = scored.path("score").asDouble();
            double expected = features.map(f -> f.score(weights.get())).orElse(Double.NaN);
            if (!(Math.abs(score - expected) <= TOLERANCE)) {
                if (++mixed <= MAX_REPORTED) {
                    say.accept("MIXED: item " + item + " must be " + expected + " in " + answer);
                }
                return;
            }
        }
    }

    /** Those of the answer; empty if they can no longer be had, because the user has moved on or the version is no longer loaded. */
    private Optional<double[]> weights(JsonNode answer, VeloxModel version) {
        if (answer.path("source").asText().equals("prior")) {
            return Optional.of(version.prior().mean());
        }
        UserState user;
        try {
            user = client.userIn(answer.path("uid").asText(), version.id().version());
        } catch (VeloxClientException e) {
            return Optional.empty();
        }
        UserState.Weights weights = user.models().get(model);
        if (weights == null
                || weights.version() != version.id().version()
                || !answer.path("revision").asText().equals(user.revision())) {
            return Optional.empty();
        }
        return Optional.of(weights.weights());
    }

    private VeloxModel open(int version) {
        return store.open(store.readManifest(ModelStore.manifestAddress(new ModelVersion(model, version))));
    }

    /** How many answers were recomputed. */
    long checked() {
        return checked;
    }

    /** How many could not be. */
    long skipped() {
        return skipped;
    }

    /** How many were not what the version that they name says. */
    long mixed() {
        return mixed;
    }

    /**
     * Checks what still waits, and ends.
     *
     * @throws IllegalStateException if checking came to a stop before
     */
    @Override
    public void close() {
        isOver = true;
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
        RuntimeException stopped = failure;
        if (stopped != null) {
            throw new IllegalStateException("answers could not be checked", stopped);
        }
    }
}
