package io.velox.serving.predict;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.velox.core.config.PredictionCaching;
import io.velox.core.model.ModelVersion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The predictions that a node keeps, model by model. Safe for use from any thread; nothing blocks. */
public final class PredictionCaches {
    private static final long SWEEP_SECONDS = 10;

    private final Map<String, ModelPredictions> models;
    private final PredictionCaching caching;
    private final Ticker ticker;

    /**
     * @param models by name
     * @param maxBytes of the predictions of each model
     * @param tolerance by how much, in units of the label, a kept prediction may differ from a computed one
     * @param ticker by which requests are timed
     */
    public PredictionCaches(
            PredictionCaching caching, Collection<String> models, long maxBytes, double tolerance, Ticker ticker) {
        this.caching = caching;
        this.ticker = ticker;
        this.models = caching == PredictionCaching.OFF
                ? Map.of()
                : models.stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Function.identity(),
                                model -> new ModelPredictions(model, caching, maxBytes, tolerance, ticker)));
    }

    /** Meters of each model, as {@code velox_prediction_cache_*}. */
    public void bindTo(MeterRegistry registry) {
        models.forEach((model, predictions) -> bind(registry, Tags.of("model", model), predictions));
    }

    private void bind(MeterRegistry registry, Tags model, ModelPredictions predictions) {
        FunctionCounter.builder("velox.prediction.cache.hits", predictions, p -> p.hits.sum())
                .tags(model)
                .description("predictions that were there and held")
                .register(registry);
        FunctionCounter.builder("velox.prediction.cache.misses", predictions, p -> p.misses.sum())
                .tags(model)
                .description("predictions that were looked up and had to be computed")
                .register(registry);
        FunctionTimer.builder(
                        "velox.prediction.cache.loads",
                        predictions,
                        p -> p.loads.sum(),
                        p -> p.loadNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .tags(model)
                .description("computations of what a request had missed, features included")
                .register(registry);
        Gauge.builder("velox.prediction.cache.bytes", predictions, ModelPredictions::bytes)
                .tags(model)
                .register(registry);
        Gauge.builder("velox.prediction.cache.on", predictions, p -> p.isOn() ? 1 : 0)
                .tags(model)
                .description("whether predictions are kept of more users than those for whom it is tried")
                .register(registry);
        if (caching == PredictionCaching.AUTO) {
            Gauge.builder("velox.prediction.cache.request.nanos", predictions, ModelPredictions::cachedNanos)
                    .tags(model.and("path", "cached"))
                    .description("what a request takes through the cache, and computed, as measured with some users")
                    .register(registry);
            Gauge.builder("velox.prediction.cache.request.nanos", predictions, ModelPredictions::computedNanos)
                    .tags(model.and("path", "computed"))
                    .register(registry);
        }
    }

    /** Begins to forget versions that are no longer loaded, every ten seconds. */
    public void start(ScheduledExecutorService executor, Predicate<ModelVersion> isLoaded) {
        var unused =
                executor.scheduleWithFixedDelay(() -> sweep(isLoaded), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    void sweep(Predicate<ModelVersion> isLoaded) {
        models.forEach((model, predictions) ->
                predictions.keepOnly(version -> isLoaded.test(new ModelVersion(model, version))));
    }

    Optional<ModelPredictions> of(String model) {
        return Optional.ofNullable(models.get(model));
    }

    long nanoTime() {
        return ticker.read();
    }

    /** Whether the model's predictions are kept of more users than those for whom it is tried. */
    public boolean isOn(String model) {
        return of(model).filter(ModelPredictions::isOn).isPresent();
    }
}
