package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.front.BareCore;
import io.velox.bench.front.Cores;
import io.velox.bench.front.FrontProcess;
import io.velox.bench.front.PredictRequests;
import io.velox.bench.load.Barrage;
import io.velox.bench.load.Course;
import io.velox.bench.node.StolenTime;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What of the time of a request over HTTP is the prediction, and how long requests take at half of what the server can do. */
public final class HttpBenchmark implements Benchmark {
    static final int CONNECTIONS = 64;
    static final int AT_ONCE_IN_A_ROW = 4 * CONNECTIONS;
    static final long SEED = 42;
    static final Duration ROUND = Duration.ofSeconds(3);

    private static final Duration HALF_ROUND = Duration.ofSeconds(10);

    private static final int WARMING_ROUNDS = 10;
    private static final Duration WARMING_HALF = Duration.ofSeconds(90);

    /** More than a generator may have to do besides waiting, if the server is to be what is measured. */
    private static final double LEAST_IDLE = 0.02;

    private final List<Double> idle = new ArrayList<>();
    private long refused;

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String summary() {
        return "predict over HTTP beside a constant answer behind the same checks; latency at half of capacity";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        setting.say("starting two servers: one predicts, one answers always the same");
        try (Cores.Hold hold = Cores.holdGenerator();
                FrontProcess predicting = FrontProcess.predicting(setting);
                FrontProcess repeating = FrontProcess.repeating(setting);
                Barrage predict = warmed(predicting, setting);
                // Connected only now: the server closes a connection on which nothing comes for half a minute.
                Barrage constant = warmed(repeating, setting)) {
            List<Figure> figures = new ArrayList<>();
            double[] capacity = compare("", CONNECTIONS, predict, constant, figures, setting);
            var unused = compare("inARow.", AT_ONCE_IN_A_ROW, predict, constant, figures, setting);
            figures.add(Figure.exact("capacity.refused", "requests", (double) refused));
            double half = Estimate.median(capacity).value() / 2;
            setting.say("half of capacity: " + Math.round(half) + " requests/s");
            figures.add(Figure.exact("half.offered", "requests/s", half));
            boolean mayGoFirst = Cores.mayGoFirst();
            SteadyLoad predictions = new SteadyLoad(predict);
            SteadyLoad first = new SteadyLoad(predict);
            SteadyLoad constants = new SteadyLoad(constant);
            BareCore bare = new BareCore(setting);
            Histogram bareMicros = new Histogram(SteadyLoad.DIGITS);
            long work = Math.round(1e9 / (2 * half));
            // Requests that come singly take other paths than those that come in rows, and the compiler shares the
            // server's core.
            Duration warming = setting.choose(WARMING_HALF, ROUND);
            predict.steady(half, warming);
            constant.steady(half, warming);
            for (int i = 0; i < setting.choose(6, 1); i++) {
                predictions.round(half, HALF_ROUND);
                if (mayGoFirst) {
                    predicting.setEventLoopsFirst(true);
                    first.round(half, HALF_ROUND);
                    predicting.setEventLoopsFirst(false);
                }
                constants.round(half, HALF_ROUND);
                bareMicros.add(bare.steady(half, work, HALF_ROUND));
            }
            figures.addAll(predictions.figures(""));
            if (mayGoFirst) {
                figures.addAll(first.figures("first."));
            }
            figures.addAll(constants.figures("constant."));
            figures.addAll(SteadyLoad.latencies("bare.", bareMicros));
            figures.add(Figure.of("generator.idleShare", "", Estimate.median(array(idle))));
            return new Findings(OverloadBenchmark.MADE_UP, figures, notes(warming, setting));
        }
    }

    /** Requests to a server that has answered so many that everything is compiled that will be, or has done so for a minute. */
    static Barrage warmed(FrontProcess server, Setting setting) throws IOException {
        setting.say("warming up");
        Barrage barrage = new Barrage(server.address(), CONNECTIONS, PredictRequests.of(server.address(), SEED));
        long answered = 0;
        for (int i = 0; i < WARMING_ROUNDS && answered < setting.choose(1_500_000, 500_000); i++) {
            answered += barrage.saturating(CONNECTIONS, ROUND).micros().getTotalCount();
            answered += barrage.saturating(AT_ONCE_IN_A_ROW, ROUND).micros().getTotalCount();
        }
        return barrage;
    }

    /** Answers per second of both, in turn; returns those of predictions. */
    private double[] compare(
            String prefix, int atOnce, Barrage predict, Barrage constant, List<Figure> figures, Setting setting)
            throws IOException {
        int rounds = setting.choose(10, 2);
        setting.say(rounds + " rounds with " + atOnce + " requests under way");
        double[] predictions = new double[rounds];
        double[] constants = new double[rounds];
        double[] shares = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Course one = saturating(predict, atOnce);
            Course other = saturating(constant, atOnce);
            predictions[i] = one.answeredPerSecond();
            constants[i] = other.answeredPerSecond();
            shares[i] = predictions[i] / constants[i];
            if (i == 0) {
                figures.add(Figure.exact(prefix + "answerBytes", "B", one.answerBytes()));
                figures.add(Figure.exact(prefix + "constant.answerBytes", "B", other.answerBytes()));
            }
        }
        figures.add(Figure.of(prefix + "capacity", "requests/s", Estimate.median(predictions)));
        figures.add(Figure.of(prefix + "constant.capacity", "requests/s", Estimate.median(constants)));
        figures.add(Figure.of(prefix + "shareOfConstant", "", Estimate.median(shares)));
        return predictions;
    }

    private Course saturating(Barrage barrage, int atOnce) throws IOException {
        Course course = barrage.saturating(atOnce, ROUND);
        refused += course.refusedMicros().getTotalCount();
        if (course.failed() > 0) {
            throw new IllegalStateException(course.failed() + " requests failed");
        }
        if (course.idleShare() < LEAST_IDLE) {
            throw new IllegalStateException("the load generator is busy all the time: it would be what is measured");
        }
        idle.add(course.idleShare());
        return course;
    }

    private static double[] array(List<Double> list) {
        double[] array = new double[list.size()];
        Arrays.setAll(array, list::get);
        return array;
    }

    private static List<String> notes(Duration warming, Setting setting) {
        return List.of(
                OverloadBenchmark.SERVER,
                Cores.note(),
                "constant: the same server, of which predict is routed, let in, read and checked in the same way, and answered with the"
                        + " bytes of its first answer; both run all the time, and are measured in turn",
                "capacity: answers per second with one request under way on each of " + CONNECTIONS
                        + " connections, the next sent when it is answered; inARow: " + AT_ONCE_IN_A_ROW
                        + " under way on as many connections, so that several share a packet (pipelining); capacity.refused: of all of these"
                        + " together, because the machine did something else for too long",
                SteadyLoad.NOTE,
                "first.half: the same server in turn with its event loops before all other threads of the core, by `velox event-loops first`;"
                        + " left out where threads may not be given that priority",
                "constant.half: the constant answer at the same rate, in turn; " + warming.toSeconds()
                        + " s of each at that rate before them do not count",
                "bare.half: in turn with both, a loop on the server's core that spends at each of the same moments, on nothing, the time in which"
                        + " the server at its capacity answers one request: what the machine itself withholds",
                StolenTime.NOTE,
                "generator.idleShare: of its time while the server is at capacity",
                "settings: " + setting.veloxSettings(Map.of()));
    }
}
