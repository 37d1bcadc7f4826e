package io.velox.serving.explore;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.Impression.Policy;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.UpperConfidence;
import io.velox.serving.predict.Exposure;
import io.velox.serving.predict.ScoredItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses a list by a policy. Whatever the policy, the score of an item is what is predicted, and its exposure says how it came to be
 * shown. Single use of one thread, as its random numbers are.
 *
 * @param weights of the user, length d
 * @param learner of the same user, for policies that need one
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request, compared by nobody
record Explorer(double[] weights, Optional<RidgeLearner> learner, RandomGenerator random) {
    /** At most k items, the first to be shown first. */
    List<ScoredItem> choose(Exploration exploration, Candidates candidates, int k) {
        if (exploration instanceof Exploration.Epsilon epsilon) {
            return epsilon(epsilon.epsilon(), candidates, k);
        }
        if (exploration instanceof Exploration.Ucb ucb) {
            return optimistic(new UpperConfidence(learner.orElseThrow(), ucb.alpha()), candidates, k);
        }
        if (exploration instanceof Exploration.Thompson thompson) {
            return thompson(thompson.draws(), candidates, k);
        }
        return greedy(candidates, k);
    }

    private List<ScoredItem> greedy(Candidates candidates, int k) {
        Ranking best = candidates.best(weights, k);
        List<ScoredItem> chosen = new ArrayList<>(best.size());
        for (int row : best.rows()) {
            chosen.add(shown(candidates, row, new Exposure(Policy.GREEDY, false, 1)));
        }
        return chosen;
    }

    private List<ScoredItem> optimistic(UpperConfidence bound, Candidates candidates, int k) {
        Ranking upper = candidates.best(bound, k);
        BitSet best = rows(candidates.best(weights, k));
        List<ScoredItem> chosen = new ArrayList<>(upper.size());
        for (int row : upper.rows()) {
            chosen.add(shown(candidates, row, new Exposure(Policy.UCB, !best.get(row), 1)));
        }
        return chosen;
    }

    /** The propensity of an item is the share of the lists that were drawn, this one among them, that have it. */
    private List<ScoredItem> thompson(int draws, Candidates candidates, int k) {
        RidgeLearner posterior = learner.orElseThrow();
        Ranking drawn = candidates.best(posterior.draw(random), k);
        int[] counts = new int[drawn.size()];
        Arrays.fill(counts, 1);
        for (int i = 0; i < draws; i++) {
            BitSet other = rows(candidates.best(posterior.draw(random), k));
            for (int place = 0; place < counts.length; place++) {
                counts[place] += other.get(drawn.rows()[place]) ? 1 : 0;
            }
        }
        BitSet best = rows(candidates.best(weights, k));
        List<ScoredItem> chosen = new ArrayList<>(drawn.size());
        for (int place = 0; place < counts.length; place++) {
            int row = drawn.rows()[place];
            double propensity = counts[place] / (draws + 1.0);
            chosen.add(shown(candidates, row, new Exposure(Policy.THOMPSON, !best.get(row), propensity)));
        }
        return chosen;
    }

    /** The propensity of an item is that of its place, given what stands above it. */
    private List<ScoredItem> epsilon(double epsilon, Candidates candidates, int k) {
        int[] best = candidates.best(weights, k).rows();
        BitSet taken = (BitSet) candidates.excluded().clone();
        int left = candidates.size() - taken.cardinality();
        List<ScoredItem> chosen = new ArrayList<>();
        int next = 0;
        while (chosen.size() < k && left > 0) {
            while (next < best.length && taken.get(best[next])) {
                next++;
            }
            // The best that are left run out only where every row has been taken.
            boolean isUniform = random.nextDouble() < epsilon;
            int row = isUniform ? uniform(taken, candidates.size(), left) : best[next];
            double propensity = epsilon / left + (row == best[next] ? 1 - epsilon : 0);
            taken.set(row);
            left--;
            Policy policy = isUniform ? Policy.UNIFORM : Policy.EPSILON;
            chosen.add(shown(candidates, row, new Exposure(policy, isUniform, Math.min(1, propensity))));
        }
        return chosen;
    }

    /** One of the {@code left} rows that are not taken, each as likely as another. */
    private int uniform(BitSet taken, int size, int left) {
        if (left > size / 2) {
            int row = random.nextInt(size);
            while (taken.get(row)) {
                row = random.nextInt(size);
            }
            return row;
        }
        int row = taken.nextClearBit(0);
        for (int skip = random.nextInt(left); skip > 0; skip--) {
            row = taken.nextClearBit(row + 1);
        }
        return row;
    }

    private ScoredItem shown(Candidates candidates, int row, Exposure exposure) {
        return new ScoredItem(candidates.item(row), candidates.score(row, weights)).shown(exposure);
    }

    private static BitSet rows(Ranking ranking) {
        BitSet rows = new BitSet();
        for (int row : ranking.rows()) {
            rows.set(row);
        }
        return rows;
    }
}
