package io.velox.serving.lifecycle;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * The minutes of the last day by model, and what the totals of losses were at an earlier time. Where no minute is old enough, it is what
 * each subtask first reported of the version: less than that is not known. Single writer; may be read from any thread.
 */
final class HealthMinutes {
    private final Map<String, NavigableMap<Long, HealthMinute>> minutes = new ConcurrentHashMap<>();

    /** What each subtask reported of a version first. */
    private final Map<ModelVersion, Map<Integer, HealthRecord.Version>> first = new ConcurrentHashMap<>();

    /** The delays that each subtask reported first. */
    private final Map<Integer, DelayHistogram> firstDelays = new ConcurrentHashMap<>();

    void add(HealthMinute minute) {
        NavigableMap<Long, HealthMinute> ofModel =
                minutes.computeIfAbsent(minute.model(), model -> new ConcurrentSkipListMap<>());
        ofModel.put(minute.minute(), minute);
        ofModel.headMap(ofModel.lastKey() - HealthMinute.KEPT, true).clear();
    }

    /** Takes note of what a report names for the first time. */
    void note(HealthRecord report) {
        for (HealthRecord.Version version : report.versions()) {
            first.computeIfAbsent(version.id(), id -> new ConcurrentHashMap<>()).putIfAbsent(report.subtask(), version);
        }
        firstDelays.computeIfAbsent(report.subtask(), subtask -> HealthReports.delays(report));
    }

    /** The totals are divided anew among other subtasks. */
    void beginAnew() {
        first.clear();
        firstDelays.clear();
    }

    /** In ascending order. */
    List<HealthMinute> of(String model) {
        NavigableMap<Long, HealthMinute> ofModel = minutes.get(model);
        return ofModel == null ? List.of() : List.copyOf(ofModel.values());
    }

    /** What the total of a version's losses was at {@code time}, or at the minute before it. */
    LossMoments totalAt(ModelVersion version, Instant time) {
        return before(version, time)
                .map(HealthMinute.Version::total)
                .or(() -> after(version).map(v -> v.total().since(v.loss())))
                .orElseGet(() -> firstOf(version, HealthRecord.Version::loss));
    }

    /** The same over the validation pool. */
    LossMoments validationTotalAt(ModelVersion version, Instant time) {
        return before(version, time)
                .map(HealthMinute.Version::validationTotal)
                .or(() -> after(version).map(v -> v.validationTotal().since(v.validation())))
                .orElseGet(() -> firstOf(version, HealthRecord.Version::validation));
    }

    /** What all delays were at the end of the model's last minute before {@code minute}. */
    DelayHistogram delaysBefore(String model, long minute) {
        NavigableMap<Long, HealthMinute> ofModel = minutes.get(model);
        Map.Entry<Long, HealthMinute> last = ofModel == null ? null : ofModel.lowerEntry(minute);
        if (last != null) {
            return DelayHistogram.decode(last.getValue().delays());
        }
        DelayHistogram total = new DelayHistogram();
        firstDelays.values().forEach(total::add);
        return total;
    }

    private Optional<HealthMinute.Version> before(ModelVersion version, Instant time) {
        List<HealthMinute> all = of(version.model());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!all.get(i).end().isAfter(time)) {
                Optional<HealthMinute.Version> found = all.get(i).version(version.version());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The first that is known of a version, when nothing is known of before. */
    private Optional<HealthMinute.Version> after(ModelVersion version) {
        return of(version.model()).stream()
                .flatMap(minute -> minute.version(version.version()).stream())
                .findFirst();
    }

    private LossMoments firstOf(ModelVersion version, Function<HealthRecord.Version, LossMoments> what) {
        return first.getOrDefault(version, Map.of()).values().stream()
                .map(what)
                .reduce(LossMoments.NONE, LossMoments::plus);
    }
}
