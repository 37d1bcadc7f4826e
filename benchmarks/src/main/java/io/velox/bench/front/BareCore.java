package io.velox.bench.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.velox.bench.Setting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** {@link BareApplication} on the server's core. */
public final class BareCore {
    private static final List<String> OPTIONS = List.of("-Xmx64m", "-XX:+UseSerialGC");

    private final Setting setting;

    public BareCore(Setting setting) {
        this.setting = setting;
    }

    /** Microseconds from when each request was due until its time had been spent. */
    public Histogram steady(double perSecond, long workNanos, Duration duration) throws IOException {
        Process process = new ProcessBuilder(ServerJava.command(
                        setting,
                        OPTIONS,
                        BareApplication.class,
                        Double.toString(perSecond),
                        Long.toString(workNanos),
                        Long.toString(duration.toMillis())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the loop on the server's core ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the loop on the server's core ends", e);
        }
        return BareApplication.decoded(said);
    }
}
