package io.velox.bench.experiment;

import io.velox.bench.data.RatingTable;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.training.TrainedFactors;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.CatalogueScan;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.UpperConfidence;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Posterior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * How long it takes to explore a whole catalogue, on one thread: the best ten by upper confidence bound beside a scan that computes
 * every variance, and by a Thompson draw. Each user by bound and draw in turn, then all users by the scan.
 */
final class ExplorationTimes {
    private static final int K = 10;
    private static final int DIGITS = 3;
    private static final double ALPHA = 1;
    private static final BitSet NOTHING = new BitSet();

    private final TrainedFactors trained;
    private final FactorTable table;
    private final CatalogueIndex index;
    private final SplittableRandom random;

    ExplorationTimes(TrainedFactors trained, int items, long seed) {
        this.trained = trained;
        this.table = trained.resampled(items, seed);
        this.index = CatalogueIndex.of(table, trained.model().prior());
        this.random = new SplittableRandom(seed);
    }

    /** The users as the model knows them after their first ratings, at most {@code most} of each. */
    private List<Posterior> users(int count, int most) {
        RatingTable ratings = trained.ratings().table();
        List<Posterior> users = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int user = random.nextInt(ratings.users());
            List<HistoryEntry> history = new ArrayList<>();
            int all = ratings.start(user + 1) - ratings.start(user);
            int end = ratings.start(user) + Math.min(all, most);
            for (int row = ratings.start(user); row < end; row++) {
                history.add(new HistoryEntry(
                        row, Item.ofId(ratings.item(row)), ratings.label(row), ratings.time(row), null));
            }
            users.add(Posterior.of(trained.model(), history));
        }
        return users;
    }

    /**
     * @param name what the figures' names end with
     * @param count of users
     * @param most ratings that are known of a user
     * @param rounds of all users; two more before them only warm up
     */
    List<Figure> run(String name, int count, int most, int rounds) {
        List<Posterior> users = users(count, most);
        Histogram ucb = new Histogram(DIGITS);
        Histogram every = new Histogram(DIGITS);
        Histogram thompson = new Histogram(DIGITS);
        double[] ratios = new double[rounds];
        for (int round = -2; round < rounds; round++) {
            Histogram bounded = new Histogram(DIGITS);
            Histogram computed = new Histogram(DIGITS);
            Histogram drawn = new Histogram(DIGITS);
            List<Ranking> rankings = new ArrayList<>(users.size());
            for (Posterior user : users) {
                UpperConfidence bound = new UpperConfidence(user.learner(), ALPHA);
                long begin = System.nanoTime();
                rankings.add(index.best(bound, index.widthBound(user.learner()), K, NOTHING));
                long between = System.nanoTime();
                Ranking sampled = index.best(user.learner().draw(random), K, NOTHING);
                long end = System.nanoTime();
                bounded.recordValue(between - begin);
                drawn.recordValue(end - between);
                if (sampled.size() != K) {
                    throw new IllegalStateException("a sample ranks " + sampled.size() + " items instead of " + K);
                }
            }
            // Not in turn with the others: a scan takes milliseconds, and leaves nothing of the index in the caches.
            for (int i = 0; i < users.size(); i++) {
                UpperConfidence bound = new UpperConfidence(users.get(i).learner(), ALPHA);
                long begin = System.nanoTime();
                Ranking expected = CatalogueScan.best(table, bound, K, NOTHING);
                computed.recordValue(System.nanoTime() - begin);
                Ranking found = rankings.get(i);
                if (!Arrays.equals(found.rows(), expected.rows())
                        || !Arrays.equals(found.scores(), expected.scores())) {
                    throw new IllegalStateException("the index ranks otherwise than the scan of all bounds");
                }
            }
            if (round >= 0) {
                ucb.add(bounded);
                every.add(computed);
                thompson.add(drawn);
                ratios[round] = computed.getValueAtPercentile(50) / (double) bounded.getValueAtPercentile(50);
            }
        }
        return List.of(
                micros("ucb" + name + ".us", ucb, 50),
                micros("ucb" + name + ".p99us", ucb, 99),
                micros("ucb" + name + ".everyVariance.us", every, 50),
                Figure.of("ucb" + name + ".timesFasterThanEveryVariance", "", Estimate.median(ratios)),
                micros("thompson" + name + ".us", thompson, 50),
                micros("thompson" + name + ".p99us", thompson, 99));
    }

    private static Figure micros(String name, Histogram nanos, double percentile) {
        return Figure.of(name, "us", Estimate.percentile(nanos, percentile).times(1e-3));
    }
}
