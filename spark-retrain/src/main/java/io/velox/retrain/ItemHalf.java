package io.velox.retrain;

import io.velox.retrain.RatingSums.PriorPrecision;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/** The items' half of a pass, over one block: adds up what the partitions of users say of each item, and updates its posterior. */
record ItemHalf(ItemLayout layout, PolishParameters parameters)
        implements Function2<Integer, Iterator<Tuple2<Route, Parcel>>, Iterator<ItemBlock>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<ItemBlock> call(Integer block, Iterator<Tuple2<Route, Parcel>> parcels) {
        SideStatistics statistics = new SideStatistics(layout.dimension());
        if (block >= layout.blocks()) {
            return List.of(new ItemBlock(new int[0], new VectorPosterior[0], statistics))
                    .iterator();
        }
        int first = layout.first(block);
        double[][] sums = new double[layout.first(block + 1) - first][];
        while (parcels.hasNext()) {
            Parcel parcel = parcels.next()._2();
            for (int i = 0; i < parcel.items().length; i++) {
                int place = parcel.items()[i] - first;
                if (sums[place] == null) {
                    sums[place] = parcel.values()[i].clone();
                } else {
                    RatingSums.merge(sums[place], parcel.values()[i]);
                }
            }
        }
        int[] places = IntStream.range(0, sums.length)
                .filter(place -> sums[place] != null)
                .toArray();
        VectorPosterior[] posteriors = new VectorPosterior[places.length];
        int[] items = new int[places.length];
        PriorPrecision prior = PriorPrecision.of(parameters.items());
        for (int i = 0; i < places.length; i++) {
            double[] sum = sums[places[i]];
            items[i] = first + places[i];
            posteriors[i] = RatingSums.posterior(sum, prior, parameters.noise());
            statistics.add(posteriors[i], sum);
        }
        return List.of(new ItemBlock(items, posteriors, statistics)).iterator();
    }
}
