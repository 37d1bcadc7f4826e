package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.HiddenItems;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.data.MovieMetadata;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.bench.training.ImportedArchive;
import io.velox.bench.training.TrainingProcess;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.store.ItemPrior;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredRegression;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** How well items are predicted that training never saw: from their metadata, and from their first ratings. */
public final class ColdItemsBenchmark implements Benchmark {
    private static final double SHARE = 0.1;
    private static final int LEAST_RATINGS = 20;
    private static final int[] RATINGS = {0, 1, 3, 10};
    private static final String METADATA = "item-metadata.ndjson.gz";

    @Override
    public String name() {
        return "cold-items";
    }

    @Override
    public String summary() {
        return "error on items that training never saw, after 0, 1, 3 and 10 of their ratings";
    }

    /** The errors of one seed, by how many ratings of an item there are, in the order of {@link #RATINGS}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Errors(
            double[] itemMean, double[] prior, double[] learnt, double explained, double items, double ratings) {
        double metadata() {
            return learnt[0];
        }
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        List<Figure> figures = new ArrayList<>();
        List<Dataset> datasets = new ArrayList<>();
        List<Plot> plots = new ArrayList<>();
        List<String> notes = new ArrayList<>(List.of(
                "SET.hiddenItems: a tenth of the items with " + LEAST_RATINGS
                        + " ratings or more, which the seed draws and training does not see, users' weights neither; ten ratings of each,"
                        + " drawn at random, are there to learn from, N of them in a figure that ends in .N; RMSE of the predictions of its"
                        + " other ratings (SET.judgedRatings), which are the same for every N",
                "means over seeds, which choose hidden items and the start of the factors, with t-intervals; gains are paired differences",
                ".itemMean: global mean, the user's bias and the mean deviation of the item's ratings so far, shrunk by the number of ratings"
                        + " that is best for these very errors of seed and N, which favours it; .metadata: what the version's regression says of"
                        + " the item, never improved; .learnt: the same, improved from the ratings; .prior: the items' prior in place of the"
                        + " regression, improved from the ratings",
                ".explained: by which share metadata lower the square error that held-out items' vectors add to a rating's, as the training"
                        + " itself found it"));
        List<String> names =
                setting.choose(List.of(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL), List.of(KnownRatings.ML_SMALL));
        for (String set : names) {
            KnownRatings ratings = KnownRatings.named(set, setting);
            Path file = KnownRatings.find(set, setting).path().orElseThrow();
            MovieMetadata metadata = MovieMetadata.read(file);
            datasets.add(ratings.dataset());
            notes.add(set + ": " + ratings.training() + "; metadata: " + metadata.fields());
            List<Errors> errors = new ArrayList<>();
            for (int seed = 1; seed <= setting.choose(5, 2); seed++) {
                errors.add(errors(ratings, metadata, seed, setting));
            }
            figures.addAll(figures(set, errors));
            plots.add(plot(set, figures));
        }
        Plot.write(setting.results().resolve(name() + ".png"), plots);
        return new Findings(Dataset.all(datasets), figures, notes);
    }

    private static Errors errors(KnownRatings ratings, MovieMetadata metadata, int seed, Setting setting)
            throws Exception {
        HiddenItems hidden = HiddenItems.draw(ratings.table(), SHARE, LEAST_RATINGS, RATINGS[RATINGS.length - 1], seed);
        setting.say("importing " + ratings.dataset().name() + " without "
                + hidden.items().size() + " items, seed " + seed);
        ImportedArchive archive = ImportedArchive.of(
                setting,
                setting.scratch().resolve(ratings.table().size() + "-" + seed),
                ratings.table(),
                List.of(hidden.trainingRows()));
        metadata.write(Path.of(archive.store()).resolve(METADATA));
        Manifest manifest = new TrainingProcess(setting, archive.store(), ratings)
                .train(archive.cuts().get(0), seed, "--item-metadata", METADATA)
                .manifest();
        try (ModelStore store = ModelStore.open(archive.store(), Map.of())) {
            ColdItemsErrors errors =
                    new ColdItemsErrors(ratings.table(), hidden, (MatrixFactorModel) store.open(manifest));
            ItemPrior prior = Objects.requireNonNull(manifest.itemPrior(), "itemPrior");
            ColdItemsErrors.Start fromMetadata = ColdItemsErrors.ofMetadata(
                    StoredRegression.read(store, manifest).orElseThrow(), metadata);
            Errors found = new Errors(
                    Arrays.stream(RATINGS).mapToDouble(errors::itemMean).toArray(),
                    Arrays.stream(RATINGS)
                            .mapToDouble(n -> errors.learnt(n, ColdItemsErrors.ofPrior(prior)))
                            .toArray(),
                    Arrays.stream(RATINGS)
                            .mapToDouble(n -> errors.learnt(n, fromMetadata))
                            .toArray(),
                    Objects.requireNonNull(manifest.metrics().get("metadataExplained"), "metadataExplained"),
                    hidden.items().size(),
                    errors.judged());
            setting.say("  item mean " + Arrays.toString(found.itemMean()) + ", prior " + Arrays.toString(found.prior())
                    + ", learnt " + Arrays.toString(found.learnt()));
            return found;
        }
    }

    private static List<Figure> figures(String set, List<Errors> errors) {
        List<Figure> figures = new ArrayList<>();
        figures.add(mean(set + ".metadata", errors, Errors::metadata));
        for (int i = 0; i < RATINGS.length; i++) {
            int at = i;
            String end = "." + RATINGS[i];
            figures.add(mean(set + ".itemMean" + end, errors, e -> e.itemMean()[at]));
            figures.add(mean(set + ".prior" + end, errors, e -> e.prior()[at]));
            figures.add(mean(set + ".learnt" + end, errors, e -> e.learnt()[at]));
            figures.add(mean(set + ".gainOverItemMean" + end, errors, e -> e.itemMean()[at] - e.learnt()[at]));
            figures.add(mean(set + ".gainOverMetadata" + end, errors, e -> e.metadata() - e.learnt()[at]));
            figures.add(mean(set + ".gainOverPrior" + end, errors, e -> e.prior()[at] - e.learnt()[at]));
        }
        figures.add(mean(set + ".explained", errors, Errors::explained));
        figures.add(mean(set + ".hiddenItems", errors, Errors::items));
        figures.add(mean(set + ".judgedRatings", errors, Errors::ratings));
        return figures;
    }

    private static Figure mean(String name, List<Errors> errors, ToDoubleFunction<Errors> value) {
        return Figure.of(
                name, "", Estimate.mean(errors.stream().mapToDouble(value).toArray()));
    }

    private static Plot plot(String set, List<Figure> figures) {
        double[] x = Arrays.stream(RATINGS).asDoubleStream().toArray();
        double metadata = values(figures, set + ".metadata")[0];
        return new Plot(set, "ratings of the new item", "RMSE")
                .line("item mean", x, values(figures, set + ".itemMean."))
                .line("metadata", x, Arrays.stream(x).map(n -> metadata).toArray())
                .line("prior, improved", x, values(figures, set + ".prior."))
                .line("metadata, improved", x, values(figures, set + ".learnt."));
    }

    private static double[] values(List<Figure> figures, String prefix) {
        return figures.stream()
                .filter(figure -> figure.name().startsWith(prefix))
                .mapToDouble(Figure::value)
                .toArray();
    }
}
