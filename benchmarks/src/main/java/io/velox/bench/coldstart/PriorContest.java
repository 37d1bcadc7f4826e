package io.velox.bench.coldstart;

import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The errors of the kinds of prior on the same new users, one sample for each training. Confined to one thread. */
public final class PriorContest {
    static final String ZERO = "zero";
    static final String MEAN = "mean";
    static final String GAUSSIAN = "gaussian";

    /** The gaussian prior with the version's own noise. */
    static final String AS_SERVED = "asServed";

    private static final List<String> RIVALS = List.of(ZERO, MEAN);

    /** Of pictures: steps of their ends, and how far above the mean prior they reach. */
    private static final double STEP = 0.05;

    private static final double ABOVE = 0.1;
    private static final double GAPS_ABOVE = 3;

    private final List<Integer> after;
    private final Map<String, List<double[]>> errors = new LinkedHashMap<>();

    /** A contest after some numbers of learnt ratings, ascending. */
    public PriorContest(List<Integer> after) {
        this.after = List.copyOf(after);
        for (String name : List.of(ZERO, MEAN, GAUSSIAN, AS_SERVED)) {
            errors.put(name, new ArrayList<>());
        }
    }

    /**
     * Lets each kind of prior compete at its best.
     *
     * @param served by the version that does not know the users
     * @param validating users to find the best by
     * @param judged other users
     * @return what was chosen, in words
     */
    public String judge(Start served, List<NewUser> validating, List<NewUser> judged) {
        Map<String, Start> chosen = new LinkedHashMap<>();
        chosen.put(ZERO, Start.best(Start.zero(served), validating, after));
        chosen.put(MEAN, Start.best(Start.mean(served), validating, after));
        chosen.put(GAUSSIAN, Start.best(Start.gaussian(served), validating, after));
        chosen.put(AS_SERVED, served);
        StringBuilder words = new StringBuilder();
        chosen.forEach((name, start) -> {
            add(name, start.rmse(judged, after));
            words.append(String.format(
                    Locale.ROOT, "%s noise %.3f and mean variance %.4f, ", name, start.noise(), start.spread()));
        });
        return words
                + String.format(
                        "%d users to choose by and %d judged, by %d ratings",
                        validating.size(),
                        judged.size(),
                        judged.stream().mapToInt(user -> user.tested().size()).sum());
    }

    /** Adds what one kind came to in one training: an error for each number of learnt ratings. */
    void add(String name, double... rmse) {
        errors.computeIfAbsent(name, key -> new ArrayList<>()).add(rmse);
    }

    /** Errors, the gaps to the gaussian prior, and how many of these speak against it. */
    public List<Figure> figures(String set) {
        List<Figure> figures = new ArrayList<>();
        for (String name : errors.keySet()) {
            each(figures, set + "." + name + ".rmse.", estimates(name));
        }
        int worse = 0;
        for (String name : List.of(ZERO, MEAN, AS_SERVED)) {
            List<Estimate> gaps = gaps(name);
            each(figures, set + ".gap." + name + ".", gaps);
            worse += RIVALS.contains(name)
                    ? (int) gaps.stream().filter(gap -> gap.high() < 0).count()
                    : 0;
        }
        figures.add(Figure.exact(set + ".worse", "of " + RIVALS.size() * after.size(), worse));
        return figures;
    }

    private void each(List<Figure> figures, String prefix, List<Estimate> estimates) {
        for (int i = 0; i < after.size(); i++) {
            figures.add(Figure.of(prefix + after.get(i), "", estimates.get(i)));
        }
    }

    /** The errors over the number of learnt ratings; a zero prior may begin far above the picture. */
    public Plot plot(String set) {
        List<String> names = List.of(ZERO, MEAN, GAUSSIAN);
        double least = ends(names.stream().map(this::estimates)).min().orElse(0);
        double most = ends(names.stream().map(this::estimates)).max().orElse(0);
        double near = ends(Stream.of(estimates(MEAN))).max().orElse(0) + ABOVE;
        Plot plot = new Plot("New users, " + set, "ratings learnt", "RMSE")
                .from(STEP * Math.floor(least / STEP))
                .to(STEP * Math.ceil(Math.min(most, near) / STEP));
        names.forEach(name -> plot.band(name, axis(), estimates(name)));
        return plot;
    }

    /** By how much the other priors are worse, over the number of learnt ratings; a zero prior may begin far above the picture. */
    public Plot gapPlot(String set) {
        double least = ends(RIVALS.stream().map(this::gaps)).min().orElse(0);
        double most = ends(RIVALS.stream().map(this::gaps)).max().orElse(0);
        double near = ends(Stream.of(gaps(MEAN))).max().orElse(0) * GAPS_ABOVE;
        Plot plot = new Plot("RMSE less that of gaussian, " + set, "ratings learnt", "RMSE")
                .from(Math.min(0, least))
                .to(Math.min(most, near));
        RIVALS.forEach(name -> plot.band(name, axis(), gaps(name)));
        return plot;
    }

    private static DoubleStream ends(Stream<List<Estimate>> estimates) {
        return estimates
                .flatMap(List::stream)
                .flatMapToDouble(estimate -> DoubleStream.of(estimate.low(), estimate.high()));
    }

    private double[] axis() {
        return after.stream().mapToDouble(Integer::doubleValue).toArray();
    }

    private List<Estimate> estimates(String name) {
        List<double[]> samples = samples(name);
        return IntStream.range(0, after.size())
                .mapToObj(i -> Estimate.mean(
                        samples.stream().mapToDouble(rmse -> rmse[i]).toArray()))
                .toList();
    }

    private List<Estimate> gaps(String name) {
        List<double[]> other = samples(name);
        List<double[]> gaussian = samples(GAUSSIAN);
        return IntStream.range(0, after.size())
                .mapToObj(i -> Estimate.mean(IntStream.range(0, other.size())
                        .mapToDouble(training -> other.get(training)[i] - gaussian.get(training)[i])
                        .toArray()))
                .toList();
    }

    private List<double[]> samples(String name) {
        return errors.getOrDefault(name, List.of());
    }
}
