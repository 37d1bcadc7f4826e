package io.velox.standalone.demo;

import io.velox.client.TopKRequest;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits until all that was observed is learnt: until an answer reflects the newest receipt of each partition of the log, and with it every
 * older one.
 */
final class CatchUp {
    private static final Duration DEADLINE = Duration.ofHours(1);

    private final VeloxClient client;
    private final String model;

    private record Newest(String uid, String receipt, long offset) {}

    CatchUp(VeloxClient client, String model) {
        this.client = client;
        this.model = model;
    }

    /**
     * Blocks until it is so.
     *
     * @param receipts the last one of each user
     */
    void await(Map<String, String> receipts) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        newestOfPartitions(receipts).values().forEach(newest -> {
            while (!isLearnt(newest)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("observation " + newest.receipt() + " was not learnt within "
                            + DEADLINE.toMinutes() + " minutes");
                }
            }
        });
    }

    private boolean isLearnt(Newest newest) {
        try {
            client.topK(model, TopKRequest.of(newest.uid(), 1).after(newest.receipt()));
            return true;
        } catch (VeloxClientException e) {
            if (e.isPassing()) {
                return false;
            }
            throw e;
        }
    }

    /** By what stands before the offset in a receipt: epoch and partition. */
    private static Map<String, Newest> newestOfPartitions(Map<String, String> receipts) {
        Map<String, Newest> newest = new HashMap<>();
        receipts.forEach((uid, receipt) -> {
            int end = receipt.lastIndexOf(':');
            Newest one = new Newest(uid, receipt, Long.parseLong(receipt.substring(end + 1)));
            newest.merge(receipt.substring(0, end), one, (a, b) -> a.offset() > b.offset() ? a : b);
        });
        return newest;
    }
}
