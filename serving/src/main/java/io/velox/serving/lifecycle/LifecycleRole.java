package io.velox.serving.lifecycle;

import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of the one node that runs the lifecycle: it goes to the member of a consumer group that holds the one partition of a topic.
 * This node is a member for as long as it runs. Each time that it gains the role a {@link Term} begins, which ends when the role is
 * lost; when the term itself finds that it is over, or cannot begin, the node leaves the group, which gives the role to another, and
 * joins again.
 *
 * <p>Everything happens on the thread {@code lifecycle-role}. A node that was asleep for longer than the group allows learns late that it
 * has lost the role: what it writes meanwhile has to be refused by other means, as {@link CatalogueWriter} has.
 */
public final class LifecycleRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleRole.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PAUSE_MS = 1_000;
    private static final long CLOSE_TIMEOUT_MS = 20_000;

    private final Supplier<Consumer<byte[], byte[]>> members;
    private final String topic;
    private final Supplier<Term> terms;
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> member;
    private volatile boolean isBeginning;
    private volatile boolean closed;
    private boolean isAssigned;
    private boolean isFailing;
    private @Nullable Term term;

    /** One time of having the role. */
    public interface Term extends AutoCloseable {
        /** Whether the term has ended by itself. */
        boolean isOver();

        /** Ends it: whatever it does has stopped, or is stopping, when this returns. */
        @Override
        void close();
    }

    /**
     * A member of the group that {@link #start} sets off.
     *
     * @param members consumers in the group, each closed when it leaves
     * @param topic of one partition, of which nothing is read here
     * @param terms begins a term; may block for seconds, and may be interrupted; throws {@link VeloxException} if it cannot begin
     */
    public LifecycleRole(Supplier<Consumer<byte[], byte[]>> members, String topic, Supplier<Term> terms) {
        this.members = members;
        this.topic = topic;
        this.terms = terms;
        this.thread = new Thread(this::run, "lifecycle-role");
        thread.setDaemon(true);
    }

    public LifecycleRole start() {
        thread.start();
        return this;
    }

    private void run() {
        while (!closed) {
            try (Consumer<byte[], byte[]> taken = members.get()) {
                member = taken;
                taken.subscribe(List.of(topic), new Assignments(taken));
                serve(taken);
                end();
            } catch (KafkaException | VeloxException e) {
                if (!closed && !isFailing) {
                    LOG.warn(
                            "this node cannot have the lifecycle's role now, and tries until it can: {}",
                            e.getMessage());
                }
                isFailing = true;
            } catch (RuntimeException | Error e) {
                LOG.error("the lifecycle's role failed, and is tried again", e);
            }
            end();
            isAssigned = false;
            pause();
        }
    }

    /** Until the node is to leave the group. */
    private void serve(Consumer<byte[], byte[]> member) {
        while (!closed) {
            var unused = member.poll(POLL);
            Term current = term;
            if (current == null && isAssigned) {
                begin();
            } else if (current != null && current.isOver()) {
                LOG.warn("this node gives the lifecycle's role up");
                return;
            }
        }
    }

    private void begin() {
        isBeginning = true;
        try {
            term = closed ? null : terms.get();
            isFailing = false;
            LOG.info("this node has the lifecycle's role");
        } finally {
            isBeginning = false;
            Thread.interrupted(); // leaving the group is not to be broken off by what broke off the beginning
        }
    }

    private void end() {
        Term ending = term;
        term = null;
        if (ending != null) {
            ending.close();
            LOG.info("this node no longer has the lifecycle's role");
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> member;

        Assignments(Consumer<byte[], byte[]> member) {
            this.member = member;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                member.pause(partitions);
                isAssigned = true;
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                isAssigned = false;
                end();
            }
        }
    }

    private void pause() {
        long end = System.nanoTime() + Duration.ofMillis(PAUSE_MS).toNanos();
        synchronized (this) {
            try {
                while (!closed && System.nanoTime() - end < 0) {
                    wait(PAUSE_MS);
                }
            } catch (InterruptedException e) {
                LOG.debug("woken to close");
            }
        }
    }

    /** Ends the term, if there is one, and leaves the group. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        Consumer<byte[], byte[]> taken = member;
        if (isBeginning) {
            thread.interrupt();
        } else if (taken != null) {
            taken.wakeup();
        }
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
