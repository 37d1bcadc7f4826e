package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.training.ImportedArchive;
import io.velox.bench.training.TrainingProcess;
import io.velox.core.log.LogCut;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the variational passes after ALS gain in held-out error on real ratings, and what they cost in time and memory at full scale. */
public final class PolishBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int PASSES = 10;
    private static final String NONE = "0";

    @Override
    public String name() {
        return "polish";
    }

    @Override
    public String summary() {
        return "held-out error of ALS and of the polished version, and what the passes cost";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        List<Figure> figures = new ArrayList<>();
        List<Dataset> datasets = new ArrayList<>();
        List<String> notes = new ArrayList<>(List.of(
                "SET.rmseAls: held-out RMSE with ALS's own user weights; .rmseRidge: of the same item factors with the ridge weights that"
                        + " would be served; .rmsePolished: of the polished version, as it is served; means over seeds, which choose both the"
                        + " tenth that is held out and where the factors start, with t-intervals; .gain: the paired difference of rmseAls and"
                        + " rmsePolished",
                "noise, and the number of passes, at most " + PASSES
                        + ", are chosen on the held-out ratings, so that rmseRidge and rmsePolished"
                        + " are a little too good; passes and seconds: medians over the seeds",
                "synthetic: alsSeconds of ten rounds over all ratings, secondsPerPass of the passes over all ratings; resident: the most that the"
                        + " training process had in memory; heap: the most of its heap that was in use after a collection; .als: of a training"
                        + " without passes"));
        List<String> names =
                setting.choose(List.of(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL), List.of(KnownRatings.ML_SMALL));
        for (String name : names) {
            KnownRatings ratings = KnownRatings.named(name, setting);
            datasets.add(ratings.dataset());
            notes.add(name + ": " + ratings.training());
            figures.addAll(gain(ratings, setting));
        }
        double scale = setting.syntheticScale().orElse(setting.choose(1.0, 0.01));
        setting.say("generating the synthetic set of scale " + scale);
        KnownRatings synthetic = KnownRatings.synthetic(scale, SEED);
        datasets.add(synthetic.dataset());
        figures.addAll(costs(synthetic, setting, notes));
        return new Findings(Dataset.all(datasets), figures, notes);
    }

    private static List<Figure> gain(KnownRatings ratings, Setting setting) throws Exception {
        String name = ratings.dataset().name();
        setting.say("importing " + name);
        ImportedArchive archive = imported(ratings, setting);
        TrainingProcess trainer = new TrainingProcess(setting, archive.store(), ratings);
        List<TrainingProcess.Outcome> outcomes = new ArrayList<>();
        int seeds = setting.choose(5, 2);
        for (int seed = 1; seed <= seeds; seed++) {
            outcomes.add(trainer.train(cut(archive), seed, "--polish", Integer.toString(PASSES)));
        }
        return List.of(
                mean(name + ".rmseAls", "", outcomes, o -> o.metric("heldOutRmseAls")),
                mean(name + ".rmseRidge", "", outcomes, o -> o.metric("heldOutRmseBeforePolish")),
                mean(name + ".rmsePolished", "", outcomes, o -> o.metric("heldOutRmse")),
                mean(name + ".gain", "", outcomes, o -> o.metric("heldOutRmseAls") - o.metric("heldOutRmse")),
                median(name + ".passes", "passes", outcomes, o -> o.metric("polishPasses")),
                median(name + ".secondsPerPass", "s", outcomes, o -> o.metric("polishSecondsPerPass")),
                median(name + ".seconds", "s", outcomes, TrainingProcess.Outcome::seconds));
    }

    private static List<Figure> costs(KnownRatings ratings, Setting setting, List<String> notes) throws Exception {
        setting.say("importing the synthetic set");
        ImportedArchive archive = imported(ratings, setting);
        TrainingProcess trainer = new TrainingProcess(setting, archive.store(), ratings);
        notes.add("synthetic: " + ratings.training() + ", heap of " + trainer.heapMib() + " MiB");
        TrainingProcess.Outcome als = trainer.train(cut(archive), SEED, "--polish", NONE);
        TrainingProcess.Outcome polished = trainer.train(cut(archive), SEED, "--polish", Integer.toString(PASSES));
        return List.of(
                Figure.exact("synthetic.alsSeconds", "s", als.metric("alsSeconds")),
                Figure.exact("synthetic.secondsPerPass", "s", polished.metric("polishSecondsPerPass")),
                Figure.exact("synthetic.passes", "passes", polished.metric("polishPasses")),
                Figure.exact("synthetic.resident.als", "MiB", als.residentMib()),
                Figure.exact("synthetic.resident", "MiB", polished.residentMib()),
                Figure.exact("synthetic.heap.als", "MiB", als.heapMib()),
                Figure.exact("synthetic.heap", "MiB", polished.heapMib()),
                Figure.exact("synthetic.seconds.als", "s", als.seconds()),
                Figure.exact("synthetic.seconds", "s", polished.seconds()),
                Figure.exact("synthetic.rmseAls", "", polished.metric("heldOutRmseAls")),
                Figure.exact("synthetic.rmsePolished", "", polished.metric("heldOutRmse")));
    }

    private static ImportedArchive imported(KnownRatings ratings, Setting setting) throws Exception {
        return ImportedArchive.of(
                setting,
                setting.scratch().resolve(Integer.toString(ratings.table().size())),
                ratings.table(),
                List.of(SendingOrder.USER_BY_USER.rows(ratings.table(), SEED)));
    }

    private static LogCut cut(ImportedArchive archive) {
        return archive.cuts().get(0);
    }

    private static Figure median(
            String name,
            String unit,
            List<TrainingProcess.Outcome> outcomes,
            ToDoubleFunction<TrainingProcess.Outcome> value) {
        return Figure.of(
                name, unit, Estimate.median(outcomes.stream().mapToDouble(value).toArray()));
    }

    private static Figure mean(
            String name,
            String unit,
            List<TrainingProcess.Outcome> outcomes,
            ToDoubleFunction<TrainingProcess.Outcome> value) {
        return Figure.of(
                name, unit, Estimate.mean(outcomes.stream().mapToDouble(value).toArray()));
    }
}
