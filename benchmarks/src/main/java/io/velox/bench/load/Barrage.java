package io.velox.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As many requests as one core can send, from the calling thread, which never sleeps: the clock and the connections are all it looks at.
 * A request goes to a connection on which none is under way, and where there is none such, behind others; so that however slow a server
 * is, requests reach it when they are due.
 */
public final class Barrage implements AutoCloseable {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    private final Selector selector;
    private final List<Wire> wires = new ArrayList<>();
    private final Deque<Wire> free = new ArrayDeque<>();
    private final List<byte[]> requests;
    private int nextRequest;
    private int nextWire;
    private int underWay;

    /** Connects; {@code requests} are sent in turn, and each is a whole request of HTTP/1.1. */
    public Barrage(InetSocketAddress address, int connections, List<byte[]> requests) throws IOException {
        this.requests = List.copyOf(requests);
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            wires.add(new Wire(address, selector));
        }
        free.addAll(wires);
    }

    /** Requests at a rate, each timed from the moment at which it was due, and then the last answers. Blocks. */
    public Course steady(double perSecond, Duration duration) throws IOException {
        long begin = System.nanoTime();
        Course course = new Course(begin, duration);
        double interval = 1e9 / perSecond;
        long count = (long) (duration.toNanos() / interval);
        long sent = 0;
        while (sent < count) {
            long now = System.nanoTime();
            long due = Math.min(count, (long) ((now - begin) / interval) + 1);
            boolean isIdle = sent == due;
            for (Wire behind = null; sent < due; sent++) {
                long moment = begin + (long) (sent * interval);
                course.sent(moment, now);
                behind = send(moment, behind, course);
            }
            turn(course, now, isIdle);
        }
        awaitLast(course);
        return course;
    }

    /** So many requests under way at any time, a new one for each that is answered, and then the last answers. Blocks. */
    public Course saturating(int atOnce, Duration duration) throws IOException {
        long begin = System.nanoTime();
        Course course = new Course(begin, duration);
        for (long now = begin; now - begin < duration.toNanos(); now = System.nanoTime()) {
            boolean isIdle = underWay >= atOnce;
            for (Wire behind = null; underWay < atOnce; ) {
                behind = send(now, behind, course);
            }
            turn(course, now, isIdle);
        }
        awaitLast(course);
        return course;
    }

    /** Sends on a free connection, or behind others: on {@code behind} if that is given, so that those due at once share a packet. */
    private Wire send(long due, @Nullable Wire behind, Course course) {
        byte[] request = requests.get(nextRequest++ % requests.size());
        Wire idle = free.pollFirst();
        Wire wire = idle != null ? idle : behind != null ? behind : wires.get(nextWire++ % wires.size());
        for (int tried = 0; tried <= wires.size(); tried++) {
            if (wire.offer(request, due)) {
                underWay++;
                return wire;
            }
            wire = wires.get(nextWire++ % wires.size());
        }
        course.failed(due);
        return wire;
    }

    private void turn(Course course, long now, boolean nothingSent) throws IOException {
        for (Wire wire : wires) {
            wire.flush();
        }
        int ready = selector.selectNow();
        if (ready == 0 && nothingSent) {
            course.idled(System.nanoTime() - now);
            return;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            Wire wire = (Wire) key.attachment();
            if (key.isReadable()) {
                int before = wire.underWay();
                wire.read(course);
                underWay -= before - wire.underWay();
                if (before > 0 && wire.underWay() == 0) {
                    free.addLast(wire);
                }
            }
        }
        selector.selectedKeys().clear();
    }

    private void awaitLast(Course course) throws IOException {
        long end = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (underWay > 0 && System.nanoTime() < end) {
            turn(course, end, false);
        }
        if (underWay > 0) {
            throw new IOException(underWay + " requests have no answer after " + LAST_ANSWERS.toSeconds() + " s");
        }
    }

    @Override
    public void close() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
        selector.close();
    }
}
