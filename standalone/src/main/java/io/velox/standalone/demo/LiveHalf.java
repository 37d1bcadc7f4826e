package io.velox.standalone.demo;

import io.velox.client.cli.Progress;
import io.velox.standalone.demo.Split.Parts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The part of the ratings that is observed live: most of it in batches; the last ones of some users alone, one after the other,
 * to time how long an observation takes until an answer knows it. Immutable.
 */
final class LiveHalf {
    /** Requests in which the most of it is sent, so that a small set is observed a few at a time and a large one in a few minutes. */
    private static final int REQUESTS = 5_000;

    private static final int SMALLEST_BATCH = 50;
    private static final int LARGEST_BATCH = 1_000;
    private static final int PROBES = 1100;
    private static final int WARM_UPS = 100;

    private final List<Probe> probes;
    private final Map<String, Integer> keptBack;
    private final long batched;

    /** How long the batches took until all was learnt, and a single observation until an answer knew it. */
    record Times(long batched, double seconds, Percentiles visible) {}

    private record Probe(String uid, Rating rating) {}

    private LiveHalf(List<Probe> probes, Map<String, Integer> keptBack, long batched) {
        this.probes = probes;
        this.keptBack = keptBack;
        this.batched = batched;
    }

    /** Chooses whose last ratings are to be timed: evenly over the users. */
    static LiveHalf of(Stream<Parts> parts, long users) {
        List<Probe> probes = new ArrayList<>();
        Map<String, Integer> keptBack = new HashMap<>();
        long batched = 0;
        long number = 0;
        try (parts) {
            for (Iterator<Parts> i = parts.iterator(); i.hasNext(); number++) {
                Parts user = i.next();
                List<Rating> live = user.live();
                int wanted = (int) ((number + 1) * PROBES / users - number * PROBES / users);
                int kept = Math.min(wanted, live.size());
                if (kept > 0) {
                    keptBack.put(user.uid(), kept);
                    live.subList(live.size() - kept, live.size())
                            .forEach(rating -> probes.add(new Probe(user.uid(), rating)));
                }
                batched += live.size() - kept;
            }
        }
        return new LiveHalf(List.copyOf(probes), Map.copyOf(keptBack), batched);
    }

    /** Observes all of it; the single ones when the job has caught up, so that they wait for nothing but themselves. */
    Times observe(Observer observer, CatchUp catchUp, String model, Stream<Parts> parts, Screen screen) {
        long begin = System.nanoTime();
        try (Progress progress = screen.progress("ratings observed")) {
            int batch = (int) Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, batched / REQUESTS));
            observer.observeAll(parts, this::batchedOf, batch, progress, batched);
        }
        catchUp.await(observer.receipts());
        double seconds = (System.nanoTime() - begin) / 1e9;
        screen.say("All of them are learnt after %s", Progress.duration(seconds));
        Histogram microseconds = Percentiles.microseconds();
        try (Progress progress = screen.progress("observed alone, until visible")) {
            for (int i = 0; i < probes.size(); i++) {
                if (i == WARM_UPS && probes.size() > 2 * WARM_UPS) {
                    microseconds.reset();
                }
                Probe probe = probes.get(i);
                observer.observeUntilVisible(model, probe.uid(), probe.rating(), microseconds);
                progress.add(1, probes.size());
            }
        }
        return new Times(batched, seconds, Percentiles.of(microseconds));
    }

    private List<Rating> batchedOf(Parts user) {
        return user.live().subList(0, user.live().size() - keptBack.getOrDefault(user.uid(), 0));
    }
}
