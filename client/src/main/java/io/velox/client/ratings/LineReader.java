package io.velox.client.ratings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of UTF-8 text with their numbers, of a bounded length. A line that is too long, or not UTF-8, is a problem of that line only.
 * Used by one thread.
 */
final class LineReader {
    static final int LONGEST_BYTES = 1 << 20;

    private static final char REPLACEMENT = '\uFFFD';
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int begin;
    private int end;
    private long number;
    private String text = "";
    private String problem = "";

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Goes on to the next line; false if there is none. */
    boolean advance() throws IOException {
        int scanned = 0;
        boolean isTooLong = false;
        while (true) {
            for (int at = begin + scanned; at < end; at++) {
                if (buffer[at] == '\n') {
                    take(at, isTooLong);
                    begin = at + 1;
                    return true;
                }
            }
            scanned = end - begin;
            if (scanned > LONGEST_BYTES) {
                isTooLong = true;
                begin = end;
                scanned = 0;
            }
            if (!fill()) {
                if (scanned == 0 && !isTooLong) {
                    return false;
                }
                take(end, isTooLong);
                begin = end;
                return true;
            }
        }
    }

    /** Of the current line, from 1. */
    long number() {
        return number;
    }

    /** The current line without its end; empty if it has a problem. */
    String text() {
        return text;
    }

    /** Why the current line is no text; empty if it is. */
    String problem() {
        return problem;
    }

    private void take(int lineEnd, boolean isTooLong) {
        number++;
        text = "";
        problem = "";
        if (isTooLong || lineEnd - begin > LONGEST_BYTES) {
            problem = "the line is longer than " + LONGEST_BYTES + " bytes";
            return;
        }
        int length = lineEnd > begin && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 - begin : lineEnd - begin;
        text = new String(buffer, begin, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(length)) {
            text = "";
            problem = "the line is not UTF-8; convert the file, with iconv for instance";
        } else if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
    }

    /** Also text that means the replacement character has one. */
    private boolean isUtf8(int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, begin, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private boolean fill() throws IOException {
        if (begin > 0) {
            System.arraycopy(buffer, begin, buffer, 0, end - begin);
            end -= begin;
            begin = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, end, buffer.length - end);
        end += Math.max(0, read);
        return read > 0;
    }
}
