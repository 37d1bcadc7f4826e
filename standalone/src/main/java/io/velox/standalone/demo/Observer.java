package io.velox.standalone.demo;

import com.fasterxml.jackson.databind.node.TextNode;
import io.velox.client.Observation;
import io.velox.client.ObservationPipeline;
import io.velox.client.PredictRequest;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.cli.Progress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Tells Velox what users did, and remembers each user's last receipt. Each observation carries an id, so that a repetition is harmless. */
final class Observer {
    private static final int LANES = 4;
    private static final int VISIBLE_TIMEOUT_MS = 20_000;

    private final VeloxClient client;
    private final Map<String, String> receipts = new ConcurrentHashMap<>();

    Observer(VeloxClient client) {
        this.client = client;
    }

    /** The last receipt of each user. */
    Map<String, String> receipts() {
        return receipts;
    }

    /** Sends ratings of many users in batches, a few at a time, those of one user in order. */
    void observeAll(
            Stream<Split.Parts> users,
            Function<Split.Parts, List<Rating>> part,
            int batch,
            Progress progress,
            long total) {
        ObservationPipeline.Listener listener = new ObservationPipeline.Listener() {
            @Override
            public void acknowledged(long number, Observation observation, String receipt) {
                receipts.put(observation.uid(), receipt);
                progress.add(1, total);
            }

            @Override
            public void refused(long number, Observation observation, VeloxClientException reason) {
                throw reason;
            }
        };
        try (users;
                ObservationPipeline pipeline = new ObservationPipeline(client, LANES, batch, listener)) {
            long number = 0;
            for (Iterator<Split.Parts> i = users.iterator(); i.hasNext(); ) {
                Split.Parts user = i.next();
                for (Rating rating : part.apply(user)) {
                    pipeline.add(number++, observation(user.uid(), rating));
                }
            }
        }
    }

    /** Sends one rating and waits for its receipt. */
    String observe(String uid, Rating rating) {
        String receipt = client.observe(observation(uid, rating));
        receipts.put(uid, receipt);
        return receipt;
    }

    /** Sends one rating, and records the time until a prediction reflects it. */
    void observeUntilVisible(String model, String uid, Rating rating, Histogram microseconds) {
        PredictRequest read = PredictRequest.of(uid, List.of(rating.item())).withinMs(VISIBLE_TIMEOUT_MS);
        long begin = System.nanoTime();
        String receipt = observe(uid, rating);
        client.predict(model, read.after(receipt));
        microseconds.recordValue(Math.min((System.nanoTime() - begin) / 1000, microseconds.getHighestTrackableValue()));
    }

    private static Observation observation(String uid, Rating rating) {
        return new Observation(uid, TextNode.valueOf(rating.item()), rating.label(), rating.timestamp(), null)
                .namedByContent();
    }
}
