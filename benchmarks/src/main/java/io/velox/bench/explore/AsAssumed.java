package io.velox.bench.explore;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A world that is as a trained version takes it to be: its items, users drawn from its prior, labels with its noise and the items' own. */
public final class AsAssumed implements Environment {
    private final MatrixFactorModel model;
    private final int users;
    private final int rounds;
    private final int candidates;

    /**
     * A world of one version.
     *
     * @param candidates in each round, at most as many as the version has items
     */
    public AsAssumed(MatrixFactorModel model, int users, int rounds, int candidates) {
        this.model = model;
        this.users = users;
        this.rounds = rounds;
        this.candidates = candidates;
    }

    @Override
    public String name() {
        return "asAssumed";
    }

    @Override
    public Prior prior() {
        return model.prior();
    }

    @Override
    public double noise() {
        return model.noise();
    }

    @Override
    public List<List<Round>> users(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FactorTable table = model.factors();
        List<FeatureVector> items =
                IntStream.range(0, table.size()).mapToObj(table::features).toList();
        RidgeLearner anybody = RidgeLearner.atPrior(model.prior(), model.noise());
        List<List<Round>> all = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            all.add(TrueUser.rounds(items, anybody.draw(random), model.noise(), rounds, candidates, random));
        }
        return all;
    }
}
