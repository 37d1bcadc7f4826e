package io.velox.bench.experiment;

import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.core.linalg.NativeBlas;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.FactorTable;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.CatalogueScan;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.TopK;
import io.velox.core.topk.Wanted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jblas.FloatMatrix;

/**
 * The index beside a plain scan and beside JBLAS, over one catalogue, on one thread: each ranks the same user before the next user
 * comes, so that whatever else the machine does meets all of them.
 */
final class TopKContest {
    private static final int K = 10;
    private static final int DIGITS = 3;

    /** In one pass, at most as many as serving takes. */
    private static final int TOGETHER = 16;

    private static final BitSet NOTHING = new BitSet();

    private final FactorTable table;
    private final CatalogueIndex index;
    private final List<double[]> users;
    private final FloatMatrix matrix;
    private final float[] offsets;

    TopKContest(FactorTable table, List<double[]> users) {
        if (!NativeBlas.isAvailable()) {
            throw new IllegalStateException(
                    "the native library of JBLAS, which is to be compared with, cannot be used");
        }
        this.table = table;
        this.index = CatalogueIndex.of(table);
        this.users = users;
        this.matrix = new FloatMatrix(table.size(), table.dimension());
        this.offsets = new float[table.size()];
        int row = 0;
        for (FactorBlock block : table.blocks()) {
            for (int r = 0; r < block.size(); r++, row++) {
                offsets[row] = block.offsets()[r];
                for (int i = 0; i < table.dimension(); i++) {
                    matrix.put(row, i, block.features()[r * table.dimension() + i]);
                }
            }
        }
    }

    /** One way to rank a user, and how long it took. */
    private static final class Contestant {
        private final Function<double[], Ranking> ranking;
        private final Histogram nanos = new Histogram(DIGITS);
        private final List<Double> medians = new ArrayList<>();

        Contestant(Function<double[], Ranking> ranking) {
            this.ranking = ranking;
        }

        Ranking time(double[] user, Histogram round) {
            long begin = System.nanoTime();
            Ranking best = ranking.apply(user);
            long taken = System.nanoTime() - begin;
            round.recordValue(taken);
            return best;
        }

        void endRound(Histogram round) {
            nanos.add(round);
            medians.add(round.getValueAtPercentile(50) / 1.0);
        }
    }

    /**
     * @param rounds each of {@code users} many rankings by each; the first two only warm up
     * @param per nanoseconds in {@code unit}
     */
    List<Figure> run(String name, int rounds, String unit, double per) {
        Contestant ours = new Contestant(user -> index.best(user, K, NOTHING));
        Contestant scan = new Contestant(user -> CatalogueScan.best(table, user, K, NOTHING));
        Contestant blas = new Contestant(this::byBlas);
        List<Contestant> all = List.of(ours, scan, blas);
        for (int round = -2; round < rounds; round++) {
            List<Histogram> taken = all.stream().map(c -> new Histogram(DIGITS)).toList();
            for (double[] user : users) {
                Ranking found = ours.time(user, taken.get(0));
                Ranking expected = scan.time(user, taken.get(1));
                var unused = blas.time(user, taken.get(2));
                if (!Arrays.equals(found.rows(), expected.rows())
                        || !Arrays.equals(found.scores(), expected.scores())) {
                    throw new IllegalStateException("the index ranks otherwise than the scan");
                }
            }
            for (int c = 0; c < all.size() && round >= 0; c++) {
                all.get(c).endRound(taken.get(c));
            }
        }
        return List.of(
                Figure.of(
                        name + "." + unit,
                        unit,
                        Estimate.percentile(ours.nanos, 50).times(1 / per)),
                Figure.of(
                        name + ".p99" + unit,
                        unit,
                        Estimate.percentile(ours.nanos, 99).times(1 / per)),
                Figure.of(
                        name + ".scan." + unit,
                        unit,
                        Estimate.percentile(scan.nanos, 50).times(1 / per)),
                Figure.of(
                        name + ".jblas." + unit,
                        unit,
                        Estimate.percentile(blas.nanos, 50).times(1 / per)),
                Figure.of(name + ".timesFasterThanScan", "", ratio(scan, ours)),
                Figure.of(name + ".timesFasterThanJblas", "", ratio(blas, ours)),
                Figure.of(name + ".blocksSkipped", "", skipped()),
                Figure.of(name + ".timesFasterTogether", "", together(rounds)));
    }

    /** How many times as fast users are ranked sixteen in a pass as one after the other. */
    private Estimate together(int rounds) {
        double[] ratios = new double[rounds];
        for (int round = -2; round < rounds; round++) {
            long alone = 0;
            long inOnePass = 0;
            for (int from = 0; from + TOGETHER <= users.size(); from += TOGETHER) {
                List<double[]> some = users.subList(from, from + TOGETHER);
                long begin = System.nanoTime();
                List<Ranking> expected =
                        some.stream().map(user -> index.best(user, K, NOTHING)).toList();
                long between = System.nanoTime();
                List<Ranking> found = index.best(
                        some.stream().map(user -> new Wanted(user, K, NOTHING)).toList());
                long end = System.nanoTime();
                alone += between - begin;
                inOnePass += end - between;
                for (int i = 0; i < TOGETHER; i++) {
                    if (!Arrays.equals(found.get(i).rows(), expected.get(i).rows())) {
                        throw new IllegalStateException("users are ranked otherwise together than alone");
                    }
                }
            }
            if (round >= 0) {
                ratios[round] = alone / (double) inOnePass;
            }
        }
        return Estimate.median(ratios);
    }

    private static Estimate ratio(Contestant slow, Contestant fast) {
        double[] ratios = new double[slow.medians.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = slow.medians.get(i) / fast.medians.get(i);
        }
        return Estimate.median(ratios);
    }

    private Estimate skipped() {
        return Estimate.mean(users.stream()
                .mapToDouble(user -> index.passedOver(user, K, NOTHING))
                .toArray());
    }

    private Ranking byBlas(double[] user) {
        FloatMatrix weights = new FloatMatrix(user.length);
        for (int i = 0; i < user.length; i++) {
            weights.put(i, (float) user[i]);
        }
        float[] scores = matrix.mmul(weights).data;
        TopK best = new TopK(K);
        for (int row = 0; row < scores.length; row++) {
            best.offer(row, offsets[row] + scores[row]);
        }
        return best.drain();
    }
}
