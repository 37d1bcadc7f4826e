package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.item.ItemGuesses;
import io.velox.core.item.Metadata;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.ModelKind;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PriorGuessTest {
    private static final double[] ITEM_MEAN = {0.5, -1, 0.25};
    private static final double[] ITEM_COVARIANCE = {0.4, 0.1, 0.3, -0.05, 0.02, 0.2};
    private static final double[] USER_MEAN = {0.2, 0.4, 0.1};
    private static final double[] USER_COVARIANCE = {0.5, -0.1, 0.6, 0.05, 0.1, 0.3};

    @Test
    void anItemIsTakenForTheMeanOfItsPrior() {
        FeatureVector guess = guess(new ItemPrior(3.5, Prior.gaussian(ITEM_MEAN, ITEM_COVARIANCE)))
                .features(Metadata.NONE)
                .orElseThrow();

        assertThat(guess.values()).containsExactly(0.5, -1, 1);
        assertThat(guess.offset()).isEqualTo(3.75);
    }

    /** Against draws of users and items: their scores without what both have in common. */
    @Test
    void itsNoiseIsTheVarianceThatTheItemAddsToAScore() {
        Random random = Seeds.random("priorGuess");
        double[] items = lower(ITEM_COVARIANCE);
        double[] users = lower(USER_COVARIANCE);
        int draws = 400_000;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double[] item = draw(items, random);
            double[] user = draw(users, random);
            double error = item[2];
            for (int k = 0; k < 2; k++) {
                error += item[k] * (USER_MEAN[k] + user[k]);
            }
            squares += error * error;
        }
        double noise = guess(new ItemPrior(3.5, Prior.gaussian(ITEM_MEAN, ITEM_COVARIANCE)))
                .features(Metadata.NONE)
                .orElseThrow()
                .noise();

        assertThat(noise).isCloseTo(squares / draws, within(0.01));
    }

    @Test
    void aVersionWithoutAPriorOfItemsGuessesNothing() {
        assertThat(PriorGuess.of(manifest(null))).isEmpty();
    }

    private static ItemGuesses guess(ItemPrior prior) {
        return PriorGuess.of(manifest(prior)).orElseThrow();
    }

    private static Manifest manifest(@Nullable ItemPrior prior) {
        return new Manifest(
                Manifest.FORMAT,
                "als",
                1,
                ModelKind.ALS,
                3,
                Prior.gaussian(USER_MEAN, USER_COVARIANCE),
                0.6,
                null,
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                Repeat.REPLACE,
                List.of(),
                prior,
                List.of());
    }

    /** The Cholesky factor of a packed 3×3 matrix, packed. */
    private static double[] lower(double[] a) {
        double l00 = Math.sqrt(a[0]);
        double l10 = a[1] / l00;
        double l11 = Math.sqrt(a[2] - l10 * l10);
        double l20 = a[3] / l00;
        double l21 = (a[4] - l20 * l10) / l11;
        return new double[] {l00, l10, l11, l20, l21, Math.sqrt(a[5] - l20 * l20 - l21 * l21)};
    }

    private static double[] draw(double[] l, Random random) {
        double a = random.nextGaussian();
        double b = random.nextGaussian();
        double c = random.nextGaussian();
        return new double[] {l[0] * a, l[1] * a + l[2] * b, l[3] * a + l[4] * b + l[5] * c};
    }
}
