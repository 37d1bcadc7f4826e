package io.velox.serving.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job's health, read from its topic on the thread {@code health-feed}: the last report of each subtask of the job that runs now,
 * and the minutes of the last day. A report of another job, or of another parallelism, supersedes all reports before it, unless it is
 * older than they are.
 */
public final class HealthFeed implements JobHealth, TopicReader.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthFeed.class);

    private static final int MOST_WORST_USERS = 20;

    private final TopicReader reader;
    private final HealthMinutes minutes = new HealthMinutes();
    private final Set<Integer> subtasks = new ConcurrentSkipListSet<>(); // of which the topic holds a report
    private volatile HealthReports reports = new HealthReports(List.of());

    public HealthFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
        this.reader = new TopicReader("health-feed", consumers, topic, TopicReader.Start.BEGINNING, this);
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        try {
            if (HealthMinute.isKey(key)) {
                if (record.value() != null) {
                    accept(RecordCodec.read(record.value(), HealthMinute.class));
                }
            } else if (key.indexOf('/') >= 0) {
                return; // a node's report, which NodeFeed reads
            } else if (record.value() == null) {
                subtasks.removeIf(subtask -> key.equals(Integer.toString(subtask)));
            } else {
                accept(RecordCodec.read(record.value(), HealthRecord.class));
            }
        } catch (IOException e) {
            LOG.error("{}: record {} is no record of health", record.topic(), record.offset(), e);
        }
    }

    /** Takes one report. Single writer. */
    void accept(HealthRecord report) {
        subtasks.add(report.subtask());
        Map<Integer, HealthRecord> bySubtask = new TreeMap<>();
        boolean isOfAnotherJob = false;
        for (HealthRecord other : reports.subtasks()) {
            if (other.job().equals(report.job()) && other.parallelism() == report.parallelism()) {
                bySubtask.put(other.subtask(), other);
            } else if (other.at().isAfter(report.at())) {
                return;
            } else {
                isOfAnotherJob = true;
            }
        }
        if (isOfAnotherJob) {
            minutes.beginAnew();
        }
        minutes.note(report);
        bySubtask.put(report.subtask(), report);
        reports = new HealthReports(List.copyOf(bySubtask.values()));
    }

    /** Takes one minute of the past. Single writer. */
    void accept(HealthMinute minute) {
        minutes.add(minute);
    }

    public HealthFeed start() {
        reader.start();
        return this;
    }

    /** Completes when every report of before the start is read. */
    public CompletableFuture<Void> ready() {
        return reader.ready();
    }

    @Override
    public Optional<String> jobId() {
        return reports.subtasks().stream().map(HealthRecord::job).findFirst();
    }

    @Override
    public Optional<Instant> lastReport() {
        return reports.subtasks().stream().map(HealthRecord::at).max(Instant::compareTo);
    }

    /** Whether every subtask of the job that runs has reported, so that sums over them are whole. */
    public boolean isComplete() {
        List<HealthRecord> now = reports.subtasks();
        return !now.isEmpty() && now.size() == now.get(0).parallelism();
    }

    @Override
    public Map<ModelVersion, LossMoments> loss() {
        return reports.sum(HealthRecord.Version::loss, LossMoments::plus);
    }

    @Override
    public LossMoments lossSince(ModelVersion version, Instant time) {
        return loss().getOrDefault(version, LossMoments.NONE).since(minutes.totalAt(version, time));
    }

    @Override
    public Map<ModelVersion, LossMoments> validation() {
        return reports.sum(HealthRecord.Version::validation, LossMoments::plus);
    }

    @Override
    public Map<ModelVersion, Long> unknown() {
        return reports.sum(HealthRecord.Version::unknown, Long::sum);
    }

    /** What the total of a version's losses was at {@code time}, to the minute. */
    public LossMoments lossAt(ModelVersion version, Instant time) {
        return minutes.totalAt(version, time);
    }

    /** The same over the validation pool. */
    public LossMoments validationAt(ModelVersion version, Instant time) {
        return minutes.validationTotalAt(version, time);
    }

    @Override
    public List<HealthRecord.WorstUser> worst(ModelVersion version) {
        return reports.worst(version, MOST_WORST_USERS);
    }

    @Override
    public List<HealthRecord.Pair> pairs(String model) {
        return reports.pairs(model);
    }

    @Override
    public PairedLoss paired(ModelVersion first, ModelVersion second) {
        int lower = Math.min(first.version(), second.version());
        int higher = Math.max(first.version(), second.version());
        PairedLoss total = pairs(first.model()).stream()
                .filter(pair -> pair.first() == lower && pair.second() == higher)
                .map(HealthRecord.Pair::loss)
                .findFirst()
                .orElse(PairedLoss.NONE);
        return first.version() == lower ? total : total.swapped();
    }

    /** Milliseconds from the acknowledgement of each observation until it was learnt, over all subtasks. */
    public DelayHistogram delays() {
        return reports.delays();
    }

    /** What {@link #delays} was at the end of the last minute in a model's history that is before {@code minute} since 1970. */
    public DelayHistogram delaysBefore(String model, long minute) {
        return minutes.delaysBefore(model, minute);
    }

    @Override
    public List<HealthMinute> history(String model) {
        return minutes.of(model);
    }

    /** Subtasks of which the topic still holds a report, though the job that runs has no such subtask. */
    public List<Integer> formerSubtasks() {
        List<HealthRecord> now = reports.subtasks();
        return now.isEmpty()
                ? List.of()
                : subtasks.stream()
                        .filter(subtask -> subtask >= now.get(0).parallelism())
                        .toList();
    }

    @Override
    public boolean isLoadedEverywhere(ModelVersion version) {
        return isComplete()
                && reports.subtasks().stream().allMatch(report -> report.versions().stream()
                        .anyMatch(v -> v.rejection() == null && v.id().equals(version)));
    }

    @Override
    public Optional<String> rejection(ModelVersion version) {
        return reports.subtasks().stream()
                .flatMap(report -> report.versions().stream())
                .filter(v -> v.rejection() != null && v.id().equals(version))
                .map(v -> String.valueOf(v.rejection()))
                .findFirst();
    }

    @Override
    public void close() {
        reader.close();
    }
}
