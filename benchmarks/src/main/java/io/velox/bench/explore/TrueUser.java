package io.velox.bench.explore;

import io.velox.core.model.FeatureVector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A simulated user, whose true weights are known. */
final class TrueUser {
    private TrueUser() {}

    /**
     * Rounds with candidates drawn from some items, in each with replacement from the round before but none twice; the noise of a label is the
     * same normal number for all candidates of a round, times their deviations.
     *
     * @param weights the true ones
     * @param noise variance of a label, beyond the item's own
     */
    static List<Round> rounds(
            List<FeatureVector> items,
            double[] weights,
            double noise,
            int rounds,
            int candidates,
            SplittableRandom random) {
        int[] places = new int[items.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        List<Round> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<FeatureVector> offered = new ArrayList<>();
            double[] values = new double[candidates];
            double[] labels = new double[candidates];
            double z = random.nextGaussian();
            for (int i = 0; i < candidates; i++) {
                int j = i + random.nextInt(places.length - i);
                int place = places[j];
                places[j] = places[i];
                places[i] = place;
                FeatureVector item = items.get(place);
                offered.add(item);
                values[i] = item.score(weights);
                labels[i] = values[i] + z * Math.sqrt(noise + item.noise());
            }
            all.add(new Round(offered, values, labels));
        }
        return all;
    }
}
