package io.velox.core.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.PairedLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GateRuleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final GateRule GATE = new GateRule(0.02, 500, 200, PATIENCE);
    private static final Map<String, Double> NOTHING = Map.of();

    private static GateRule.Evidence evidence(Map<String, Double> candidate, PairedLoss paired, Duration waited) {
        return new GateRule.Evidence(candidate, Map.of(GateRule.PROMISE, 0.86), paired, waited);
    }

    private static Map<String, Double> heldOut(double candidate, double live, double ratings) {
        return Map.of(GateRule.CANDIDATE_RMSE, candidate, GateRule.LIVE_RMSE, live, GateRule.RATINGS, ratings);
    }

    /** Losses of two versions with errors of one observation in common, the second's larger by a share. */
    private static PairedLoss paired(int n, double share) {
        Random random = new Random(7);
        PairedLoss paired = PairedLoss.NONE;
        for (int i = 0; i < n; i++) {
            double error = random.nextGaussian();
            double other = error * (1 + share) + 0.1 * random.nextGaussian();
            paired = paired.plus(error * error, other * other);
        }
        return paired;
    }

    @Test
    void theFirstVersionPasses() {
        Verdict verdict = GATE.judge(new GateRule.Evidence(NOTHING, null, PairedLoss.NONE, Duration.ZERO), NOW)
                .orElseThrow();
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.checks()).isEmpty();
    }

    @Test
    void aCandidateWaitsForLiveTrafficAndNoLongerThanItsPatience() {
        Map<String, Double> better = heldOut(0.85, 0.86, 1000);
        assertThat(GATE.judge(evidence(better, paired(499, 0), Duration.ofSeconds(29)), NOW))
                .isEmpty();
        assertThat(GATE.judge(evidence(better, paired(500, 0), Duration.ZERO), NOW)
                        .orElseThrow()
                        .checks())
                .extracting(Verdict.Check::name)
                .containsExactly("held-out", "live");
        assertThat(GATE.judge(evidence(better, paired(499, 5), PATIENCE), NOW)
                        .orElseThrow()
                        .checks())
                .extracting(Verdict.Check::name)
                .containsExactly("held-out");
    }

    @Test
    void aCandidateThatIsWorseOnHeldOutRatingsIsRefusedAtOnce() {
        Verdict verdict = GATE.judge(evidence(heldOut(0.95, 0.86, 1000), PairedLoss.NONE, Duration.ZERO), NOW)
                .orElseThrow();
        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reason())
                .isEqualTo("worse than the live version: error 0.9500 against 0.8600 on 1000 held-out ratings that"
                        + " neither was trained on");
    }

    @Test
    void aLittleWorseIsTolerated() {
        assertThat(GATE.judge(evidence(heldOut(0.876, 0.86, 1000), paired(5000, 0.015), Duration.ZERO), NOW)
                        .orElseThrow()
                        .passed())
                .isTrue();
    }

    @Test
    void aCandidateThatIsWorseOnLiveTrafficIsRefusedHoweverItDidOnHeldOutRatings() {
        Verdict verdict = GATE.judge(evidence(heldOut(0.80, 0.86, 1000), paired(500, 0.2), Duration.ZERO), NOW)
                .orElseThrow();
        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.checks()).extracting(Verdict.Check::passed).containsExactly(true, false);
        assertThat(verdict.reason()).contains("on 500 live observations").doesNotContain("held-out");
    }

    @Test
    void withoutTrafficAndUnseenRatingsPromisesAreCompared() {
        Map<String, Double> worse = Map.of(GateRule.PROMISE, 1.1, GateRule.RATINGS, 199.0);
        Verdict verdict =
                GATE.judge(evidence(worse, PairedLoss.NONE, PATIENCE), NOW).orElseThrow();
        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.checks()).extracting(Verdict.Check::name).containsExactly("promise");
        assertThat(GATE.judge(evidence(worse, paired(500, -0.1), Duration.ZERO), NOW)
                        .orElseThrow()
                        .passed())
                .as("live traffic is better evidence than a promise")
                .isTrue();
    }

    @Test
    void withoutAnyEvidenceACandidatePassesAndTheVerdictSaysSo() {
        Verdict verdict =
                GATE.judge(evidence(NOTHING, PairedLoss.NONE, PATIENCE), NOW).orElseThrow();
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.reason()).contains("nothing to compare");
    }

    @Test
    void aDifferenceThatFewRatingsShowByChanceIsNotHeldAgainstACandidate() {
        assertThat(GATE.judge(evidence(heldOut(0.90, 0.86, 200), PairedLoss.NONE, PATIENCE), NOW)
                        .orElseThrow()
                        .passed())
                .isTrue();
        assertThat(GATE.judge(evidence(heldOut(0.90, 0.86, 20_000), PairedLoss.NONE, PATIENCE), NOW)
                        .orElseThrow()
                        .passed())
                .isFalse();
    }
}
