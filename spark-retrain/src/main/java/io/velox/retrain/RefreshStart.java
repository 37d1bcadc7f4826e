package io.velox.retrain;

import io.velox.core.store.ItemPrior;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * From where the passes of a refresh start: the posteriors of the items as a version has them, read by the executors, and the items'
 * prior for the others.
 */
record RefreshStart(String root, Map<String, String> hadoop, String address) implements Serializable {
    private static final long serialVersionUID = 1L;

    PolishState read(
            JavaSparkContext context, LiveVersion from, Broadcast<ItemDictionary> dictionary, ItemLayout layout) {
        Manifest live = from.manifest();
        ItemPrior prior = from.itemPrior();
        VectorPosterior unknown = VectorPosterior.of(prior.vector());
        List<Integer> parts;
        try (ModelStore store = ModelStore.open(URI.create(root), hadoop)) {
            parts = IntStream.range(0, store.posteriorParts(live).size())
                    .boxed()
                    .toList();
        }
        JavaRDD<ItemBlock> items = context.parallelize(parts, Math.max(1, parts.size()))
                .flatMapToPair(part -> rows(part, dictionary.value(), layout).iterator())
                .repartitionAndSortWithinPartitions(new Route.ByDestination(layout.partitions()))
                .mapPartitionsWithIndex((block, rows) -> block(block, rows, layout, unknown), false);
        return new PolishState(
                items, new PolishParameters(prior.globalMean(), live.prior(), prior.vector(), live.noise()));
    }

    /** The rows of one part, by block. */
    private List<Tuple2<Route, Parcel>> rows(int part, ItemDictionary dictionary, ItemLayout layout) {
        double[][] rows = new double[layout.itemCount()][];
        try (ModelStore store = ModelStore.open(URI.create(root), hadoop)) {
            Manifest manifest = store.readManifest(address);
            StoredFile file = store.posteriorParts(manifest).get(part);
            store.readPosterior(manifest, file, (id, row, offset, noise) -> dictionary
                    .find(id)
                    .ifPresent(item -> rows[item] = doubles(row)));
        }
        List<Tuple2<Route, Parcel>> parcels = new ArrayList<>();
        for (int block = 0; block < layout.blocks(); block++) {
            parcels.add(new Tuple2<>(
                    new Route(block, part), Parcel.ofPresent(rows, layout.first(block), layout.first(block + 1))));
        }
        return parcels;
    }

    private static double[] doubles(float[] row) {
        double[] doubles = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            doubles[i] = row[i];
        }
        return doubles;
    }

    private static Iterator<ItemBlock> block(
            int block, Iterator<Tuple2<Route, Parcel>> rows, ItemLayout layout, VectorPosterior unknown) {
        int d = layout.dimension();
        int first = block == layout.blocks() ? 0 : layout.first(block);
        int end = block == layout.blocks() ? 0 : layout.first(block + 1);
        VectorPosterior[] posteriors = new VectorPosterior[end - first];
        Arrays.fill(posteriors, unknown);
        while (rows.hasNext()) {
            Parcel parcel = rows.next()._2();
            for (int i = 0; i < parcel.items().length; i++) {
                double[] row = parcel.values()[i];
                posteriors[parcel.items()[i] - first] =
                        new VectorPosterior(Arrays.copyOf(row, d), Arrays.copyOfRange(row, d, row.length));
            }
        }
        return List.of(new ItemBlock(IntStream.range(first, end).toArray(), posteriors, new SideStatistics(d)))
                .iterator();
    }
}
