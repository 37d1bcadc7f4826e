package io.velox.bench.experiment;

import io.velox.bench.Setting;
import io.velox.bench.data.RatingLines;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.load.BulkUpload;
import io.velox.client.Activation;
import io.velox.client.VeloxClient;
import java.net.URI;
import java.time.Duration;

/** The way of a fresh Velox to a version that answers: import, training, going live. */
record FirstVersion(VeloxClient client, URI api, Setting setting) {
    static final Duration DEADLINE = Duration.ofMinutes(20);

    private static final long SEED = 42;
    private static final String MODEL = "als";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    void goLive(RatingTable ratings) throws Exception {
        goLive(ratings, SendingOrder.INTERLEAVED.rows(ratings, SEED));
    }

    /** On some rows of the table, sent in their order. */
    void goLive(RatingTable ratings, int[] rows) throws Exception {
        setting.say("importing " + rows.length + " ratings");
        var unused = new BulkUpload(api).send(new RatingLines(ratings, rows, 0, rows.length), rows.length, 1);
        setting.say("training a version, and waiting until it answers");
        int version = client.retrain(MODEL);
        new Activation(client, BETWEEN_LOOKS).await(MODEL, version, DEADLINE, station -> {});
    }
}
