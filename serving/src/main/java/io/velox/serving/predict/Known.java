package io.velox.serving.predict;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.WidthBound;
import io.velox.core.user.Posterior;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who answers, and all that is known of the user. Immutable to whoever looks; safe for use from any thread. */
public final class Known {
    private static final int MOST_REASONS = 5;
    private static final int BYTES_OF_ENTRY = 250;

    private final Answering answering;
    private final Set<Item> seen;
    private final Posterior posterior;

    /** Computed when somebody first explores. */
    private volatile @Nullable WidthBound width;

    Known(Answering answering, Set<Item> seen, Posterior posterior) {
        this.answering = answering;
        this.seen = seen;
        this.posterior = posterior;
    }

    public Answering answering() {
        return answering;
    }

    /** The items that the user has rated, in the request too. */
    public Set<Item> seen() {
        return seen;
    }

    /** Of the weights, in the version that answers; nobody learns with it. */
    public Posterior posterior() {
        return posterior;
    }

    /** What bounds the user's uncertainty about the catalogue of the version that answers; O(d³) the first time. */
    public WidthBound width(CatalogueIndex catalogue) {
        WidthBound known = width;
        if (known == null) {
            known = catalogue.widthBound(posterior.learner());
            width = known;
        }
        return known;
    }

    /** The same, as a later answer says it: of the same version and revision. */
    Known as(Answering later) {
        return later.degraded().equals(answering.degraded()) ? this : new Known(later, seen, posterior);
    }

    /** About what it takes in memory. */
    int sizeBytes() {
        long bytes = posterior.learner().sizeBytes()
                + posterior.known() * (8L * posterior.learner().dimension() + BYTES_OF_ENTRY)
                + (long) BYTES_OF_ENTRY * seen.size();
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, bytes));
    }

    ScoredItem detailed(ScoredItem scored, FeatureVector features, Details details) {
        return scored.detailed(
                details.uncertainty()
                        ? Optional.of(Math.sqrt(posterior.learner().uncertainty(features)))
                        : Optional.empty(),
                details.explanation()
                        ? Optional.of(posterior.explain(answering.version().model(), features, MOST_REASONS))
                        : Optional.empty());
    }
}
