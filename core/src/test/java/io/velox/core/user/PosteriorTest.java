package io.velox.core.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PosteriorTest {
    private static final int ITEMS = 40;

    private final Random random = Seeds.random("Posterior");

    private MatrixFactorModel model(int d) {
        FactorTable.Builder table = new FactorTable.Builder(d);
        for (int i = 0; i < ITEMS; i++) {
            float[] features = new float[d];
            for (int j = 0; j < d; j++) {
                features[j] = (float) random.nextGaussian();
            }
            table.add("i" + i, features, (float) random.nextGaussian(), random.nextFloat());
        }
        double[] mean = random.doubles(d, -1, 1).toArray();
        return new MatrixFactorModel(
                new ModelVersion("als", 1), table.build(), Prior.mean(mean, 0.1 + random.nextDouble()), 0.5);
    }

    private List<HistoryEntry> history(int n) {
        List<HistoryEntry> history = new ArrayList<>();
        for (int i = 0; i < n; i++) { // some items again, some unknown
            Item item = Item.ofId("i" + random.nextInt(ITEMS + 5));
            history.add(new HistoryEntry(i, item, 5 * random.nextGaussian(), Instant.EPOCH, null));
        }
        return history;
    }

    @Test
    void whatExplainsAScoreSumsUpToIt() {
        for (int trial = 0; trial < 200; trial++) {
            MatrixFactorModel model = model(1 + random.nextInt(20));
            Posterior posterior = Posterior.of(model, history(random.nextInt(60)));
            FeatureVector item =
                    model.features(Item.ofId("i" + random.nextInt(ITEMS))).orElseThrow();

            Explanation all = posterior.explain(model, item, Integer.MAX_VALUE);
            Explanation some = posterior.explain(model, item, 3);

            double score = item.score(posterior.learner().weights());
            double sum = all.prior()
                    + all.largest().stream()
                            .mapToDouble(Explanation.Share::contribution)
                            .sum();
            assertThat(sum).isCloseTo(score, within(1e-8 * (1 + Math.abs(score))));
            assertThat(all.others()).isZero();
            assertThat(all.largest())
                    .hasSize(posterior.known())
                    .isSortedAccordingTo(Comparator.comparingDouble(share -> -Math.abs(share.contribution())));
            assertThat(some.largest()).isEqualTo(all.largest().subList(0, Math.min(3, posterior.known())));
            double others = all.largest().stream()
                    .skip(3)
                    .mapToDouble(Explanation.Share::contribution)
                    .sum();
            assertThat(some.others()).isCloseTo(others, within(1e-8 * (1 + Math.abs(score))));
        }
    }

    @Test
    void withoutAnObservationItsShareIsGone() {
        MatrixFactorModel model = model(3);
        HistoryEntry only = new HistoryEntry(0, Item.ofId("i1"), 4, Instant.EPOCH, null);
        FeatureVector item = model.features(Item.ofId("i2")).orElseThrow();

        Explanation one = Posterior.of(model, List.of(only)).explain(model, item, 5);
        Explanation none = Posterior.of(model, List.of()).explain(model, item, 5);

        assertThat(one.largest())
                .singleElement()
                .extracting(Explanation.Share::observation)
                .isEqualTo(only);
        assertThat(none).isEqualTo(new Explanation(one.prior(), List.of(), 0));
    }
}
