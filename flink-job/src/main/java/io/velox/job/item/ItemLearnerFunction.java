package io.velox.job.item;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemRating;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.job.catalogue.CatalogueElement;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The operator that learns new items: for each version and item keeps what its first {@value #MAX_USERS} users say of it, and puts out
 * the sums anew whenever one of them says something else. When a version is dropped, so is all that was kept for it.
 *
 * <p>The sums are added up from what is kept each time, so that a rating that is taken back leaves no trace in them.
 */
@SuppressWarnings("NullAway") // transient fields are made in open
public final class ItemLearnerFunction
        extends KeyedBroadcastProcessFunction<String, ItemContribution, CatalogueElement, ItemUpdate> {
    /** More users than these would tell less than training the item does. */
    static final int MAX_USERS = 200;

    /** Nothing is kept in it: versions that are dropped are all that is broadcast. */
    public static final MapStateDescriptor<String, Boolean> DROPPED =
            new MapStateDescriptor<>("dropped-versions", String.class, Boolean.class);

    private static final MapStateDescriptor<String, ItemRating> RATINGS =
            new MapStateDescriptor<>("item-ratings", StringSerializer.INSTANCE, ItemRatingSerializer.INSTANCE);

    private static final long serialVersionUID = 1L;

    private transient MapState<String, ItemRating> ratings;

    @Override
    public void open(OpenContext context) {
        ratings = getRuntimeContext().getMapState(RATINGS);
    }

    @Override
    public void processElement(ItemContribution said, ReadOnlyContext context, Collector<ItemUpdate> out)
            throws Exception {
        ItemRating rating = said.rating();
        boolean isKnown = ratings.contains(said.uid());
        if (rating == null) {
            if (!isKnown) {
                return;
            }
            ratings.remove(said.uid());
        } else if (isKnown || users() < MAX_USERS) {
            ratings.put(said.uid(), rating);
        } else {
            return;
        }
        out.collect(new ItemUpdate(said.version(), said.item(), sums(said.revision())));
    }

    private int users() throws Exception {
        int users = 0;
        for (String unused : ratings.keys()) {
            users++;
        }
        return users;
    }

    private ItemUpdate.@Nullable Value sums(Revision revision) throws Exception {
        List<ItemRating> all = new ArrayList<>();
        ratings.values().forEach(all::add);
        return all.isEmpty()
                ? null
                : new ItemUpdate.Value(revision, ItemEvidence.of(all.get(0).weights().length, all));
    }

    @Override
    public void processBroadcastElement(CatalogueElement element, Context context, Collector<ItemUpdate> out)
            throws Exception {
        if (element instanceof CatalogueElement.Dropped dropped) {
            ModelVersion version = dropped.version();
            String prefix = ItemContribution.prefix(version);
            context.applyToKeyedState(RATINGS, (key, state) -> {
                if (key.startsWith(prefix)) {
                    state.clear();
                    out.collect(new ItemUpdate(version, key.substring(prefix.length()), null));
                }
            });
        }
    }
}
