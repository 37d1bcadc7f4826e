package io.velox.bench.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a process publishes for Prometheus. */
public final class Metrics {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;

    Metrics(URI address) {
        this.address = address;
    }

    /** All of them at one moment. */
    public Page now() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
            return new Page(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading metrics", e);
        }
    }

    /** In the text format of Prometheus. */
    public record Page(String text) {
        /**
         * A metric, summed over its labels.
         *
         * @throws IllegalStateException if there is none of that name
         */
        public double sum(String name) {
            double[] values = text.lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .toArray();
            if (values.length == 0) {
                throw new IllegalStateException("there is no metric " + name);
            }
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
    }
}
