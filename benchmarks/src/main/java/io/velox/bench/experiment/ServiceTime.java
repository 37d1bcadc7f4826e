package io.velox.bench.experiment;

import io.velox.bench.training.TrainedFactors;
import io.velox.core.learn.LossStatistics;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.Answering;
import io.velox.serving.users.UserView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.HdrHistogram.Histogram;

/** How long serving takes over a request, from the parsed request and the user's weights to scored items, on one thread. */
final class ServiceTime {
    private static final int DIGITS = 3;

    private final LoadedVersion version;
    private final List<Answering> users = new ArrayList<>();
    private final FactorTable table;
    private final SplittableRandom random;

    ServiceTime(TrainedFactors trained, int users, long seed) {
        this.version = new LoadedVersion(trained.manifest(), trained.model());
        this.table = trained.items();
        this.random = new SplittableRandom(seed);
        for (double[] weights :
                trained.users().subList(0, Math.min(users, trained.users().size()))) {
            UserWeights known = new UserWeights(version.model().id(), weights, 1, LossStatistics.NONE);
            UserModel model = new UserModel("u", new Revision(0, 0, 1), 1, false, List.of(known));
            this.users.add(Answering.in(version, new UserView(Optional.of(model), Optional.empty())));
        }
    }

    /** The features that requests are answered from. */
    FeaturesAtHand features() {
        return (ModelFeatures) version.features();
    }

    /** Items drawn without favour, their ids as fresh as a parser leaves them. */
    private List<Item> items(int n) {
        List<Item> items = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            String id = table.item(random.nextInt(table.size()));
            items.add(Item.ofId(new String(id.toCharArray())));
        }
        return items;
    }

    /**
     * Times several ways to the same answer, in turn for each request.
     *
     * @param requests of each way; as many before them only warm up
     * @param perRequest items
     * @return nanoseconds of each way
     */
    List<Histogram> compare(int requests, int perRequest, List<BiFunction<Answering, List<Item>, Object>> ways) {
        List<Histogram> nanos = ways.stream().map(way -> new Histogram(DIGITS)).toList();
        for (int i = -requests; i < requests; i++) {
            Answering user = users.get(random.nextInt(users.size()));
            List<Item> first = items(perRequest);
            for (int w = 0; w < ways.size(); w++) {
                List<Item> items = first.stream()
                        .map(item -> Item.ofId(new String(item.text().toCharArray())))
                        .toList();
                long begin = System.nanoTime();
                Object answer = ways.get(w).apply(user, items);
                long taken = System.nanoTime() - begin;
                if (answer == null) {
                    throw new IllegalStateException("no answer");
                }
                if (i >= 0) {
                    nanos.get(w).recordValue(taken);
                }
            }
        }
        return nanos;
    }
}
