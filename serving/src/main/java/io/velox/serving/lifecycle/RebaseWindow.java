package io.velox.serving.lifecycle;

import io.velox.core.user.Revision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The users whose rebase records are under way: sent, or about to be, and not yet applied by the job; no more of them than the pace
 * allows. A user leaves when the feed has
 * brought a revision that reaches the record's, with weights in the version; the feed may be faster than the log's answer, and may
 * repeat itself. A user who comes back without weights, because the job did not have the version yet, is to be sent again. Safe for
 * use from any thread.
 */
final class RebaseWindow {
    private final RebasePace pace;
    private final Map<String, Flight> flights = new HashMap<>();
    private final Queue<String> failed = new ArrayDeque<>();

    RebaseWindow(RebasePace pace) {
        this.pace = pace;
    }

    private static final class Flight {
        private @Nullable Revision sent;
        private long sentAt;
        private @Nullable Revision applied;
        private boolean isRebased;
    }

    /** What became of an attempt to enter. */
    enum Entry {
        ENTERED,
        /** The user is under way already, which is as good. */
        UNDER_WAY,
        FULL
    }

    /** Enters a user, after waiting up to {@code patience} for a place. */
    synchronized Entry enter(String uid, Duration patience) throws InterruptedException {
        if (flights.containsKey(uid)) {
            return Entry.UNDER_WAY;
        }
        if (flights.size() >= pace.size()) {
            TimeUnit.NANOSECONDS.timedWait(this, patience.toNanos());
        }
        if (flights.size() >= pace.size()) {
            return Entry.FULL;
        }
        flights.put(uid, new Flight());
        return Entry.ENTERED;
    }

    /** The user's record is in the log. */
    synchronized void sent(String uid, Revision position) {
        Flight flight = flights.get(uid);
        if (flight != null) {
            flight.sent = position;
            flight.sentAt = pace.now();
            land(uid, flight);
        }
    }

    /** The user's record did not get into the log, and is to be sent again. */
    synchronized void failed(String uid) {
        if (flights.containsKey(uid)) {
            failed.add(uid);
        }
    }

    /** The users whose records are to be sent again. */
    synchronized List<String> takeFailed() {
        List<String> taken = new ArrayList<>(failed);
        failed.clear();
        return taken;
    }

    /**
     * The job has applied a record of the user, any record.
     *
     * @param isRebased whether nothing is left to do for the user in the version
     */
    synchronized void applied(String uid, Revision revision, boolean isRebased) {
        Flight flight = flights.get(uid);
        if (flight == null) {
            return;
        }
        Revision before = flight.applied;
        if (before == null || !before.isInPartitionOf(revision) || revision.hasReached(before)) {
            flight.applied = revision;
            flight.isRebased = isRebased;
        }
        land(uid, flight);
    }

    private synchronized void land(String uid, Flight flight) {
        Revision sent = flight.sent;
        Revision applied = flight.applied;
        if (sent == null || applied == null || !applied.isInPartitionOf(sent) || !applied.hasReached(sent)) {
            return;
        }
        pace.landed(flight.sentAt);
        if (flight.isRebased) {
            flights.remove(uid);
            notifyAll();
        } else {
            flight.sent = null;
            failed.add(uid);
        }
    }

    /** Waits up to {@code patience} until nobody is under way; whether that is so. */
    synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
        if (!flights.isEmpty()) {
            TimeUnit.NANOSECONDS.timedWait(this, patience.toNanos());
        }
        return flights.isEmpty();
    }

    /** How many may be under way now. */
    int size() {
        return pace.size();
    }

    synchronized int underWay() {
        return flights.size();
    }
}
