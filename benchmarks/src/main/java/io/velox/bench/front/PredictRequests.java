package io.velox.bench.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.velox.bench.data.SyntheticVersion;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Requests for the prediction of one item each, of users and items drawn evenly. */
public final class PredictRequests {
    /** How many users ask. */
    public static final int USERS = 10_000;

    private static final int REQUESTS = 50_000;

    private PredictRequests() {}

    /** Whole requests of HTTP/1.1; the first {@value #USERS} are of all users in turn. */
    public static List<byte[]> of(InetSocketAddress address, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> requests = new ArrayList<>(REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
            int user = i < USERS ? i : random.nextInt(USERS);
            String body =
                    "{\"uid\":\"u" + user + "\",\"item\":\"" + (1 + random.nextInt(SyntheticVersion.ITEMS)) + "\"}";
            String request = "POST /v1/models/als/predict HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            requests.add(request.getBytes(US_ASCII));
        }
        return requests;
    }
}
