package io.velox.serving.http;

import io.velox.core.model.Item;
import io.velox.core.user.Explanation;
import io.velox.serving.predict.ScoredItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scored item in an answer; what nobody asked for is null, and so is {@code provisional} where it is not true. */
record ItemView(
        Item item,
        double score,
        @Nullable Boolean provisional,
        @Nullable Double uncertainty,
        @Nullable Why explanation) {
    /** The prior's share, the observations that add or take most, and what all others add: their sum is the score. */
    record Why(double prior, List<Because> because, double others) {
        static Why of(Explanation explanation) {
            return new Why(
                    explanation.prior(),
                    explanation.largest().stream()
                            .map(share -> new Because(
                                    share.observation().item(),
                                    share.observation().label(),
                                    share.contribution()))
                            .toList(),
                    explanation.others());
        }
    }

    /** One observation, and what it adds to a score. */
    record Because(Item item, double label, double contribution) {}

    static List<ItemView> of(List<ScoredItem> items) {
        return items.stream()
                .map(scored -> new ItemView(
                        scored.item(),
                        scored.score(),
                        scored.isProvisional() ? true : null,
                        scored.uncertainty().orElse(null),
                        scored.explanation().map(Why::of).orElse(null)))
                .toList();
    }
}
