package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.bench.load.Caller;
import io.velox.bench.load.OpenLoop;
import io.velox.bench.load.Reply;
import io.velox.bench.load.Timings;
import io.velox.bench.node.StandaloneProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Steady predictions, topks and observations from the moment it is made, with what is seen of their answers. Seconds count from there. */
final class SwapLoad implements AutoCloseable {
    /** Requests per second, by operation. */
    static final Map<String, Integer> RATES = rates();

    private static final int CHECKED_OF_STILL = 4;
    private static final int CHECKED_OF_OBSERVED = 200;

    private final long begin = System.nanoTime();
    private final Caller caller;
    private final SwapRequests requests;
    private final Consumer<JsonNode> sampled;
    private final Map<String, Timings> timings = new LinkedHashMap<>();
    private final Map<String, OpenLoop> loops = new LinkedHashMap<>();
    private final Map<Integer, Double> firstAnswers = new ConcurrentHashMap<>();
    private final HitRates hitRates = new HitRates();
    private final AtomicLong still = new AtomicLong();
    private final AtomicLong observed = new AtomicLong();
    private final AtomicLong degraded = new AtomicLong();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bench-sampler");
        thread.setDaemon(true);
        return thread;
    });

    private static Map<String, Integer> rates() {
        Map<String, Integer> rates = new LinkedHashMap<>();
        rates.put("predict", 300);
        rates.put("topk", 100);
        rates.put("observe", 100);
        return rates;
    }

    /**
     * @param sampled is given some of the answers to predict and topk, on the caller's thread
     * @param share of the rates, 1 for all
     */
    SwapLoad(StandaloneProcess velox, SwapRequests requests, Consumer<JsonNode> sampled, double share) {
        this.requests = requests;
        this.sampled = sampled;
        this.caller = new Caller(velox.api());
        RATES.keySet().forEach(operation -> timings.put(operation, new Timings(begin)));
        var unused = sampler.scheduleAtFixedRate(
                () -> hitRates.add(now(), velox.metrics().now()), 0, 1, TimeUnit.SECONDS);
        RATES.forEach((operation, rate) -> loops.put(
                operation,
                new OpenLoop(
                        operation,
                        caller,
                        share * rate,
                        switch (operation) {
                            case "predict" -> requests::predict;
                            case "topk" -> requests::topK;
                            default -> requests::observe;
                        },
                        operation.equals("observe") ? reply -> {} : this::answered,
                        timing(operation))));
    }

    private void answered(Reply reply) {
        JsonNode answer = reply.json();
        firstAnswers.computeIfAbsent(answer.path("version").asInt(), version -> now());
        if (answer.hasNonNull("degraded")) {
            degraded.incrementAndGet();
        }
        boolean isChecked = requests.isStill(answer.path("uid").asText())
                ? still.incrementAndGet() % CHECKED_OF_STILL == 0
                : observed.incrementAndGet() % CHECKED_OF_OBSERVED == 0;
        if (isChecked) {
            sampled.accept(answer);
        }
    }

    /** Seconds since the load began. */
    double now() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** When a version first answered. */
    double firstAnswer(int version) {
        Double seconds = firstAnswers.get(version);
        if (seconds == null) {
            throw new IllegalStateException("version " + version + " never answered, but " + firstAnswers);
        }
        return seconds;
    }

    HitRates hitRates() {
        return hitRates;
    }

    Timings timing(String operation) {
        Timings found = timings.get(operation);
        if (found == null) {
            throw new IllegalArgumentException(
                    "operation must be one of " + timings.keySet() + ", but is " + operation);
        }
        return found;
    }

    /** The latencies of all operations together, in microseconds. */
    Histogram all(double from, double to) {
        Histogram all = new Histogram(3);
        timings.values().forEach(timing -> timing.addTo(all, from, to));
        return all;
    }

    /** Answers that said that something was not as it should be. */
    long degraded() {
        return degraded.get();
    }

    /** Answers to predict and topk. */
    long answers() {
        return still.get() + observed.get();
    }

    long failed() {
        return loops.values().stream().mapToLong(OpenLoop::failed).sum();
    }

    /** What failed, in words. */
    List<String> failures() {
        return loops.entrySet().stream()
                .filter(loop -> loop.getValue().failed() > 0)
                .map(loop -> loop.getKey() + ": " + loop.getValue().failures())
                .toList();
    }

    /** Sends no more. */
    @Override
    public void close() {
        loops.values().forEach(OpenLoop::close);
        caller.close();
        sampler.shutdownNow();
    }
}
