package io.velox.core.user;

import java.util.ArrayList;
import java.util.List;

/**
 * Why an item has its score for a user: the sum of all is the score.
 *
 * @param prior what somebody of whom nothing is known would be told
 * @param largest the observations that add most to that, or take most from it, these first
 * @param others what all other observations add
 */
public record Explanation(double prior, List<Share> largest, double others) {
    public Explanation {
        largest = List.copyOf(largest);
    }

    /** What one observation adds to a score. */
    public record Share(HistoryEntry observation, double contribution) {}

    /** @param contributions one for each observation; used up */
    static Explanation of(double prior, List<HistoryEntry> observations, double[] contributions, int most) {
        List<Share> largest = new ArrayList<>();
        while (largest.size() < Math.min(most, contributions.length)) {
            int next = 0;
            for (int j = 1; j < contributions.length; j++) {
                // What is taken already is no number, and so never larger.
                if (Double.isNaN(contributions[next]) || Math.abs(contributions[j]) > Math.abs(contributions[next])) {
                    next = j;
                }
            }
            largest.add(new Share(observations.get(next), contributions[next]));
            contributions[next] = Double.NaN;
        }
        double others = 0;
        for (double contribution : contributions) {
            others += Double.isNaN(contribution) ? 0 : contribution;
        }
        return new Explanation(prior, largest, others);
    }
}
