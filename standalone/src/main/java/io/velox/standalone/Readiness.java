package io.velox.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Asks a serving node's management port whether it is ready. */
final class Readiness {
    private static final int ANSWER_MS = 2_000;
    private static final int MAX_TEXT = 500;

    private Readiness() {}

    /** @throws StartFailure with the node's last answer if it is not ready in time, or with {@code failure} as soon as that completes */
    static void await(URI management, Duration deadline, CompletableFuture<String> failure) {
        AtomicReference<String> last = new AtomicReference<>("no answer");
        try {
            Waiting.until(deadline, "Velox was not ready", () -> {
                if (failure.isDone()) {
                    throw new StartFailure(failure.join());
                }
                return ask(management.resolve("/health/ready"), last);
            });
        } catch (StartFailure e) {
            throw new StartFailure(e.getMessage() + "; it last said: " + last.get(), e);
        }
    }

    private static boolean ask(URI address, AtomicReference<String> last) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MS);
            connection.setReadTimeout(ANSWER_MS);
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String text = in == null ? "" : new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
                last.set(status + " " + text);
            }
            return status == 200;
        } catch (IOException e) {
            last.set(e.toString());
            return false;
        }
    }
}
