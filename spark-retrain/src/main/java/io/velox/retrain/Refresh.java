package io.velox.retrain;

import io.velox.core.store.Manifest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A training from a version before it: a few variational passes from its items' posteriors, with new items at the items' prior.
 *
 * <p>That version has seen what is held out of the ratings below its cut. So only held-out ratings beyond it judge, where there are at
 * least {@value #MIN_NEW}; else there are {@value #UNJUDGED_PASSES} passes, and the noise stays.
 */
final class Refresh implements TrainingMethod {
    static final int MIN_NEW = 200;
    private static final int UNJUDGED_PASSES = 2;

    private final JavaSparkContext context;
    private final Hyperparameters hyperparameters;
    private final LiveVersion from;
    private final RefreshStart start;
    private final RatingsReader.Ratings ratings;
    private final Broadcast<ItemDictionary> dictionary;
    private final Polisher polisher;

    /** @param given of which the rank is that of {@code from}, whatever it says */
    Refresh(
            JavaSparkContext context,
            Hyperparameters given,
            LiveVersion from,
            RefreshStart start,
            RatingsReader.Ratings ratings) {
        if (given.polish() == 0) {
            throw new IllegalArgumentException("--polish must be at least 1 for --kind refresh, but got 0");
        }
        this.context = context;
        this.hyperparameters = given.withRank(from.manifest().dimension() - 1);
        this.from = from;
        this.start = start;
        this.ratings = ratings;
        this.dictionary = ratings.shared();
        this.polisher =
                new Polisher(context, hyperparameters, ratings.dictionary().size());
    }

    /** Of the factorisation those of the version that it started from. */
    @Override
    public SortedMap<String, String> hyperparameters() {
        SortedMap<String, String> text = new TreeMap<>(from.manifest().hyperparameters());
        SortedMap<String, String> own = hyperparameters.asText();
        for (String name : new String[] {"rank", "polish", "prior", "heldOut", "seed"}) {
            text.put(name, own.get(name));
        }
        text.put("kind", "refresh");
        text.put("from", from.address());
        return text;
    }

    @Override
    public Judgement judge(JavaRDD<HeldOutSplit.Parts> parts) {
        Manifest live = from.manifest();
        PolishState begin = start.read(context, from, dictionary, polisher.layout());
        long unseen = parts.map(user -> (long) user.ofNew().heldOut().size()).fold(0L, Long::sum);
        boolean isJudged = unseen >= MIN_NEW;
        JavaRDD<HeldOutSplit.Parts> judging = isJudged ? parts.map(HeldOutSplit.Parts::ofNew) : parts;
        PolishRun run = isJudged
                ? polisher.whileBetter(judging, begin, ratings.ratingCount())
                : polisher.fixed(
                        parts, begin, ratings.ratingCount(), Math.min(UNJUDGED_PASSES, hyperparameters.polish()));
        Served served = polisher.served(run.state());
        served = isJudged
                ? polisher.withNoise(served, judging, hyperparameters.split(), ratings.ratingCount())
                : new Served(served.items(), served.prior(), NoiseChoice.ofLive(live.noise()));
        run.state().release();
        HeldOutErrors errors = served.errors(judging);
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("heldOutRatings", (double) errors.ratings());
        metrics.put("heldOutUnseenRatings", (double) unseen);
        if (errors.ratings() > 0) {
            metrics.put("heldOutRmse", errors.rmseRidge(0));
            metrics.put("heldOutRmsePrior", errors.rmsePrior());
        }
        return new Judgement(served, run.passes(), metrics);
    }

    @Override
    public Trained train(JavaRDD<UserRatings> users, Judgement judgement) {
        PolishState begin = start.read(context, from, dictionary, polisher.layout());
        return polisher.train(users, begin, ratings.ratingCount(), judgement, new TreeMap<>());
    }
}
