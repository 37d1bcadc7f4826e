package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.load.Caller;
import io.velox.bench.load.OpenLoop;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.client.VeloxClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Whether Velox notices that tastes have changed, and helps itself: the labels of a third of the items are inverted from some moment on. */
public final class DriftBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final String MODEL = "als";
    private static final String JAVA_OPTIONS = "-Xmx1536m -XX:+UseSerialGC";
    private static final int REQUESTS_PER_SECOND = 100;
    private static final int BATCH = 15;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int LOOKS_BETWEEN_LINES = 40;

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public String summary() {
        return "from inverted labels to detection, a new version and recovery, by themselves";
    }

    /**
     * How long there is no drift, how long recovery may take, and how long is looked at what comes after; and the observations after which
     * a version is refreshed.
     */
    private record Pace(Duration quiet, Duration longest, Duration after, int refreshObservations) {}

    @Override
    public Findings run(Setting setting) throws Exception {
        Pace pace = setting.choose(
                new Pace(Duration.ofSeconds(90), Duration.ofMinutes(8), Duration.ofSeconds(30), 150_000),
                new Pace(Duration.ofSeconds(70), Duration.ofMinutes(5), Duration.ofSeconds(5), 120_000));
        KnownRatings ratings =
                KnownRatings.named(setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL), setting);
        Map<String, String> wanted = new HashMap<>(ratings.training().asSettings());
        wanted.put("VELOX_JAVA_OPTIONS", JAVA_OPTIONS);
        wanted.put("VELOX_LIFECYCLE_STALENESS_COOL_DOWN_MINUTES", "1");
        wanted.put("VELOX_LIFECYCLE_SCHEDULE_REFRESH_OBSERVATIONS", Integer.toString(pace.refreshObservations()));
        Map<String, String> settings = setting.veloxSettings(wanted);
        setting.say("starting Velox");
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), setting.scratch(), settings)) {
            VeloxClient client = new VeloxClient(velox.api());
            new FirstVersion(client, velox.api(), setting).goLive(ratings.table());
            DriftTraffic traffic = new DriftTraffic(ratings.table(), BATCH, SEED);
            DriftCourse course = new DriftCourse(client, MODEL, traffic, 1);
            long failed = follow(velox.api(), traffic, course, pace, setting);
            Plot.write(setting.results().resolve(name() + ".png"), List.of(course.plot()));
            List<Figure> figures = new ArrayList<>(course.figures());
            figures.add(Figure.exact("failed", "requests", (double) failed));
            return new Findings(ratings.dataset(), figures, notes(pace, settings));
        }
    }

    private static long follow(URI api, DriftTraffic traffic, DriftCourse course, Pace pace, Setting setting) {
        try (Caller caller = new Caller(api);
                OpenLoop loop = new OpenLoop("observe", caller, REQUESTS_PER_SECOND, traffic::next, reply -> {})) {
            setting.say("ratings as before for " + pace.quiet().toSeconds() + " s");
            look(course, pace.quiet(), false, setting);
            setting.say("tastes drift");
            course.drift();
            look(course, pace.longest(), true, setting);
            look(course, pace.after(), false, setting);
            return loop.failed();
        }
    }

    private static void look(DriftCourse course, Duration duration, boolean endsWithRecovery, Setting setting) {
        long begin = System.nanoTime();
        for (int i = 1; System.nanoTime() - begin < duration.toNanos(); i++) {
            course.look();
            if (i % LOOKS_BETWEEN_LINES == 0) {
                setting.say(course.now());
            }
            if (endsWithRecovery && course.isRecovered()) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static List<String> notes(Pace pace, Map<String, String> settings) {
        return List.of(
                REQUESTS_PER_SECOND * BATCH + " observations per second, " + BATCH
                        + " to a request, open loop: every user rates every item again that the data set says, in a random order and once each"
                        + " before the first comes again; from the drift on, a third of the items, drawn at random, with min + max - label",
                "rmse.*: of the version that answers, each observation scored before it is learnt, over the last "
                        + DriftCourse.WINDOW
                        + "; before: when the drift begins; worst: until recovery; after: at the end",
                "falseAlarms: trainings that Velox began because the version did badly (STALE or DRIFT) in the "
                        + pace.quiet().toSeconds()
                        + " s without drift (observationsWithoutDrift); to*: observations from the drift until Velox began a training for"
                        + " such a cause, until the next version answered, and until the error was within "
                        + DriftCourse.RECOVERED + " times of what it was before; one that is missing did not happen in "
                        + pace.longest().toMinutes() + " minutes",
                "what is inverted becomes so one rating at a time, so that the first training sees a mixture of old and new tastes, and"
                        + " promises no more than it can keep; versions are also refreshed after "
                        + pace.refreshObservations()
                        + " observations each, as they would be anywhere, until most of a third of all ratings has been given again; trainings"
                        + " counts these too",
                "settings: " + settings);
    }
}
