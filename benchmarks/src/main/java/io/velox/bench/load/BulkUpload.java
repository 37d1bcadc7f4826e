package io.velox.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** {@code POST /v1/observe/bulk}: NDJSON of any length in one request. Blocks. */
public final class BulkUpload {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI api;

    public BulkUpload(URI api) {
        this.api = api;
    }

    /**
     * Sends lines that are all good.
     *
     * @param firstLine the number of the first of them in the whole import
     * @return the last receipt of each partition that was written
     * @throws IOException if the server did not take every line, and why
     */
    public Map<Integer, String> send(Iterable<byte[]> lines, int count, int firstLine)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/v1/observe/bulk?first-line=" + firstLine))
                .header("Content-Type", "application/x-ndjson")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(lines))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() != 200 || answer.path("accepted").asInt() != count) {
            throw new IOException(
                    "of " + count + " lines not all were accepted: " + response.statusCode() + " " + answer);
        }
        Map<Integer, String> receipts = new HashMap<>();
        for (JsonNode receipt : answer.path("receipts")) {
            receipts.put(Integer.parseInt(receipt.asText().split(":", -1)[1]), receipt.asText());
        }
        return receipts;
    }
}
