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
                Barrage barrage = HttpBenchmark.warmed(server, setting)) {
            setting.say("measuring what it can do");
            int rounds = setting.choose(10, 3);
            Estimate capacity = capacity(barrage, HttpBenchmark.CONNECTIONS, rounds);
            Estimate inARow = capacity(barrage, HttpBenchmark.AT_ONCE_IN_A_ROW, rounds);
            double half = capacity.value() / 2;
            setting.say("half of capacity, then three times capacity, then half again");
            Course before = barrage.steady(half, setting.choose(Duration.ofSeconds(20), Duration.ofSeconds(4)));
            Course during = barrage.steady(
                    TIMES * capacity.value(), setting.choose(Duration.ofSeconds(60), Duration.ofSeconds(6)));
            Course after = barrage.steady(half, setting.choose(Duration.ofSeconds(20), Duration.ofSeconds(6)));
            OverloadCourse course = new OverloadCourse(before, during, after);
            course.plot(setting.results().resolve("overload.png"));
            List<Figure> figures = new ArrayList<>();
            figures.add(Figure.of("capacity", "requests/s", capacity));
            figures.add(Figure.of("inARow.capacity", "requests/s", inARow));
            figures.addAll(course.figures(capacity.value(), inARow.value()));
            return new Findings(MADE_UP, figures, notes(setting));
        }
    }

    /** Answers per second, with so many requests under way. */
    private static Estimate capacity(Barrage barrage, int atOnce, int rounds) throws IOException {
        double[] perSecond = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            perSecond[i] = barrage.saturating(atOnce, HttpBenchmark.ROUND).answeredPerSecond();
        }
        return Estimate.median(perSecond);
    }

    private static List<String> notes(Setting setting) {
        return List.of(
                SERVER,
                Cores.note(),
                "capacity: answers per second with one request under way on each of " + HttpBenchmark.CONNECTIONS
                        + " connections, the next sent when it is answered; inARow.capacity: the same with "
                        + HttpBenchmark.AT_ONCE_IN_A_ROW
                        + " under way, so that several share a packet (pipelining). Under overload no connection is free, and requests go out"
                        + " behind others, so that all arrive when they are due: they share packets, and answers and refusals both cost less;"
                        + " goodputShare is of capacity, goodputShareInARow of inARow.capacity",
                "before and after: half of capacity; during: " + TIMES
                        + " times capacity; open loop, each request timed from when it was due, also where it was sent late",
                "goodputShare: answers with 200 during the overload, per second, over capacity; its interval is that of its windows of "
                        + Course.WINDOW.toMillis() + " ms; failed: neither answered nor refused with 503",
                "recoverySeconds: from the end of the overload until the first of four windows in a row in which nothing was refused and"
                        + " the 99th percentile was no higher than in the worst window before",
                "settings: " + setting.veloxSettings(Map.of()));
    }
}
