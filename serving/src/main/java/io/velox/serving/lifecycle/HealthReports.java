package io.velox.serving.lifecycle;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthRecord;
import io.velox.core.model.ModelVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last report of each subtask of one job, and what they come to together. Immutable. */
record HealthReports(List<HealthRecord> subtasks) {
    private static final Logger LOG = LoggerFactory.getLogger(HealthReports.class);

    HealthReports {
        subtasks = List.copyOf(subtasks);
    }

    <T> Map<ModelVersion, T> sum(Function<HealthRecord.Version, T> of, BinaryOperator<T> plus) {
        Map<ModelVersion, T> sum = new TreeMap<>();
        subtasks.forEach(
                report -> report.versions().forEach(version -> sum.merge(version.id(), of.apply(version), plus)));
        return sum;
    }

    List<HealthRecord.Pair> pairs(String model) {
        SortedMap<Integer, SortedMap<Integer, PairedLoss>> sum = new TreeMap<>();
        for (HealthRecord report : subtasks) {
            for (HealthRecord.Pair pair : report.pairs()) {
                if (pair.model().equals(model)) {
                    sum.computeIfAbsent(pair.first(), first -> new TreeMap<>())
                            .merge(pair.second(), pair.loss(), PairedLoss::plus);
                }
            }
        }
        return sum.entrySet().stream()
                .flatMap(first -> first.getValue().entrySet().stream()
                        .map(second ->
                                new HealthRecord.Pair(model, first.getKey(), second.getKey(), second.getValue())))
                .toList();
    }

    /** At most {@code most} of all subtasks' worst users, the worst first. */
    List<HealthRecord.WorstUser> worst(ModelVersion version, int most) {
        return subtasks.stream()
                .flatMap(report -> report.versions().stream())
                .filter(v -> v.id().equals(version))
                .flatMap(v -> v.worst().stream())
                .sorted(Comparator.comparingDouble(HealthRecord.WorstUser::loss)
                        .reversed()
                        .thenComparing(HealthRecord.WorstUser::uid))
                .limit(most)
                .toList();
    }

    DelayHistogram delays() {
        DelayHistogram total = new DelayHistogram();
        subtasks.forEach(report -> total.add(delays(report)));
        return total;
    }

    /** One subtask's; none where the report says nothing that can be read. */
    static DelayHistogram delays(HealthRecord report) {
        String delays = report.delays();
        try {
            return delays == null ? new DelayHistogram() : DelayHistogram.decode(delays);
        } catch (IllegalArgumentException e) {
            LOG.error("the report of subtask {} is read without its delays", report.subtask(), e);
            return new DelayHistogram();
        }
    }
}
