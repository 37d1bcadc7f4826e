package io.velox.serving.bulk;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream of bytes into lines, which end with LF or CR LF; the last one needs no end. A line above {@link #MAX_LINE_BYTES} is
 * passed over and reported as too long. A byte order mark at the very beginning is no part of the first line. Confined to one thread.
 */
public final class LineReader {
    /** The longest line, without its end. */
    public static final int MAX_LINE_BYTES = 64 << 10;

    private static final int BUFFER_BYTES = 2 * MAX_LINE_BYTES;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int limit;
    private int nextStart;
    private int start;
    private int length;
    private boolean isTooLong;
    private boolean isEnded;
    private boolean hasBegun;

    public LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * Goes to the next line; false at the end.
     *
     * @throws IOException when the stream breaks off; what was read of a line until then is not taken for one
     */
    public boolean next() throws IOException {
        if (!hasBegun) {
            hasBegun = true;
            skipByteOrderMark();
        }
        isTooLong = false;
        int searched = nextStart;
        while (true) {
            for (int i = searched; i < limit; i++) {
                if (buffer[i] == '\n') {
                    take(i, i + 1);
                    return true;
                }
            }
            if (isEnded) {
                boolean isLine = nextStart < limit || isTooLong;
                take(limit, limit);
                return isLine;
            }
            if (limit - nextStart > MAX_LINE_BYTES + 1) {
                isTooLong = true;
                nextStart = limit;
            }
            makeRoom();
            searched = limit;
            fill();
        }
    }

    private void take(int end, int next) {
        boolean hasReturn = end > nextStart && buffer[end - 1] == '\r';
        start = nextStart;
        length = end - nextStart - (hasReturn ? 1 : 0);
        isTooLong |= length > MAX_LINE_BYTES;
        nextStart = next;
    }

    /** Moves the unread bytes to the front. */
    private void makeRoom() {
        System.arraycopy(buffer, nextStart, buffer, 0, limit - nextStart);
        limit -= nextStart;
        nextStart = 0;
    }

    private void fill() throws IOException {
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            isEnded = true;
        } else {
            limit += read;
        }
    }

    private void skipByteOrderMark() throws IOException {
        while (limit < 3 && !isEnded) {
            fill();
        }
        if (limit >= 3 && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb && buffer[2] == (byte) 0xbf) {
            nextStart = 3;
        }
    }

    /** Whether the line is above the limit; its bytes are gone then. */
    public boolean isTooLong() {
        return isTooLong;
    }

    /** Whether there is nothing but spaces and tabs in the line. */
    public boolean isBlank() {
        for (int i = start; i < start + length; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return !isTooLong;
    }

    /** The array that holds the line from {@link #start} on, {@link #length} bytes long, until the next line is asked for. */
    public byte[] buffer() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }
}
