package io.velox.bench.experiment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velox.bench.report.Estimate;
import io.velox.core.config.PredictionCaching;
import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.CachingScorer;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.PredictionCaches;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.Scoring;
import io.velox.serving.users.UserView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** One way to predictions: a version of its own with one setting of the cache, and what requests took. Single writer. */
final class PredictionPath {
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1e3;

    private final LoadedVersion version;
    private final PredictionCaches caches;
    private final CachingScorer scorer;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Histogram nanos = new Histogram(DIGITS);
    private final double[] segmentNanos;
    private final long[] segmentRequests;
    private double hitsBefore;
    private double missesBefore;

    PredictionPath(LoadedVersion version, PredictionCaching caching, long cacheBytes, CpuPool cpu, int segments) {
        this.version = version;
        String model = version.model().id().model();
        this.caches = new PredictionCaches(caching, Set.of(model), cacheBytes, 0, System::nanoTime);
        this.caches.bindTo(meters);
        this.scorer = new CachingScorer(new Scorer(cpu), caches);
        this.segmentNanos = new double[segments];
        this.segmentRequests = new long[segments];
    }

    /** From the parsed request and the user's weights to the scored item; the score. */
    double predict(PredictionRequests requests, int segment) {
        String uid = Integer.toString(requests.user());
        Answering answering = answering(uid, requests);
        List<Item> items = List.of(requests.item());
        long begin = System.nanoTime();
        Scoring scoring = scorer.each(Optional.of(uid), answering, items, scored -> scored)
                .join();
        long taken = System.nanoTime() - begin;
        if (segment >= 0) {
            nanos.recordValue(taken);
            segmentNanos[segment] += taken;
            segmentRequests[segment]++;
        }
        return scoring.items().get(0).score();
    }

    private Answering answering(String uid, PredictionRequests requests) {
        UserWeights weights = new UserWeights(version.model().id(), requests.weights(), 1, LossStatistics.NONE);
        return Answering.in(
                version,
                new UserView(
                        Optional.of(new UserModel(
                                uid, new Revision(0, 0, requests.revision()), 1, false, List.of(weights))),
                        Optional.empty()));
    }

    /** From now on hits count. */
    void beginCounting() {
        hitsBefore = count("hits");
        missesBefore = count("misses");
    }

    /** Among the predictions that were looked up since the count began; 0 where none was. */
    double hitRate() {
        double hits = count("hits") - hitsBefore;
        double lookups = hits + count("misses") - missesBefore;
        return lookups > 0 ? hits / lookups : 0;
    }

    private double count(String what) {
        return meters.find("velox.prediction.cache." + what).functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double bytes() {
        return meters.get("velox.prediction.cache.bytes").gauge().value();
    }

    boolean isOn() {
        return caches.isOn(version.model().id().model());
    }

    /** Microseconds of a request on average, in each segment. */
    double[] segmentMeans() {
        double[] means = new double[segmentNanos.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = segmentNanos[i] / segmentRequests[i] / NANOS_PER_MICRO;
        }
        return means;
    }

    /** Microseconds. */
    Estimate percentile(double percentile) {
        return Estimate.percentile(nanos, percentile).times(1 / NANOS_PER_MICRO);
    }
}
