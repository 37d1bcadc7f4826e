package io.velox.serving.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.error.Whereabouts;
import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.HealthFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes each minute of each model's health by a record in the topic of health, from which every node reads the history. A minute's
 * losses are the difference of totals from the minute closed before, so that a minute that was not written is part of the next one; two
 * nodes that write the same minute write the same, but for their audits. It also removes the reports of subtasks that the job has no
 * more, since they name users.
 *
 * <p>Single writer, on the executor that it is given.
 */
public final class HealthHistoryWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthHistoryWriter.class);
    private static final long CHECK_MS = 1_000;

    /** For so long totals may be behind those of before, because the job learns again what it had learnt after its checkpoint. */
    private static final long LONGEST_REPLAY_MINUTES = 60;

    private final HealthFeed health;
    private final Supplier<AuditPass> audit;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Clock clock;
    private long closed;

    /**
     * A writer that closes the minute under way as its first.
     *
     * @param producer idempotent; closed with this
     */
    public HealthHistoryWriter(
            HealthFeed health,
            Supplier<AuditPass> audit,
            Producer<byte[], byte[]> producer,
            String topic,
            Clock clock) {
        this.health = health;
        this.audit = audit;
        this.producer = producer;
        this.topic = topic;
        this.clock = clock;
        this.closed = minuteNow() - 1;
    }

    /** Begins to write, which may be done only when the feed has read what was written before. */
    public void start(ScheduledExecutorService executor) {
        var unused = executor.scheduleWithFixedDelay(this::closeOrLog, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    }

    private void closeOrLog() {
        try {
            closeMinute();
        } catch (RuntimeException e) {
            LOG.error("a minute of health is not written, and becomes part of the next: {}", Whereabouts.of(e));
        }
    }

    private long minuteNow() {
        return Math.floorDiv(clock.instant().getEpochSecond(), 60L);
    }

    /** Writes the minute that is over, if one is. */
    void closeMinute() {
        long over = minuteNow() - 1;
        if (over <= closed) {
            return;
        }
        closed = over;
        if (!health.isComplete()) {
            return;
        }
        Map<ModelVersion, LossMoments> loss = health.loss();
        SortedSet<String> models = new TreeSet<>();
        loss.keySet().stream().filter(health::isLoadedEverywhere).forEach(id -> models.add(id.model()));
        for (String model : models) {
            minute(model, over, loss).ifPresent(m -> send(m.key(), RecordCodec.write(m)));
        }
        health.formerSubtasks().forEach(subtask -> send(Integer.toString(subtask), null));
    }

    /** The model's minute; empty where totals are behind those of before. */
    private Optional<HealthMinute> minute(String model, long minute, Map<ModelVersion, LossMoments> loss) {
        Instant begin = Instant.ofEpochSecond(60 * minute);
        AuditPass pass = audit.get();
        boolean isOfMinute = Math.floorDiv(pass.at().getEpochSecond(), 60L) == minute;
        DelayHistogram delays = health.delays();
        DelayHistogram delaysBefore = health.delaysBefore(model, minute);
        boolean isBehind = delays.count() < delaysBefore.count();
        Map<ModelVersion, LossMoments> validation = health.validation();
        List<HealthMinute.Version> versions = new ArrayList<>();
        for (Map.Entry<ModelVersion, LossMoments> total : loss.entrySet()) {
            ModelVersion id = total.getKey();
            if (id.model().equals(model) && health.isLoadedEverywhere(id)) {
                LossMoments before = health.lossAt(id, begin);
                LossMoments validated = validation.getOrDefault(id, LossMoments.NONE);
                isBehind |= total.getValue().count() < before.count();
                versions.add(new HealthMinute.Version(
                        id.version(),
                        total.getValue(),
                        total.getValue().since(before),
                        validated,
                        validated.since(health.validationAt(id, begin)),
                        isOfMinute ? pass.crossValidation().getOrDefault(id, LossMoments.NONE) : LossMoments.NONE));
            }
        }
        return isBehind && isReplaying(model, minute)
                ? Optional.empty()
                : Optional.of(new HealthMinute(
                        model,
                        minute,
                        versions,
                        delays.encoded(),
                        HealthMinute.Freshness.of(delays.since(delaysBefore)),
                        isOfMinute ? pass.models().get(model) : null));
    }

    private boolean isReplaying(String model, long minute) {
        List<HealthMinute> history = health.history(model);
        return !history.isEmpty() && minute - history.get(history.size() - 1).minute() <= LONGEST_REPLAY_MINUTES;
    }

    private void send(String key, byte @Nullable [] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value), (sent, error) -> {
            if (error != null) {
                LOG.warn("a record of health could not be written: {}", error.toString());
            }
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
