package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.SyntheticVersion;
import io.velox.bench.front.Cores;
import io.velox.bench.front.FrontProcess;
import io.velox.bench.front.PredictRequests;
import io.velox.bench.load.Barrage;
import io.velox.bench.load.Course;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Three times what a server can do, for a minute: what it still answers, how it refuses the rest, and how it is afterwards. */
public final class OverloadBenchmark implements Benchmark {
    static final Dataset MADE_UP =
            new Dataset("random factors of rank " + SyntheticVersion.RANK + ", seed " + HttpBenchmark.SEED, "", 0);
    static final String SERVER = "the serving tier alone in its process, without log and job: a version of "
            + SyntheticVersion.ITEMS + " items of rank " + SyntheticVersion.RANK
            + " loaded from a store, user models of " + PredictRequests.USERS
            + " users in the cache, predict of one item each, users and items drawn evenly; plain HTTP/1.1 over loopback, no keys";

    private static final double TIMES = 3;

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String summary() {
        return "three times capacity for a minute: what is still answered, and how soon all is as before";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        setting.say("starting a server");
        try (Cores.Hold hold = Cores.holdGenerator();
                FrontProcess server = FrontProcess.predicting(setting);
                Barrage barrage = HttpBenchmark.barrage(server)) {
            setting.say("warming up, and measuring what it can do");
            HttpBenchmark.warm(barrage, setting);
            List<Figure> figures = new ArrayList<>();
            Estimate capacity = capacity(barrage, setting.choose(10, 3), figures);
            double half = capacity.value() / 2;
            setting.say("half of capacity, then three times capacity, then half again");
            Course before = barrage.steady(half, setting.choose(Duration.ofSeconds(20), Duration.ofSeconds(4)));
            Course during = barrage.steady(
                    TIMES * capacity.value(), setting.choose(Duration.ofSeconds(60), Duration.ofSeconds(6)));
            Course after = barrage.steady(half, setting.choose(Duration.ofSeconds(20), Duration.ofSeconds(6)));
            OverloadCourse course = new OverloadCourse(before, during, after);
            course.plot(setting.results().resolve("overload.png"));
            figures.addAll(course.figures(capacity.value()));
            return new Findings(MADE_UP, figures, notes(setting));
        }
    }

    private static Estimate capacity(Barrage barrage, int rounds, List<Figure> figures) throws IOException {
        long refused = 0;
        double[] perSecond = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Course course = barrage.saturating(HttpBenchmark.AT_ONCE_IN_A_ROW, HttpBenchmark.ROUND);
            refused += course.refusedMicros().getTotalCount();
            perSecond[i] = course.answeredPerSecond();
        }
        Estimate capacity = Estimate.median(perSecond);
        figures.add(Figure.of("capacity", "requests/s", capacity));
        figures.add(Figure.exact("capacity.refused", "requests", (double) refused));
        return capacity;
    }

    private static List<String> notes(Setting setting) {
        return List.of(
                SERVER,
                Cores.note(),
                "capacity: answers per second with " + HttpBenchmark.AT_ONCE_IN_A_ROW + " requests under way on "
                        + HttpBenchmark.CONNECTIONS
                        + " connections, the next sent when one is answered (capacity.refused: those refused meanwhile); that is more than with one request on each at a time"
                        + " (http: capacity), and what the server does under overload is of the same kind: where no connection is free,"
                        + " requests go out behind others (pipelining), so that all arrive when they are due",
                "before and after: half of capacity; during: " + TIMES
                        + " times capacity; open loop, each request timed from when it was due, also where it was sent late",
                "goodputShare: answers with 200 during the overload, per second, over capacity; its interval is that of its windows of "
                        + Course.WINDOW.toMillis() + " ms; failed: neither answered nor refused with 503",
                "recoverySeconds: from the end of the overload until the first of four windows in a row in which nothing was refused and"
                        + " the 99th percentile was no higher than in the worst window before",
                "settings: " + setting.veloxSettings(Map.of()));
    }
}
