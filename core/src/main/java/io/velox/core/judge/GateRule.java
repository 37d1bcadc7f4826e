package io.velox.core.judge;

import io.velox.core.judge.Verdict.Check;
import io.velox.core.learn.PairedLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Whether a candidate may go live: only if it is not worse than the live version by more than a tolerance, on held-out ratings that
 * neither was trained on, and on live traffic that both scored before learning it. Where there are neither, what their trainings
 * promised is compared.
 *
 * @param tolerance by which share the candidate's error (root mean square) may be above the live version's
 * @param liveObservations how many observations make the comparison on live traffic
 * @param heldOutRatings how many ratings make the comparison on held-out data
 * @param patience how long a candidate waits for {@code liveObservations}
 */
public record GateRule(double tolerance, int liveObservations, int heldOutRatings, Duration patience) {
    /** Errors on ratings after the live version's cut, as the candidate's training measured them. */
    public static final String CANDIDATE_RMSE = "gate.candidateRmse";

    public static final String LIVE_RMSE = "gate.liveRmse";
    public static final String RATINGS = "gate.ratings";

    /** The error that a version's training promised, and of how many ratings. */
    public static final String PROMISE = "heldOutRmse";

    public static final String PROMISE_RATINGS = "heldOutRatings";

    /** A candidate is not refused for a difference that one of twenty such samples shows by chance. */
    private static final double DEVIATIONS = 1.645;

    /**
     * What is known of a candidate.
     *
     * @param candidate the metrics of its training
     * @param live the metrics of the live version's training; null if there is no live version
     * @param paired the live version's losses first, the candidate's second
     * @param waited since users are rebased
     */
    public record Evidence(
            Map<String, Double> candidate, @Nullable Map<String, Double> live, PairedLoss paired, Duration waited) {}

    /** The verdict; empty while more observations are waited for. */
    public Optional<Verdict> judge(Evidence evidence, Instant now) {
        Map<String, Double> live = evidence.live();
        if (live == null) {
            return Optional.of(new Verdict(now, true, List.of(), "there is no live version to compare with"));
        }
        List<Check> checks = new ArrayList<>();
        heldOut(evidence.candidate()).ifPresent(checks::add);
        boolean isEnough = evidence.paired().count() >= liveObservations;
        if (checks.stream().allMatch(Check::passed)) {
            if (!isEnough && evidence.waited().compareTo(patience) < 0) {
                return Optional.empty();
            }
            if (isEnough && liveObservations > 0) {
                checks.add(onLiveTraffic(evidence.paired()));
            }
        }
        if (checks.isEmpty()) {
            promise(evidence.candidate(), live).ifPresent(checks::add);
        }
        return Optional.of(verdict(checks, now));
    }

    private Optional<Check> heldOut(Map<String, Double> metrics) {
        double ratings = metrics.getOrDefault(RATINGS, 0.0);
        OptionalDouble candidate = metric(metrics, CANDIDATE_RMSE);
        OptionalDouble live = metric(metrics, LIVE_RMSE);
        return ratings < heldOutRatings || candidate.isEmpty() || live.isEmpty()
                ? Optional.empty()
                : Optional.of(check("held-out", candidate.getAsDouble(), live.getAsDouble(), ratings, ratings));
    }

    private Optional<Check> promise(Map<String, Double> ofCandidate, Map<String, Double> ofLive) {
        OptionalDouble candidate = metric(ofCandidate, PROMISE);
        OptionalDouble live = metric(ofLive, PROMISE);
        return candidate.isEmpty() || live.isEmpty()
                ? Optional.empty()
                : Optional.of(check(
                        "promise",
                        candidate.getAsDouble(),
                        live.getAsDouble(),
                        ofCandidate.getOrDefault(PROMISE_RATINGS, 0.0),
                        ofLive.getOrDefault(PROMISE_RATINGS, 0.0)));
    }

    /** Errors of so many ratings each, which are known as well as so many tell. */
    private Check check(String name, double candidate, double live, double ratings, double ratingsOfLive) {
        double chance = DEVIATIONS * Math.hypot(standardError(candidate, ratings), standardError(live, ratingsOfLive));
        boolean isWorse = Worse.byMoreThan(tolerance, candidate - chance, live);
        return new Check(name, candidate, live, (long) ratings, !isWorse);
    }

    /** Of a root mean square of n normal errors; none where n is not known. */
    private static double standardError(double error, double n) {
        return n > 0 ? error / Math.sqrt(2 * n) : 0;
    }

    private Check onLiveTraffic(PairedLoss paired) {
        return new Check(
                "live",
                Math.sqrt(paired.meanSecond()),
                Math.sqrt(paired.meanFirst()),
                paired.count(),
                !Worse.byMoreThan(tolerance, paired, DEVIATIONS));
    }

    private static OptionalDouble metric(Map<String, Double> metrics, String name) {
        Double value = metrics.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private Verdict verdict(List<Check> checks, Instant now) {
        if (checks.isEmpty()) {
            return new Verdict(now, true, checks, "there was nothing to compare it by: neither traffic nor ratings");
        }
        boolean passed = checks.stream().allMatch(Check::passed);
        List<String> figures = checks.stream()
                .filter(check -> check.passed() == passed)
                .map(GateRule::words)
                .toList();
        return new Verdict(
                now,
                passed,
                checks,
                (passed ? "not worse than the live version: " : "worse than the live version: ")
                        + String.join("; ", figures));
    }

    private static String words(Check check) {
        return String.format(
                Locale.ROOT,
                "error %.4f against %.4f%s",
                check.candidate(),
                check.live(),
                switch (check.name()) {
                    case "live" -> " on " + check.count() + " live observations";
                    case "held-out" -> " on " + check.count() + " held-out ratings that neither was trained on";
                    default -> " as their trainings promised";
                });
    }
}
