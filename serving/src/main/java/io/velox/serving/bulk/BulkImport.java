package io.velox.serving.bulk;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import io.velox.serving.bulk.LineFormat.LineParser;
import io.velox.serving.log.ObservationLog;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Takes one body, line by line, into the log. A line that is no observation is counted and stops nothing. Memory is bounded, whatever
 * the length: what is queued of the body, one buffer of lines, and what is on its way to the log. Confined to one thread, which waits.
 */
public final class BulkImport {
    private static final int GZIP_STEP_BYTES = 1 << 10;
    /** The most problems that are told. */
    public static final int MAX_PROBLEMS = 1_000;

    /**
     * What the request says about its lines.
     *
     * @param firstLine the number of the first line with an observation; the format's own if empty
     * @param name of the import: a line without an id of its own gets the id {@code name:line}
     */
    public record Options(LineFormat format, boolean isGzip, Optional<Long> firstLine, Optional<String> name) {
        long firstLineNumber() {
            return firstLine.orElse(format.firstLine());
        }
    }

    private final BodyStream body;
    private final Options options;
    private final BulkAppender appender;
    private Batch batch = new Batch();
    private long problems;

    public BulkImport(BodyStream body, Options options, ObservationLog log, BulkMetrics metrics) {
        this.body = body;
        this.options = options;
        this.appender = new BulkAppender(log, metrics, body::abort);
    }

    /**
     * Reads the body to its end; closes it in any case.
     *
     * @throws BulkFailure when the body or the log fails in between, or when already the beginning makes no sense; what was read until
     *     then is in the log, as far as possible
     */
    public BulkProgress run() {
        body.beforeWaiting(this::flush);
        try (body) {
            Optional<IOException> broken = readAll();
            flush();
            appender.settle();
            if (broken.isPresent()) {
                throw failure(broken.get());
            }
            return appender.progress();
        } catch (VeloxException e) {
            throw failure(e);
        }
    }

    private BulkFailure failure(Exception cause) {
        BulkProgress progress = appender.progress();
        return new BulkFailure(cause, progress, options.firstLineNumber() + progress.lines());
    }

    /** Reads until the end, or until the body fails, which it returns. */
    private Optional<IOException> readAll() {
        try {
            if (body.available() == 0) {
                return Optional.empty();
            }
            InputStream in = options.isGzip() ? unpacked(body) : body;
            LineReader lines = new LineReader(in);
            LineParser parser = options.format().begin(lines);
            for (long number = options.firstLineNumber(); lines.next(); number++) {
                read(lines, number, parser);
                if (batch.isFull()) {
                    flush();
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** In small steps: one that meets with damage takes with it what it has unpacked. */
    private static InputStream unpacked(InputStream packed) throws IOException {
        return new FilterInputStream(new GzipCompressorInputStream(packed, true)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, GZIP_STEP_BYTES));
            }
        };
    }

    private void read(LineReader line, long number, LineParser parser) {
        if (line.isBlank()) {
            batch.skip();
            return;
        }
        try {
            if (line.isTooLong()) {
                throw VeloxException.ofField(
                        ErrorCode.INVALID_REQUEST,
                        "line",
                        "line must have at most " + LineReader.MAX_LINE_BYTES + " bytes");
            }
            batch.accept(named(parser.parse(line), number), line.length());
        } catch (VeloxException e) {
            batch.refuse(number, e, problems < MAX_PROBLEMS);
            problems++;
        }
    }

    private UserRecord.Observed named(UserRecord.Observed o, long number) {
        return o.id() != null || options.name().isEmpty()
                ? o
                : new UserRecord.Observed(
                        o.uid(),
                        o.item(),
                        o.label(),
                        o.timestamp(),
                        options.name().get() + ":" + number,
                        o.impression());
    }

    private void flush() {
        if (!batch.isEmpty()) {
            Batch full = batch;
            batch = new Batch();
            appender.append(full);
        }
    }
}
