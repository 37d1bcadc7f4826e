package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From some moment on, a third of the items is rated the other way round: by those who come, and by those who rate again. The model is
 * found stale by the rules as they are shipped, is trained again, and does as well as before, without anybody's doing.
 */
@Tag("slow")
class DriftIT {
    private static final int TRAINED = 12_000;
    private static final int CALM = 20_000;
    private static final int WINDOW = 4_000;
    private static final int PER_SECOND = 300;

    /** Of MovieLens: the lowest label and the highest one. */
    private static final double SUM_OF_BOUNDS = 5.5;

    private static final Duration DETECTION = Duration.ofMinutes(1);
    private static final Duration RECOVERY = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private VeloxProcess velox;
    private Loop loop;
    private Catalogue als;

    @AfterEach
    void end() {
        velox.close();
    }

    private void start() throws IOException {
        Path configuration = Files.writeString(folder.resolve("velox.yaml"), """
                lifecycle:
                  staleness: {cool-down-minutes: 0.1}
                models:
                  als: {kind: als, rank: 10, regularization: 0.1, iterations: 6, item-bias: true, prior: gaussian}
                """);
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration, Map.of());
        loop = new Loop(velox.api());
        als = new Catalogue(velox.api(), "als");
    }

    @Test
    void aDriftIsFoundLearntAndOverWithoutAnybodysDoing() throws IOException {
        start();
        List<Rating> ratings = Ratings.ofPopularItems(20, new Random(7));
        List<Rating> old = ratings.subList(0, TRAINED + CALM);
        List<Rating> fresh = ratings.subList(TRAINED + CALM, ratings.size());

        loop.observe(old.subList(0, TRAINED));
        assertThat(loop.retrain("als")).isEqualTo(1);
        double before = calm(old.subList(TRAINED, old.size()));

        try (LiveTraffic traffic = LiveTraffic.start(loop, inverted(fresh), PER_SECOND)) {
            JsonNode first = Await.value("a training for the drift", DETECTION, this::trainingByItself);
            int detected = traffic.sent();
            System.out.println("drift: found after " + detected + " observations: " + first.get("cause"));
            assertThat(10 * detected).as("the calm was ten times as long").isLessThanOrEqualTo(CALM);

            List<Rating> again = inverted(old);
            loop.observe(again);
            RecentLoss recent = new RecentLoss(als);
            Await.until("the loss to come back to " + before, RECOVERY, () -> recent.isWithin(1.1 * before));
            int recovered = traffic.sent() + again.size();
            System.out.println("drift: over after " + recovered + " observations, of which " + again.size()
                    + " changed earlier ratings; loss " + before + " before, " + recent.mean() + " after; versions "
                    + als.model());
        }
        assertThat(als.active()).isGreaterThan(1);
        JsonNode live = als.version(als.active()).orElseThrow();
        assertThat(live.at("/origin/cause/trigger").asText()).isIn("DRIFT", "STALE");
        assertThat(live.get("admission").asText()).isEqualTo("GATED");
    }

    /** Ratings as they always were; returns the mean loss over the last ones. */
    private double calm(List<Rating> ratings) {
        int last = ratings.size() - WINDOW;
        loop.awaitApplied(loop.observe(ratings.subList(0, last)));
        als.awaitReport();
        Catalogue.Loss start = als.loss(1);
        loop.awaitApplied(loop.observe(ratings.subList(last, ratings.size())));
        als.awaitReport();
        Catalogue.Loss window = als.loss(1).since(start);
        System.out.println("drift: loss " + window.mean() + " over the last " + window.count()
                + " observations before it; no alarm in " + ratings.size());
        assertThat(als.model().get("versions")).as("no false alarm").hasSize(1);
        assertThat(als.model().path("training").isMissingNode()
                        || als.model().path("training").isNull())
                .as("no false alarm")
                .isTrue();
        return window.mean();
    }

    private Optional<JsonNode> trainingByItself() {
        JsonNode training = als.model().path("training");
        return training.isObject() ? Optional.of(training.get("origin")) : Optional.empty();
    }

    private static List<Rating> inverted(List<Rating> ratings) {
        List<Rating> next = new ArrayList<>();
        for (Rating rating : ratings) {
            boolean isInverted = Math.floorMod(rating.item().hashCode(), 3) == 0;
            double label = isInverted ? SUM_OF_BOUNDS - rating.label() : rating.label();
            next.add(new Rating(rating.user(), rating.item(), label, rating.timestamp()));
        }
        return next;
    }

    /** The loss of the version that answers over its last observations, some thousand. */
    private static final class RecentLoss {
        private static final int OBSERVATIONS = 2_000;

        private final Catalogue model;
        private int version;
        private Catalogue.Loss start = new Catalogue.Loss(0, 0);
        private Catalogue.Loss window = new Catalogue.Loss(0, 0);

        RecentLoss(Catalogue model) {
            this.model = model;
        }

        /** Whether the last full window's mean is not above the bound. */
        boolean isWithin(double bound) {
            int active = model.active();
            Catalogue.Loss total = model.loss(active);
            if (active != version) {
                version = active;
                start = total;
            }
            Catalogue.Loss now = total.since(start);
            if (now.count() < OBSERVATIONS) {
                return false;
            }
            window = now;
            start = total;
            System.out.println(
                    "drift: loss of version " + version + " over " + now.count() + " observations " + now.mean());
            return window.mean() <= bound;
        }

        double mean() {
            return window.mean();
        }
    }
}
