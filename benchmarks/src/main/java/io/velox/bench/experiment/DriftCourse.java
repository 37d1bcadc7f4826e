package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.client.Model;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What was seen of a model while tastes drifted, by the number of observations made. Confined to one thread. */
final class DriftCourse {
    /** Observations over which the error is taken. */
    static final int WINDOW = 5_000;

    /** The error has recovered within this factor of what it was before. */
    static final double RECOVERED = 1.05;

    private final VeloxClient client;
    private final String model;
    private final DriftTraffic traffic;
    private final int first;
    private final WindowedLoss loss = new WindowedLoss(WINDOW);
    private final List<double[]> errors = new ArrayList<>();
    private final List<Long> lives = new ArrayList<>();
    private final Map<Integer, Long> unexplained = new TreeMap<>();
    private int newest;
    private int active;
    private int trainings;
    private int falseAlarms;
    private long begin = -1;
    private long drift = -1;
    private long detection = -1;
    private long recovery = -1;
    private double before = Double.NaN;
    private double worst;
    private double now = Double.NaN;

    /** @param first the version that answers at the beginning */
    DriftCourse(VeloxClient client, String model, DriftTraffic traffic, int first) {
        this.client = client;
        this.model = model;
        this.traffic = traffic;
        this.first = first;
        this.newest = first;
        this.active = first;
    }

    /** Looks once. */
    void look() {
        long made = traffic.made();
        begin = begin < 0 ? made : begin;
        Model seen = client.model(model);
        int latest = Math.max(
                seen.versions().stream().mapToInt(Model.Version::version).max().orElse(first),
                Optional.ofNullable(seen.training())
                        .map(Model.Training::version)
                        .orElse(first));
        if (latest > newest) {
            trainings += latest - newest;
            newest = latest;
            unexplained.put(latest, made);
        }
        unexplained.entrySet().removeIf(training -> explain(training.getKey(), training.getValue()));
        int answering = seen.active().map(Model.Version::version).orElse(active);
        if (answering != active) {
            active = answering;
            lives.add(made);
        }
        for (JsonNode version : client.health(model).path("versions")) {
            JsonNode total = version.path("loss");
            loss.look(
                    version.path("version").asInt(),
                    total.path("count").asLong(),
                    total.path("mean").asDouble());
        }
        OptionalDouble error = loss.rmse(active);
        if (error.isPresent()) {
            judge(made, error.getAsDouble());
        }
    }

    /** Whether the history says by now what began the training; an alarm if it was that the version that answers does badly. */
    private boolean explain(int version, long made) {
        JsonNode history;
        try {
            history = client.history(model, version);
        } catch (VeloxClientException e) {
            if (e.status() == 404) { // it is written a little later
                return false;
            }
            throw e;
        }
        for (JsonNode event : history.path("events")) {
            String trigger = event.path("origin").path("cause").path("trigger").asText();
            if (trigger.equals("STALE") || trigger.equals("DRIFT")) {
                alarm(made);
            }
            if (!trigger.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void alarm(long made) {
        if (drift < 0 || made < drift) {
            falseAlarms++;
        } else if (detection < 0) {
            detection = made;
        }
    }

    private void judge(long made, double error) {
        now = error;
        errors.add(new double[] {made, error});
        if (drift >= 0 && recovery < 0) {
            worst = Math.max(worst, error);
            if (!lives.isEmpty() && error <= RECOVERED * before) {
                recovery = made;
            }
        }
    }

    /** Tastes drift from now on. */
    void drift() {
        before = now;
        worst = now;
        drift = traffic.made();
        traffic.drift();
    }

    boolean isRecovered() {
        return recovery >= 0;
    }

    /** What it is doing, in a line. */
    String now() {
        return String.format(
                "%,d observations, RMSE %.4f, version %d answers, %d trainings",
                traffic.made(), now, active, trainings);
    }

    /** Observations are counted from the drift, unless said otherwise; what has not happened is not among them. */
    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.exact("falseAlarms", "trainings", falseAlarms));
        figures.add(Figure.exact("observationsWithoutDrift", "observations", (double) (drift - begin)));
        since("toDetection", detection, figures);
        since("toNewVersion", lives.isEmpty() ? -1 : lives.get(0), figures);
        since("toRecovery", recovery, figures);
        figures.add(Figure.exact("recovered", "", isRecovered() ? 1 : 0));
        figures.add(Figure.exact("trainings", "trainings", trainings));
        figures.add(Figure.exact("versionsLive", "versions", lives.size()));
        figures.add(Figure.exact("rmse.before", "", before));
        figures.add(Figure.exact("rmse.worst", "", worst));
        figures.add(Figure.exact("rmse.after", "", now));
        return figures;
    }

    private void since(String name, long made, List<Figure> figures) {
        if (made >= 0) {
            figures.add(Figure.exact(name, "observations", (double) (made - drift)));
        }
    }

    Plot plot() {
        Plot plot = new Plot(
                        "Error of the version that answers, over the last " + WINDOW, "thousand observations", "RMSE")
                .line(
                        "RMSE",
                        errors.stream().mapToDouble(e -> e[0] / 1e3).toArray(),
                        errors.stream().mapToDouble(e -> e[1]).toArray());
        mark(plot, "drift", drift);
        mark(plot, "detected", detection);
        for (int i = 0; i < lives.size(); i++) {
            mark(plot, "new version " + (i + 1), lives.get(i));
        }
        mark(plot, "recovered", recovery);
        return plot;
    }

    private static void mark(Plot plot, String name, long made) {
        if (made >= 0) {
            plot.mark(name, made / 1e3);
        }
    }
}
