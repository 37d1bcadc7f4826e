package io.velox.serving.lifecycle;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.log.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job's health, read from its topic on the thread {@code health-feed}: the last report of each subtask of the job that runs now.
 * A report of another job, or of another parallelism, supersedes all reports before it, unless it is older than they are.
 */
public final class HealthFeed implements JobHealth, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthFeed.class);

    private final TopicReader reader;
    private volatile List<HealthRecord> reports = List.of();

    public HealthFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
        this.reader = new TopicReader("health-feed", consumers, topic, TopicReader.Start.BEGINNING, this::record);
    }

    private void record(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || !isOfSubtask(record.key())) {
            return;
        }
        try {
            accept(RecordCodec.read(record.value(), HealthRecord.class));
        } catch (IOException e) {
            LOG.error("{}: record {} is no health report", record.topic(), record.offset(), e);
        }
    }

    /** Keys of other records of the topic have their kind before a slash. */
    private static boolean isOfSubtask(byte[] key) {
        return new String(key, StandardCharsets.UTF_8).indexOf('/') < 0;
    }

    /** Takes one report. Single writer. */
    void accept(HealthRecord report) {
        Map<Integer, HealthRecord> bySubtask = new TreeMap<>();
        for (HealthRecord other : reports) {
            if (other.job().equals(report.job()) && other.parallelism() == report.parallelism()) {
                bySubtask.put(other.subtask(), other);
            } else if (other.at().isAfter(report.at())) {
                return;
            }
        }
        bySubtask.put(report.subtask(), report);
        reports = List.copyOf(bySubtask.values());
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
        return reports.stream().map(HealthRecord::job).findFirst();
    }

    @Override
    public Optional<Instant> lastReport() {
        return reports.stream().map(HealthRecord::at).max(Instant::compareTo);
    }

    @Override
    public Map<ModelVersion, LossMoments> loss() {
        Map<ModelVersion, LossMoments> loss = new TreeMap<>();
        for (HealthRecord report : reports) {
            report.versions().forEach(version -> loss.merge(version.id(), version.loss(), LossMoments::plus));
        }
        return loss;
    }

    @Override
    public PairedLoss paired(ModelVersion first, ModelVersion second) {
        int lower = Math.min(first.version(), second.version());
        int higher = Math.max(first.version(), second.version());
        PairedLoss total = PairedLoss.NONE;
        for (HealthRecord report : reports) {
            for (HealthRecord.Pair pair : report.pairs()) {
                if (pair.model().equals(first.model()) && pair.first() == lower && pair.second() == higher) {
                    total = total.plus(pair.loss());
                }
            }
        }
        return first.version() == lower ? total : total.swapped();
    }

    @Override
    public boolean isLoadedEverywhere(ModelVersion version) {
        List<HealthRecord> now = reports;
        return !now.isEmpty()
                && now.size() == now.get(0).parallelism()
                && now.stream().allMatch(report -> report.versions().stream()
                        .anyMatch(v -> v.rejection() == null && v.id().equals(version)));
    }

    @Override
    public Optional<String> rejection(ModelVersion version) {
        return reports.stream()
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
