package io.velox.bench.explore;

import io.velox.bench.data.RatingTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Real users whom a version does not know, and their ratings of a dense block. What a user did not rate is never offered: the user's rated
 * items are dealt in a random order, the same number in each round and none of them twice, so that the label of every candidate is
 * known, whichever a policy chooses.
 */
public final class Replay implements Environment {
    private final MatrixFactorModel model;
    private final RatingTable table;
    private final DenseBlock block;
    private final int candidates;

    /**
     * A replay.
     *
     * @param model trained without the users of the block
     */
    public Replay(MatrixFactorModel model, RatingTable table, DenseBlock block, int candidates) {
        this.model = model;
        this.table = table;
        this.block = block;
        this.candidates = candidates;
    }

    @Override
    public String name() {
        return "replay";
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
        Random random = new Random(seed);
        int rounds = block.fewest() / candidates;
        List<List<Round>> all = new ArrayList<>();
        for (int user : block.users()) {
            List<Integer> rows = new ArrayList<>(block.rows().getOrDefault(user, List.of()));
            Collections.shuffle(rows, random);
            List<Round> dealt = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                dealt.add(round(rows.subList(round * candidates, (round + 1) * candidates)));
            }
            all.add(dealt);
        }
        return all;
    }

    private Round round(List<Integer> rows) {
        List<FeatureVector> features = rows.stream()
                .map(row -> Optional.of(Item.ofId(table.item(row)))
                        .flatMap(model::features)
                        .orElseThrow(() -> new IllegalStateException("nobody else rated " + table.item(row))))
                .toList();
        double[] labels = rows.stream().mapToDouble(table::label).toArray();
        return new Round(features, labels, labels);
    }
}
