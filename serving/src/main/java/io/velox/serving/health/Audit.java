package io.velox.serving.health;

import io.velox.core.error.Whereabouts;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.Posterior;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recomputes the weights of some users each minute from their histories, and compares them with those that are being served; the
 * leave-one-out residuals over the same histories cross-validate each version. A user who has moved on since is passed over.
 *
 * <p>Single writer, on the executor that it is given; the last pass may be read from any thread.
 */
public final class Audit {
    /** A larger difference of a weight is more than rounding: the job's weights stay within 1e-9 of a fresh solve. */
    static final double TOLERANCE = 1e-6;

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    private static final long PERIOD_SECONDS = 60;

    private final IntFunction<List<UserModel>> served;
    private final Users users;
    private final LiveModels models;
    private final int usersPerPass;
    private final Clock clock;
    private volatile AuditPass last = AuditPass.NONE;

    /**
     * An audit that has not run yet.
     *
     * @param served draws so many of the models that this node answers from
     * @param usersPerPass 0 for no audits
     */
    public Audit(IntFunction<List<UserModel>> served, Users users, LiveModels models, int usersPerPass, Clock clock) {
        this.served = served;
        this.users = users;
        this.models = models;
        this.usersPerPass = usersPerPass;
        this.clock = clock;
    }

    /** Begins to audit each minute. */
    public void start(ScheduledExecutorService executor) {
        if (usersPerPass > 0) {
            var unused =
                    executor.scheduleAtFixedRate(this::runOrLog, PERIOD_SECONDS / 2, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What the last pass found; {@link AuditPass#NONE} before the first. */
    public AuditPass last() {
        return last;
    }

    private void runOrLog() {
        try {
            run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("an audit failed: {}", Whereabouts.of(e));
        }
    }

    /** One pass; blocks while the job is asked. A user whose state cannot be read is passed over. */
    void run() throws InterruptedException {
        Findings findings = new Findings();
        for (UserModel model : served.apply(usersPerPass)) {
            try {
                UserSnapshot snapshot = users.snapshot(model.uid(), Optional.empty(), READ_TIMEOUT)
                        .get(2 * READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                if (snapshot.model()
                        .filter(m -> m.revision().equals(model.revision()))
                        .isPresent()) {
                    compare(model, snapshot, findings);
                }
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("a user could not be audited: {}", e.toString());
            }
        }
        last = findings.pass();
        last.models().forEach((model, audit) -> {
            if (audit.differing() > 0) {
                LOG.error(
                        "{}: the weights of {} of {} audited users are not what their histories say, by up to {}",
                        model,
                        audit.differing(),
                        audit.users(),
                        audit.maxDifference());
            }
        });
    }

    private void compare(UserModel model, UserSnapshot snapshot, Findings findings) {
        Map<String, Double> differences = new HashMap<>();
        for (UserWeights weights : model.weights()) {
            models.loaded(weights.version()).ifPresent(version -> {
                VeloxModel loaded = version.model();
                Posterior posterior = Posterior.of(loaded, snapshot.history());
                differences.merge(
                        loaded.id().model(),
                        maxDifference(posterior.learner().weights(), weights.weights()),
                        Math::max);
                findings.crossValidation.merge(loaded.id(), posterior.leaveOneOut(), LossMoments::plus);
            });
        }
        differences.forEach(findings::add);
    }

    /** The largest number of all where a weight is no finite number: such weights are never right. */
    private static double maxDifference(double[] expected, double[] found) {
        double max = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - found[i]);
            max = Double.isFinite(difference) ? Math.max(max, difference) : Double.MAX_VALUE;
        }
        return max;
    }

    /** What a pass has found so far. */
    private final class Findings {
        private final SortedMap<String, HealthMinute.Audit> byModel = new TreeMap<>();
        private final Map<ModelVersion, LossMoments> crossValidation = new HashMap<>();

        void add(String model, double difference) {
            HealthMinute.Audit one =
                    new HealthMinute.Audit(clock.instant(), 1, difference > TOLERANCE ? 1 : 0, difference);
            byModel.merge(
                    model,
                    one,
                    (a, b) -> new HealthMinute.Audit(
                            b.at(),
                            a.users() + b.users(),
                            a.differing() + b.differing(),
                            Math.max(a.maxDifference(), b.maxDifference())));
        }

        AuditPass pass() {
            return new AuditPass(clock.instant(), byModel, crossValidation);
        }
    }
}
