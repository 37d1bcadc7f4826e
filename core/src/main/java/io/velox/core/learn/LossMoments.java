package io.velox.core.learn;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A loss over some observations as count, sum and sum of squares: what totals, windows and tests are made of. Immutable. */
public record LossMoments(long count, double sum, double squares) {
    public static final LossMoments NONE = new LossMoments(0, 0, 0);

    public LossMoments {
        if (count < 0 || !Double.isFinite(sum) || !Double.isFinite(squares) || squares < 0) {
            throw new IllegalArgumentException(
                    "count and squares must not be negative, and sums must be finite, but got " + count + ", " + sum
                            + " and " + squares);
        }
    }

    /** Reads its JSON; that of older builds has no squares. */
    @JsonCreator
    static LossMoments read(
            @JsonProperty("count") long count,
            @JsonProperty("sum") double sum,
            @JsonProperty("squares") @Nullable Double squares) {
        return new LossMoments(count, sum, squares == null ? 0 : squares);
    }

    /** Whether one loss more leaves every sum finite; one that did not would make all before it unreadable. */
    public boolean canTake(double loss) {
        return Double.isFinite(sum + loss) && Double.isFinite(squares + loss * loss);
    }

    public LossMoments plus(double loss) {
        return new LossMoments(count + 1, sum + loss, squares + loss * loss);
    }

    public LossMoments plus(LossMoments other) {
        return new LossMoments(count + other.count, sum + other.sum, squares + other.squares);
    }

    /** What came after an earlier total; nothing if this is not a later one, because the totals began anew. */
    public LossMoments since(LossMoments earlier) {
        return earlier.count > count
                ? NONE
                : new LossMoments(count - earlier.count, sum - earlier.sum, Math.max(0, squares - earlier.squares));
    }

    /** 0 when nothing was observed. */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /** The unbiased variance of single losses; 0 for fewer than two. */
    public double variance() {
        return count < 2 ? 0 : Math.max(0, (squares - sum * mean()) / (count - 1));
    }
}
