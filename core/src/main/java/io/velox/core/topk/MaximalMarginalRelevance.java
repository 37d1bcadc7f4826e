package io.velox.core.topk;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses a varied list out of scored candidates: each place goes to the candidate with the largest
 * {@code (1 − diversity) · relevance − diversity · likeness}, where relevance is the score from 0 (the worst candidate's) to 1 (the best's), and
 * likeness the largest cosine with anything that stands above, without the dimensions in which all candidates agree.
 *
 * <p>Source: Carbonell and Goldstein 1998, The use of MMR, diversity-based reranking for reordering documents and producing summaries.
 */
public final class MaximalMarginalRelevance {
    private MaximalMarginalRelevance() {}

    /**
     * The places of the chosen in the list of candidates, in the order in which they are to be shown; O(k·n·d).
     *
     * @param scores of the candidates, finite and best first; length n
     * @param features of the candidates, all of one length; n
     * @param k how many to choose; fewer where there are not so many
     * @param diversity from 0, which leaves the order as it is, to 1, which only looks for what is unlike
     */
    public static int[] choose(double[] scores, List<double[]> features, int k, double diversity) {
        if (scores.length != features.size()) {
            throw new IllegalArgumentException(
                    "scores and features must be as many, but are " + scores.length + " and " + features.size());
        }
        if (!(diversity >= 0 && diversity <= 1)) {
            throw new IllegalArgumentException("diversity must be from 0 to 1, but got " + diversity);
        }
        int n = scores.length;
        double[][] directions = directions(features);
        double[] likeness = new double[n]; // nothing stands above yet
        boolean[] isTaken = new boolean[n];
        int[] chosen = new int[Math.min(k, n)];
        double range = n == 0 ? 0 : scores[0] - scores[n - 1];
        for (int place = 0; place < chosen.length; place++) {
            int next = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                double relevance = range > 0 ? (scores[i] - scores[n - 1]) / range : 1;
                double value = (1 - diversity) * relevance - diversity * likeness[i];
                if (!isTaken[i] && (next < 0 || value > most)) {
                    next = i;
                    most = value;
                }
            }
            isTaken[next] = true;
            chosen[place] = next;
            for (int i = 0; i < n; i++) {
                double cosine = product(directions[i], directions[next]);
                likeness[i] = place == 0 ? cosine : Math.max(likeness[i], cosine);
            }
        }
        return chosen;
    }

    /** Of length 1, or 0 for candidates without features. */
    private static double[][] directions(List<double[]> features) {
        int d = features.isEmpty() ? 0 : features.get(0).length;
        int[] varying = IntStream.range(0, d)
                .filter(i -> features.stream().anyMatch(f -> f[i] != features.get(0)[i]))
                .toArray();
        return features.stream()
                .map(f -> unit(Arrays.stream(varying).mapToDouble(i -> f[i]).toArray()))
                .toArray(double[][]::new);
    }

    private static double[] unit(double[] x) {
        double norm = Math.sqrt(product(x, x));
        for (int i = 0; i < x.length && norm > 0; i++) {
            x[i] /= norm;
        }
        return x;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
