package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a serving node's management port whether it is ready, and says now and then why it is not yet. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(15);
    private static final int ANSWER_MS = 2_000;
    private static final int MAX_TEXT = 500;

    private final Optional<SSLSocketFactory> pinned;

    /** Asks a node with this access, whose certificate it takes for good whatever name it is for: it is the one that was configured. */
    Readiness(AccessConfiguration access) {
        this.pinned = access.hasTls() ? Optional.of(PinnedCertificate.trusting(access)) : Optional.empty();
    }

    /** @throws StartFailure with the node's last answer if it is not ready in time, or with {@code failure} as soon as that completes */
    void await(URI management, Duration deadline, CompletableFuture<String> failure) {
        AtomicReference<String> last = new AtomicReference<>("no answer");
        AtomicLong nextReport = new AtomicLong(System.nanoTime() + REPORT_INTERVAL.toNanos());
        try {
            Waiting.until(deadline, "Velox was not ready", () -> {
                if (failure.isDone()) {
                    throw new StartFailure(failure.join());
                }
                boolean isReady = ask(management.resolve("/health/ready"), last);
                if (!isReady && System.nanoTime() - nextReport.get() > 0) {
                    LOG.warn("Velox is not ready yet: {}", last.get());
                    nextReport.addAndGet(REPORT_INTERVAL.toNanos());
                }
                return isReady;
            });
        } catch (StartFailure e) {
            throw new StartFailure(e.getMessage() + "; it last said: " + last.get(), e);
        }
    }

    private boolean ask(URI address, AtomicReference<String> last) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            if (connection instanceof HttpsURLConnection secure && pinned.isPresent()) {
                secure.setSSLSocketFactory(pinned.get());
                secure.setHostnameVerifier((host, session) -> true);
            }
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
