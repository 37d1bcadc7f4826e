package io.velox.retrain;

import io.velox.core.model.Prior;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training anew: ALS, and the variational passes after it. */
final class FullTraining implements TrainingMethod {
    private static final Logger log = LoggerFactory.getLogger(FullTraining.class);

    /** Passes where there are too few held-out ratings to say how many. */
    private static final int UNJUDGED_PASSES = 5;

    private final JavaSparkContext context;
    private final Hyperparameters hyperparameters;
    private final Factorization factorization;
    private final Polisher polisher;

    FullTraining(SparkSession spark, Hyperparameters hyperparameters, int itemCount) {
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.hyperparameters = hyperparameters;
        this.factorization = new Factorization(spark, hyperparameters, itemCount);
        this.polisher = new Polisher(context, hyperparameters, itemCount);
    }

    @Override
    public SortedMap<String, String> hyperparameters() {
        SortedMap<String, String> text = hyperparameters.asText();
        text.put("kind", "full");
        return text;
    }

    @Override
    public Judgement judge(JavaRDD<HeldOutSplit.Parts> parts) {
        HeldOutSplit split = hyperparameters.split();
        SortedMap<String, Double> metrics = new TreeMap<>();
        Factorization.Result als = factorization.train(parts.map(HeldOutSplit.Parts::training));
        Prior prior = als.prior(hyperparameters.prior());
        HeldOutErrors ofAls =
                Served.errors(parts, als.items(), prior, HeldOutErrors.withAls(hyperparameters.regularization()));
        metrics.put("heldOutRatings", (double) ofAls.ratings());
        boolean isJudged = ofAls.ratings() >= NoiseChoice.MIN_HELD_OUT;
        NoiseChoice noise = isJudged
                ? NoiseSearch.choose(
                        parts,
                        split,
                        als.items(),
                        prior,
                        NoiseChoice.candidates(ofAls.rmsePrior() * ofAls.rmsePrior()),
                        als.ratings())
                : NoiseChoice.byDefault(als.labelVariance());
        Served served = new Served(als.items(), prior, noise);
        HeldOutErrors errors = served.errors(parts);
        int passes = 0;
        if (hyperparameters.polish() > 0) {
            putRmse(metrics, "heldOutRmseBeforePolish", errors);
            PolishState start = PolishStart.ofAls(context, als, noise.noise(), polisher.layout());
            PolishRun run = isJudged
                    ? polisher.whileBetter(parts, start, als.ratings())
                    : polisher.fixed(parts, start, als.ratings(), Math.min(UNJUDGED_PASSES, hyperparameters.polish()));
            passes = run.passes();
            served = polisher.withNoise(polisher.served(run.state()), parts, split, als.ratings());
            run.state().release();
            als.items().destroy();
            errors = served.errors(parts);
        }
        putRmse(metrics, "heldOutRmse", errors);
        if (errors.ratings() > 0) {
            metrics.put("heldOutRmseAls", ofAls.rmseAls());
            metrics.put("heldOutRmsePrior", errors.rmsePrior());
        }
        return new Judgement(served, passes, metrics);
    }

    private static void putRmse(SortedMap<String, Double> metrics, String name, HeldOutErrors errors) {
        if (errors.ratings() > 0) {
            metrics.put(name, errors.rmseRidge(0));
        }
    }

    @Override
    public Trained train(JavaRDD<UserRatings> users, Judgement judgement) {
        Stopwatch watch = new Stopwatch();
        SortedMap<String, Double> metrics = new TreeMap<>();
        Factorization.Result als = factorization.train(users);
        double seconds = watch.lap();
        metrics.put("alsSeconds", seconds);
        log.info(
                "trained: {} rounds over {} ratings in {} s, {}/s",
                hyperparameters.iterations(),
                als.ratings(),
                seconds,
                Math.round(als.ratings() * hyperparameters.iterations() / Math.max(seconds, 1e-3)));
        NoiseChoice judged = judgement.served().noise();
        if (hyperparameters.polish() == 0) {
            NoiseChoice noise = judged.isSettled() ? judged : NoiseChoice.byDefault(als.labelVariance());
            Served served = new Served(als.items(), als.prior(hyperparameters.prior()), noise);
            return new Trained(served, Optional.empty(), alsWeights(als.items()), metrics);
        }
        double noise = judgement.served().noise().noise();
        PolishState start = PolishStart.ofAls(context, als, noise, polisher.layout());
        return polisher.train(users, start, als.ratings(), judgement, metrics);
    }

    private Trained.UserRule alsWeights(Broadcast<ItemTable> items) {
        double regularization = hyperparameters.regularization();
        return ratings -> OfflineWeights.of(ratings, items.value(), regularization);
    }
}
