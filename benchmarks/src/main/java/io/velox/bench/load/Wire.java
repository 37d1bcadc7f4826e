package io.velox.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A connection on which requests may be sent before those before them are answered; answers come in the order of their requests. Of an
 * answer it reads what counts: its status, whether it says {@code Retry-After}, its length. Confined to one thread.
 *
 * <p>Source: RFC 9112, 9.3.2 Pipelining.
 */
final class Wire implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
    private static final byte[] RETRY = "retry-after:".getBytes(US_ASCII);
    private static final int STATUS_AT = 9;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ByteBuffer in = ByteBuffer.wrap(bytes);
    /** When the requests that are under way were due, the oldest at {@code first}; a ring. */
    private long[] due = new long[64];

    private int first;
    private int underWay;

    /** Told of each answer, in order. */
    interface Answers {
        /** {@code length} is the whole answer's, in bytes. */
        void answered(long dueNanos, int status, boolean saysRetry, int length);
    }

    Wire(SocketAddress address, Selector selector) throws IOException {
        this.channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    int underWay() {
        return underWay;
    }

    /** Takes a request to be sent by the next {@link #flush}; false where the server takes so little that there is no room. */
    boolean offer(byte[] request, long dueNanos) {
        if (out.remaining() < request.length) {
            return false;
        }
        out.put(request);
        if (underWay == due.length) {
            long[] longer = new long[2 * due.length];
            for (int i = 0; i < underWay; i++) {
                longer[i] = due[(first + i) % due.length];
            }
            due = longer;
            first = 0;
        }
        due[(first + underWay++) % due.length] = dueNanos;
        return true;
    }

    void flush() throws IOException {
        if (out.position() > 0) {
            out.flip();
            channel.write(out);
            out.compact();
            key.interestOps(out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    void read(Answers answers) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed a connection with " + underWay + " requests under way");
        }
        int end = in.position();
        int begin = 0;
        for (int length = answer(begin, end, answers); length > 0; length = answer(begin, end, answers)) {
            begin += length;
        }
        if (begin > 0) {
            in.flip().position(begin);
            in.compact();
        } else if (!in.hasRemaining()) {
            throw new IOException("an answer is longer than " + BUFFER_BYTES + " bytes");
        }
    }

    /** Tells of the answer that begins there, and returns its length; 0 where it is not all there yet. */
    private int answer(int begin, int end, Answers answers) throws IOException {
        int length = -1;
        boolean saysRetry = false;
        int line = begin;
        for (int i = begin; i < end; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (i - line <= 1) {
                int all = i + 1 - begin + length;
                if (length < 0) {
                    throw new IOException("an answer does not tell its length");
                }
                if (begin + all > end) {
                    return 0;
                }
                answers.answered(taken(), number(begin + STATUS_AT), saysRetry, all);
                return all;
            }
            if (begins(line, i, LENGTH)) {
                length = number(line + LENGTH.length + 1);
            } else if (begins(line, i, RETRY)) {
                saysRetry = true;
            }
            line = i + 1;
        }
        return 0;
    }

    private long taken() {
        if (underWay == 0) {
            throw new IllegalStateException("an answer to no request");
        }
        long oldest = due[first];
        first = (first + 1) % due.length;
        underWay--;
        return oldest;
    }

    private boolean begins(int line, int end, byte[] name) {
        if (end - line <= name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            // Lower case in ASCII; what else changes is in no name.
            if ((bytes[line + i] | 0x20) != (name[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private int number(int at) {
        int number = 0;
        for (int i = at; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = 10 * number + bytes[i] - '0';
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
