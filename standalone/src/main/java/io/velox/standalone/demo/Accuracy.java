package io.velox.standalone.demo;

import io.velox.client.ItemFeatures;
import io.velox.client.ItemScore;
import io.velox.client.PredictRequest;
import io.velox.client.Predictions;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.cli.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The error of one version over the test ratings; those of items that it does not know are counted and left out. */
final class Accuracy {
    private static final int RECEIPT_TIMEOUT_MS = 20_000;

    private final VeloxClient client;
    private final String model;
    private final int version;

    /** Root mean squared error over {@code ratings} of them, {@code unknown} left out. */
    record Result(double rmse, long ratings, long unknown) {}

    /** Sums up squared errors. Safe for use from any thread. */
    private static final class Sum {
        private double squares;
        private long ratings;
        private long unknown;

        synchronized void add(List<Rating> test, Function<String, Optional<Double>> scores) {
            for (Rating rating : test) {
                Optional<Double> score = scores.apply(rating.item());
                if (score.isEmpty()) {
                    unknown++;
                } else {
                    double error = rating.label() - score.get();
                    squares += error * error;
                    ratings++;
                }
            }
        }

        synchronized Result result() {
            if (ratings == 0) {
                throw new IllegalStateException("the version knows none of the items of the test ratings");
            }
            return new Result(Math.sqrt(squares / ratings), ratings, unknown);
        }
    }

    Accuracy(VeloxClient client, String model, int version) {
        this.client = client;
        this.model = model;
        this.version = version;
    }

    /** With every user at the version's prior mean, worked out here from what the API says of version and items. */
    Result atPrior(Stream<Split.Parts> users, Progress progress, long total) {
        double[] mean = client.manifest(model, version).prior().mean();
        Map<String, Optional<Double>> scores = new ConcurrentHashMap<>();
        Sum sum = new Sum();
        UserPool.forEach(users, user -> {
            user.test().forEach(rating -> scores.computeIfAbsent(rating.item(), item -> priorScore(item, mean)));
            sum.add(user.test(), scores::get);
            progress.add(1, total);
        });
        return sum.result();
    }

    /**
     * As Velox predicts.
     *
     * @param receipts the last one of each user, which the answers must reflect
     */
    Result served(Stream<Split.Parts> users, Map<String, String> receipts, Progress progress, long total) {
        Sum sum = new Sum();
        UserPool.forEach(users, user -> {
            if (!user.test().isEmpty()) {
                Map<String, Double> scores = predictions(user, receipts);
                sum.add(user.test(), item -> Optional.ofNullable(scores.get(item)));
            }
            progress.add(1, total);
        });
        return sum.result();
    }

    private Optional<Double> priorScore(String item, double[] mean) {
        try {
            ItemFeatures features = client.item(model, item, version);
            return Optional.of(features.score(mean));
        } catch (VeloxClientException e) {
            if (e.code().equals("UNKNOWN_ITEM")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Map<String, Double> predictions(Split.Parts user, Map<String, String> receipts) {
        List<String> items = user.test().stream().map(Rating::item).toList();
        PredictRequest request = PredictRequest.of(user.uid(), items)
                .after(receipts.get(user.uid()))
                .withinMs(RECEIPT_TIMEOUT_MS);
        Predictions answer = client.predict(model, request);
        if (answer.version() != version || answer.degraded() != null) {
            throw new IllegalStateException("user " + user.uid() + " was answered by version " + answer.version()
                    + (answer.degraded() == null ? "" : ", degraded: " + answer.degraded()) + "; expected version "
                    + version);
        }
        Map<String, Double> scores = new HashMap<>();
        for (ItemScore score : answer.predictions()) {
            scores.put(score.id(), score.score());
        }
        return scores;
    }
}
