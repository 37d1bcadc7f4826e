package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.serving.explore.Exploration;
import io.velox.serving.items.ItemFilter;
import io.velox.serving.predict.Choice;
import io.velox.serving.predict.Details;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link RankTop} is asked for.
 *
 * @param offset how many of the list the client has already
 * @param diversity how much a place is worth to what is unlike the places above it, from 0 to 1
 * @param items to choose from; empty for the whole catalogue
 * @param excludesSeen whether what the user has rated is left out
 * @param exploration empty for the best by score
 */
record RankRequest(
        Asker asker,
        int k,
        int offset,
        double diversity,
        Optional<List<Item>> items,
        boolean excludesSeen,
        Set<Item> excluded,
        ItemFilter filter,
        Optional<Exploration> exploration,
        Details details) {
    static final int DEFAULT_K = 10;

    /** Candidates for each place of a varied list, and at least so many. */
    private static final int CANDIDATES_PER_PLACE = 10;

    private static final int FEWEST_CANDIDATES = 100;

    /** The choice takes as many steps as there are candidates for each place, and these grow with the places. */
    private static final int MOST_VARIED_PLACES = 500;

    private static final Set<String> FIELDS = Set.of(
            "uid",
            "session",
            "k",
            "offset",
            "diversity",
            "items",
            "exclude",
            "filter",
            ExploreField.NAME,
            "uncertainty",
            "explain",
            "after",
            "timeoutMs");

    static RankRequest read(String place, JsonNode json, VeloxModel model, ServingConfiguration limits) {
        Fields fields = Fields.of(place, json, FIELDS);
        Asker asker = Asker.of(fields, model, limits);
        int k = fields.amount("k", DEFAULT_K, limits.maxItems());
        int offset = fields.offset("offset", limits.maxItems() - k);
        double diversity = fields.number("diversity", 0, 1);
        if (diversity > 0 && offset + k > MOST_VARIED_PLACES) {
            throw fields.excessive(
                    "diversity",
                    "must be left out of lists of more than " + MOST_VARIED_PLACES + " places, but k and offset make "
                            + (offset + k));
        }
        if (!fields.has("items") && !model.isMaterialized()) {
            throw fields.refused(
                    "items",
                    "is missing: model '" + model.id().model()
                            + "' computes the features of any item and has no catalogue");
        }
        Optional<List<Item>> items = fields.has("items")
                ? Optional.of(fields.items("items", limits.maxItems(), model::check))
                : Optional.empty();
        boolean excludesSeen = fields.isText("exclude", "seen");
        if (fields.has("exclude") && !excludesSeen && !fields.isArray("exclude")) {
            throw fields.refused("exclude", "must be \"seen\" or an array of items");
        }
        Set<Item> excluded = !fields.has("exclude") || excludesSeen
                ? Set.of()
                : Set.copyOf(fields.items("exclude", limits.maxItems(), model::check));
        ItemFilter filter = fields.optional("filter")
                .map(given -> fields.inside(() -> FilterReader.read(given)))
                .orElse(ItemFilter.NONE);
        Optional<Exploration> exploration =
                fields.has(ExploreField.NAME) ? Optional.of(ExploreField.of(fields)) : Optional.empty();
        if (exploration.isPresent() && fields.has("diversity")) {
            throw fields.refused("diversity", "must not be given together with explore: propensities would be wrong");
        }
        return new RankRequest(
                asker, k, offset, diversity, items, excludesSeen, excluded, filter, exploration, fields.details());
    }

    /** So many of what the request lets into the list, but for what it leaves out. */
    Choice choice(int most, Set<Item> without) {
        return new Choice(most, without, filter);
    }

    boolean needsPosterior() {
        return details.isAny() || exploration.map(Exploration::needsPosterior).orElse(false);
    }

    boolean isVaried() {
        return diversity > 0;
    }

    /** The length of the list up to the last place that is asked for. */
    int end() {
        return offset + k;
    }

    /** How many of the best by score are needed. */
    int best() {
        return isVaried() ? Math.max(FEWEST_CANDIDATES, CANDIDATES_PER_PLACE * end()) : end();
    }
}
