package io.velox.client.cli;

import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Waits until what was imported is learnt: for the last position of each partition, asking for the user whose record it is. Of the users
 * of a partition that is the one of the last line, so going back from the last line of all, the first whose receipt it can be.
 */
final class Learnt {
    private static final int REMEMBERED_USERS = 10_000;

    private final VeloxClient client;
    private final Set<String> users = new LinkedHashSet<>();
    private final Map<String, String> receipts = new TreeMap<>();

    Learnt(VeloxClient client) {
        this.client = client;
    }

    /** Adds a part of the import: the users of its lines in their order, and the last receipt of each partition. */
    void add(List<String> usersInOrder, List<String> lastReceipts) {
        for (String user : usersInOrder) {
            users.remove(user);
            users.add(user);
        }
        for (var oldest = users.iterator(); users.size() > REMEMBERED_USERS; ) {
            oldest.next();
            oldest.remove();
        }
        for (String receipt : lastReceipts) {
            receipts.put(receipt.substring(0, receipt.lastIndexOf(':')), receipt);
        }
    }

    /**
     * Waits.
     *
     * @throws IllegalStateException if it takes longer
     */
    void await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> newestFirst = new ArrayList<>(users);
        Collections.reverse(newestFirst);
        for (String receipt : receipts.values()) {
            for (String user : newestFirst) {
                if (isOf(user, receipt, deadline)) {
                    break;
                }
            }
        }
    }

    /** Whether the receipt can be this user's; if so, returns when it is learnt. */
    private boolean isOf(String user, String receipt, long deadline) {
        while (true) {
            try {
                client.userAfter(user, receipt);
                return true;
            } catch (VeloxClientException e) {
                if (e.code().equals("INVALID_RECEIPT")) {
                    return false;
                }
                if (!e.code().equals("RECEIPT_TIMEOUT")) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "everything is in the log, but not all of it was learnt in time; it will be, without doing anything",
                            e);
                }
            }
        }
    }
}
