package io.velox.retrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Variational Bayesian passes over ratings, as Spark does them: the blocks of items send each partition of users the posteriors of the
 * items that it has rated; it updates its users, and sends back sums for each of these items. No ratings, users or covariances come to
 * the driver; the cost of a pass is linear in the ratings.
 *
 * <p>Keeps what each partition needs of each block in Spark until it is closed.
 */
final class Polish implements AutoCloseable {
    /** Fewer partitions of users are fewer copies of the items' posteriors. */
    private static final long RATINGS_PER_PARTITION = 2_000_000;

    /** What the items of one partition of users may take; beyond it there are more partitions, with fewer items each. */
    private static final long PARTITION_BYTES = 256L << 20;

    /** Every so many passes the lineage is cut, and the shuffles of the passes before can go. */
    static final int CHECKPOINT_EVERY = 4;

    private final JavaSparkContext context;
    private final ItemLayout layout;
    private final JavaRDD<HeldOutSplit.Parts> users;
    private final JavaPairRDD<Route, int[]> needs;
    private int passes;

    /**
     * @param users with at least one training rating among them; kept in Spark
     * @param ratings how many there are, about
     */
    Polish(JavaSparkContext context, JavaRDD<HeldOutSplit.Parts> users, ItemLayout layout, long ratings) {
        this.context = context;
        this.layout = layout;
        long copies = Math.max(context.defaultParallelism(), ratings / RATINGS_PER_PARTITION);
        long bytes = 16L * RatingSums.length(layout.rank()) * layout.itemCount();
        long partitions = copies * (1 + bytes / PARTITION_BYTES);
        this.users = partitions < users.getNumPartitions() ? users.coalesce((int) partitions) : users;
        ItemLayout shape = layout; // not this object, which does not travel
        this.needs = this.users
                .mapPartitionsToPair(part -> needs(part, shape))
                .repartitionAndSortWithinPartitions(new Route.ByDestination(layout.partitions()))
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    /**
     * The users' half of a pass, done.
     *
     * @param statistics of the users, whose held-out errors are those of the state before the pass
     */
    record Half(JavaPairRDD<Route, Parcel> sums, PolishParameters parameters, SideStatistics statistics) {}

    /**
     * Updates the users.
     *
     * @param passesOn whether {@link #items} follows; else the statistics are all that is wanted
     */
    Half users(PolishState state, boolean passesOn) {
        JavaPairRDD<Route, Parcel> posteriors = state.items()
                .zipPartitions(needs, Polish::posteriors)
                .mapToPair(parcel -> parcel)
                .repartitionAndSortWithinPartitions(new Route.ByDestination(users.getNumPartitions()));
        JavaPairRDD<Route, Parcel> sums = users.zipPartitions(
                        posteriors, new UserHalf(layout, state.parameters(), passesOn))
                .mapToPair(parcel -> parcel)
                .repartitionAndSortWithinPartitions(new Route.ByDestination(layout.partitions()));
        SideStatistics total = new SideStatistics(layout.dimension());
        for (Tuple2<Route, Parcel> parcel : sums.collectPartitions(new int[] {layout.blocks()})[0]) {
            total.merge(Objects.requireNonNull(parcel._2().statistics()));
        }
        return new Half(sums, state.parameters().withUsers(total), total);
    }

    /** Updates the items, which ends the pass. */
    PolishState items(Half half) {
        JavaRDD<ItemBlock> items = half.sums()
                .mapPartitionsWithIndex(new ItemHalf(layout, half.parameters()), false)
                .persist(StorageLevel.MEMORY_AND_DISK());
        passes++;
        if (passes % CHECKPOINT_EVERY == 0 && context.getCheckpointDir().isPresent()) {
            items.checkpoint();
        }
        SideStatistics total = new SideStatistics(layout.dimension());
        items.map(ItemBlock::statistics).collect().forEach(total::merge);
        return new PolishState(items, half.parameters().withItems(total));
    }

    private static Iterator<Tuple2<Route, int[]>> needs(Iterator<HeldOutSplit.Parts> users, ItemLayout layout) {
        boolean[] isMet = new boolean[layout.itemCount()];
        while (users.hasNext()) {
            HeldOutSplit.Parts user = users.next();
            for (int item : user.training().items()) {
                isMet[item] = true;
            }
            for (int item : user.heldOut().items()) {
                isMet[item] = true;
            }
        }
        List<Tuple2<Route, int[]>> needs = new ArrayList<>();
        for (int block = 0; block < layout.blocks(); block++) {
            int[] items = IntStream.range(layout.first(block), layout.first(block + 1))
                    .filter(item -> isMet[item])
                    .toArray();
            needs.add(new Tuple2<>(new Route(block, TaskContext.getPartitionId()), items));
        }
        return needs.iterator();
    }

    /** For each partition of users the moments of those of its items that have a posterior. */
    private static Iterator<Tuple2<Route, Parcel>> posteriors(
            Iterator<ItemBlock> blocks, Iterator<Tuple2<Route, int[]>> needs) {
        ItemBlock block = blocks.next();
        if (block.items().length == 0) {
            return List.<Tuple2<Route, Parcel>>of().iterator();
        }
        int first = block.items()[0];
        double[][] moments = new double[block.items()[block.items().length - 1] - first + 1][];
        for (int i = 0; i < block.items().length; i++) {
            moments[block.items()[i] - first] = block.posteriors()[i].moments();
        }
        List<Tuple2<Route, Parcel>> parcels = new ArrayList<>();
        while (needs.hasNext()) {
            Tuple2<Route, int[]> need = needs.next();
            int[] known = Arrays.stream(need._2())
                    .filter(item -> item >= first && item - first < moments.length && moments[item - first] != null)
                    .toArray();
            double[][] values = new double[known.length][];
            for (int i = 0; i < known.length; i++) {
                values[i] = moments[known[i] - first];
            }
            parcels.add(new Tuple2<>(new Route(need._1().from(), need._1().to()), Parcel.of(known, values)));
        }
        return parcels.iterator();
    }

    @Override
    public void close() {
        needs.unpersist(false);
    }
}
