package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** The two halves of a pass against {@link VariationalOracle}, over two partitions of users and two blocks of items. */
class VariationalPassTest {
    private static final int USERS = 9;
    private static final int ITEMS = 7;
    private static final int D = 4;
    private static final double GLOBAL_MEAN = 3.3;
    private static final ItemLayout LAYOUT = new ItemLayout(ITEMS, D - 1, 2);

    /** What keeps covariances invertible is added to a prior's: some millionths. */
    private static final double TOLERANCE = 1e-5;

    private final Random random = new Random(31);
    private final double[][] label = labels();
    private PolishParameters parameters = new PolishParameters(GLOBAL_MEAN, prior(), prior(), 0.7);
    private List<ItemBlock> blocks = blocks();

    @Test
    void passesAreThoseOfDenseMatrices() {
        double[][] start = new double[ITEMS][];
        blocks.forEach(block -> {
            for (int i = 0; i < block.items().length; i++) {
                start[block.items()[i]] = block.posteriors()[i].mean().clone();
            }
        });
        VariationalOracle oracle = new VariationalOracle(
                label, GLOBAL_MEAN, parameters.users(), parameters.items(), parameters.noise(), start);
        for (int pass = 0; pass < 3; pass++) {
            List<Tuple2<Route, Parcel>> parcels = users();
            oracle.updateUsers();
            assertThat(parameters.noise()).isCloseTo(oracle.noise, within(TOLERANCE));
            assertPrior(parameters.users(), oracle.userPriorMean, oracle.userPriorCovariance);
            assertPrior(parameters.raters(), oracle.ratersMean, oracle.ratersCovariance);

            items(parcels);
            oracle.updateItems();
            assertThat(parameters.noise()).isCloseTo(oracle.noise, within(TOLERANCE));
            assertPrior(parameters.items(), oracle.itemPriorMean, oracle.itemPriorCovariance);
            for (ItemBlock block : blocks) {
                for (int i = 0; i < block.items().length; i++) {
                    int item = block.items()[i];
                    VectorPosterior posterior = block.posteriors()[i];
                    assertThat(posterior.mean()).containsExactly(oracle.itemMean[item], within(TOLERANCE));
                    assertThat(posterior.covariance())
                            .containsExactly(PackedSymmetric.pack(oracle.itemCovariance[item]), within(TOLERANCE));
                }
            }
        }
    }

    @Test
    void whatAnItemAloneGivesARatingIsItsVarianceOverTheUsersPrior() {
        Prior users = prior();
        VectorPosterior item =
                new VectorPosterior(gaussian(), prior().packedCovariance()); // of [q, b], which meets [p, 1]
        double[][] c = PackedSymmetric.unpack(item.covariance(), D);
        double[] m = users.mean();
        double expected = c[D - 1][D - 1];
        for (int a = 0; a < D - 1; a++) {
            expected += 2 * m[a] * c[a][D - 1];
            for (int b = 0; b < D - 1; b++) {
                expected += c[a][b] * (users.covariance()[a][b] + m[a] * m[b]);
            }
        }
        assertThat(item.variance(VectorPosterior.of(users).moments())).isCloseTo(expected, within(1e-12));
    }

    /** Both partitions' halves; afterwards the parameters are those that the items' half takes. */
    private List<Tuple2<Route, Parcel>> users() {
        List<Tuple2<Route, Parcel>> moments = new ArrayList<>();
        for (ItemBlock block : blocks) {
            double[][] values = Arrays.stream(block.posteriors())
                    .map(VectorPosterior::moments)
                    .toArray(double[][]::new);
            moments.add(new Tuple2<>(new Route(0, moments.size()), Parcel.of(block.items(), values)));
        }
        List<Tuple2<Route, Parcel>> parcels = new ArrayList<>();
        SideStatistics statistics = new SideStatistics(D);
        for (List<HeldOutSplit.Parts> partition : List.of(ratings(0, 4), ratings(4, USERS))) {
            Iterator<Tuple2<Route, Parcel>> sent =
                    new UserHalf(LAYOUT, parameters, true).call(partition.iterator(), moments.iterator());
            while (sent.hasNext()) {
                Tuple2<Route, Parcel> parcel = sent.next();
                if (parcel._1().to() == LAYOUT.blocks()) {
                    statistics.merge(Objects.requireNonNull(parcel._2().statistics()));
                } else {
                    parcels.add(parcel);
                }
            }
        }
        parameters = parameters.withUsers(statistics);
        return parcels;
    }

    private void items(List<Tuple2<Route, Parcel>> parcels) {
        ItemHalf half = new ItemHalf(LAYOUT, parameters);
        SideStatistics statistics = new SideStatistics(D);
        List<ItemBlock> next = new ArrayList<>();
        for (int block = 0; block < LAYOUT.partitions(); block++) {
            int to = block;
            half.call(
                            block,
                            parcels.stream()
                                    .filter(parcel -> parcel._1().to() == to)
                                    .iterator())
                    .forEachRemaining(next::add);
        }
        next.forEach(block -> statistics.merge(block.statistics()));
        blocks = next;
        parameters = parameters.withItems(statistics);
    }

    private List<HeldOutSplit.Parts> ratings(int from, int to) {
        List<HeldOutSplit.Parts> users = new ArrayList<>();
        for (int u = from; u < to; u++) {
            double[] row = label[u];
            int[] items =
                    IntStream.range(0, ITEMS).filter(i -> !Double.isNaN(row[i])).toArray();
            users.add(HeldOutSplit.Parts.allTraining(new UserRatings(
                    "u" + u,
                    u,
                    items,
                    Arrays.stream(items).mapToDouble(i -> row[i]).toArray())));
        }
        return users;
    }

    private double[][] labels() {
        double[][] labels = new double[USERS][ITEMS];
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < ITEMS; i++) {
                labels[u][i] = i == u % ITEMS || random.nextInt(3) > 0 ? 1 + 4 * random.nextDouble() : Double.NaN;
            }
        }
        return labels;
    }

    private List<ItemBlock> blocks() {
        List<ItemBlock> start = new ArrayList<>();
        for (int b = 0; b < LAYOUT.blocks(); b++) {
            int[] items = IntStream.range(LAYOUT.first(b), LAYOUT.first(b + 1)).toArray();
            VectorPosterior[] posteriors = new VectorPosterior[items.length];
            Arrays.setAll(posteriors, i -> new VectorPosterior(gaussian(), new double[PackedSymmetric.length(D)]));
            start.add(new ItemBlock(items, posteriors, new SideStatistics(D)));
        }
        return Collections.unmodifiableList(start);
    }

    private double[] gaussian() {
        return random.doubles(D, -1, 1).toArray();
    }

    private Prior prior() {
        double[] covariance = PackedSymmetric.diagonal(D, 0.5);
        PackedSymmetric.addOuter(covariance, 1, gaussian());
        return Prior.gaussian(gaussian(), covariance);
    }

    private static void assertPrior(Prior found, double[] mean, double[][] covariance) {
        assertThat(found.mean()).containsExactly(mean, within(TOLERANCE));
        assertThat(found.packedCovariance()).containsExactly(PackedSymmetric.pack(covariance), within(TOLERANCE));
    }
}
