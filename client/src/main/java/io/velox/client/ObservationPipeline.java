package io.velox.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends many observations with several requests in flight, those of one user in the order in which they were added.
 *
 * <p>Each user belongs to one of some lanes; a lane is a thread that sends one batch after the other. {@link #add} blocks while the
 * user's lane is full. While the server is away or overloaded, a batch whose observations all have ids is sent again for two minutes.
 * A batch that the server refuses is sent again in halves until the observation at fault stands alone. Added to
 * by one thread.
 */
public final class ObservationPipeline implements AutoCloseable {
    /** Told of every observation, from the threads of the lanes. */
    public interface Listener {
        void acknowledged(long number, Observation observation, String receipt);

        void refused(long number, Observation observation, VeloxClientException reason);
    }

    private record Numbered(long number, Observation observation) {}

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Patience PATIENCE = new Patience(Duration.ofMinutes(2));

    private final VeloxClient client;
    private final int batchSize;
    private final Listener listener;
    private final List<Lane> lanes = new ArrayList<>();
    private volatile @Nullable RuntimeException failure;
    private boolean isFailureThrown;

    public ObservationPipeline(VeloxClient client, int laneCount, int batchSize, Listener listener) {
        if (laneCount < 1 || batchSize < 1) {
            throw new IllegalArgumentException("lanes and batch size must be at least 1");
        }
        this.client = client;
        this.batchSize = batchSize;
        this.listener = listener;
        for (int i = 0; i < laneCount; i++) {
            Lane lane = new Lane("velox-observe-" + i);
            lanes.add(lane);
            lane.start();
        }
    }

    /**
     * Hands over an observation, which will be sent soon.
     *
     * @param number the caller's own, handed on to the listener
     * @throws VeloxClientException if the server is gone, also for observations added before
     */
    public void add(long number, Observation observation) {
        Lane lane = lanes.get(Math.floorMod(observation.uid().hashCode(), lanes.size()));
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        try {
            while (!lane.queue.offer(new Numbered(number, observation), 100, TimeUnit.MILLISECONDS)) {
                failIfBroken();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "no observation could be sent for " + LONGEST_WAIT.toMinutes() + " minutes");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending observations", e);
        }
        failIfBroken();
    }

    /** Waits until everything that was added has been answered. */
    @Override
    public void close() {
        lanes.forEach(lane -> lane.isOver = true);
        try {
            for (Lane lane : lanes) {
                lane.join(LONGEST_WAIT.toMillis());
                if (lane.isAlive()) {
                    throw new IllegalStateException(
                            "observations were not answered within " + LONGEST_WAIT.toMinutes() + " minutes");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lanes.forEach(Thread::interrupt);
            throw new IllegalStateException("interrupted while sending observations", e);
        }
        failIfBroken();
    }

    /** Whether one of the observations is at fault, or their number, rather than the address, the rights or the server. */
    private static boolean isAboutAnObservation(VeloxClientException e) {
        return e.status() == 400 || e.status() == 413 || e.status() == 422;
    }

    private void failIfBroken() {
        RuntimeException e = failure;
        // Once: closing after a failure must not throw again what is already on its way.
        if (e != null && !isFailureThrown) {
            isFailureThrown = true;
            throw e;
        }
    }

    private final class Lane extends Thread {
        private final BlockingQueue<Numbered> queue = new ArrayBlockingQueue<>(2 * batchSize);
        private volatile boolean isOver;

        Lane(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                List<Numbered> batch = new ArrayList<>(batchSize);
                while (failure == null && (!isOver || !queue.isEmpty())) {
                    Numbered first = queue.poll(20, TimeUnit.MILLISECONDS);
                    if (first != null) {
                        batch.add(first);
                        queue.drainTo(batch, batchSize - 1);
                        send(batch);
                        batch.clear();
                    }
                }
            } catch (InterruptedException e) {
                failure = new IllegalStateException("interrupted while sending observations", e);
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        private List<String> observe(List<Observation> observations) {
            boolean named = observations.stream().allMatch(o -> o.id() != null);
            return named ? PATIENCE.get(() -> client.observe(observations)) : client.observe(observations);
        }

        private void send(List<Numbered> batch) {
            List<String> receipts;
            try {
                receipts = observe(batch.stream().map(Numbered::observation).toList());
            } catch (VeloxClientException e) {
                if (!isAboutAnObservation(e)) {
                    throw e;
                }
                if (batch.size() == 1) {
                    Numbered alone = batch.get(0);
                    listener.refused(alone.number(), alone.observation(), e);
                } else {
                    send(batch.subList(0, batch.size() / 2));
                    send(batch.subList(batch.size() / 2, batch.size()));
                }
                return;
            }
            for (int i = 0; i < receipts.size(); i++) {
                listener.acknowledged(batch.get(i).number(), batch.get(i).observation(), receipts.get(i));
            }
        }
    }
}
