package io.velox.standalone.demo;

import io.velox.client.cli.Progress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Fetches a file over HTTP, with progress; gives up when nothing comes for a while. A broken download leaves no file. */
final class Download {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Duration patience;
    private final Screen screen;

    /**
     * A download.
     *
     * @param patience how long it may stand still
     */
    Download(Duration patience, Screen screen) {
        this.patience = patience;
        this.screen = screen;
    }

    void fetch(URI address, Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Path part = Files.createTempFile(
                target.toAbsolutePath().getParent(), target.getFileName().toString(), ".part");
        try {
            screen.say("Downloading " + address);
            AtomicLong size = new AtomicLong(-1);
            HttpResponse<Path> response = await(send(address, part, size), part, size);
            if (response.statusCode() != 200) {
                throw new IOException(address + " answered with HTTP status " + response.statusCode());
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static CompletableFuture<HttpResponse<Path>> send(URI address, Path part, AtomicLong size) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        return http.sendAsync(HttpRequest.newBuilder(address).build(), head -> {
            size.set(head.headers().firstValueAsLong("Content-Length").orElse(-1));
            return BodySubscribers.ofFile(part);
        });
    }

    private HttpResponse<Path> await(CompletableFuture<HttpResponse<Path>> response, Path part, AtomicLong size)
            throws IOException {
        long arrived = 0;
        long lastArrival = System.nanoTime();
        try (Progress progress = screen.progress("bytes downloaded")) {
            while (true) {
                try {
                    return response.get(200, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = Files.size(part);
                    if (now > arrived) {
                        lastArrival = System.nanoTime();
                    } else if (System.nanoTime() - lastArrival > patience.toNanos()) {
                        response.cancel(true);
                        throw new IOException("nothing came for " + patience.toSeconds() + " s", e);
                    }
                    progress.add(now - arrived, size.get());
                    arrived = now;
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(
                    cause instanceof ConnectException || cause == null || cause.getMessage() == null
                            ? "no network"
                            : cause.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
