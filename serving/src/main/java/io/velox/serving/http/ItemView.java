package io.velox.serving.http;

import io.velox.core.model.Item;
import io.velox.core.user.Explanation;
import io.velox.serving.predict.Exposure;
import io.velox.serving.predict.ScoredItem;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A scored item in an answer; what nobody asked for is null, and so is {@code provisional} where it is not true.
 *
 * @param provisional true where the version was not trained on the item; else null
 * @param explored whether exploration put it into the list
 * @param propensity how likely the policy was to do so
 * @param impression for observations that this item leads to
 */
record ItemView(
        Item item,
        double score,
        @Nullable Boolean provisional,
        @Nullable Double uncertainty,
        @Nullable Why explanation,
        @Nullable Boolean explored,
        @Nullable Double propensity,
        @Nullable String impression) {
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

    /** Items that nobody was shown. */
    static List<ItemView> of(List<ScoredItem> items) {
        return items.stream().map(scored -> of(scored, null)).toList();
    }

    /** @param impression the id of an item's exposure, where it has one */
    static List<ItemView> of(List<ScoredItem> items, BiFunction<Item, Exposure, String> impression) {
        return items.stream()
                .map(scored -> of(
                        scored,
                        scored.exposure()
                                .map(how -> impression.apply(scored.item(), how))
                                .orElse(null)))
                .toList();
    }

    private static ItemView of(ScoredItem scored, @Nullable String impression) {
        Optional<Exposure> exposure = scored.exposure();
        return new ItemView(
                scored.item(),
                scored.score(),
                scored.isProvisional() ? true : null,
                scored.uncertainty().orElse(null),
                scored.explanation().map(Why::of).orElse(null),
                exposure.map(Exposure::isExplored).orElse(null),
                exposure.map(Exposure::propensity).orElse(null),
                impression);
    }
}
