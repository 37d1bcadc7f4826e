package io.velox.job.health;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Impression;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.catalogue.LoadedVersions;
import io.velox.job.learn.Outcome;
import io.velox.job.learn.Outcome.VersionLoss;
import io.velox.job.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One subtask's account of its losses and delays since the job's first day, and when it is time to report them. Totals of versions that
 * are not loaded are kept, for they may come back. Single writer.
 */
public final class HealthAccount {
    /** An idle subtask reports this often, so that its last report is never older by much. */
    private static final long IDLE_REPORT_MS = 5_000;

    private final SortedMap<ModelVersion, VersionAccount> accounts = new TreeMap<>();
    private final DelayHistogram delays = new DelayHistogram();
    private boolean hasNews = true;
    private long reportedAt;

    /** Takes up totals from a checkpoint; after a change of parallelism a version may come more than once. */
    public void restore(Iterable<VersionTotal> saved) {
        saved.forEach(total -> {
            VersionAccount account = account(total.version());
            account.loss = account.loss.plus(total.loss());
            account.validation = account.validation.plus(total.validation());
            account.unknown += total.unknown();
        });
    }

    /** Takes up the totals of pairs, as {@link #restore} does those of versions. */
    public void restorePairs(Iterable<PairTotal> saved) {
        saved.forEach(total -> account(total.first()).pairs.merge(total.second(), total.loss(), PairedLoss::plus));
    }

    /** Takes up histograms of delays, as {@link #restore} does totals. */
    public void restoreDelays(Iterable<String> saved) {
        saved.forEach(encoded -> delays.add(DelayHistogram.decode(encoded)));
    }

    /**
     * Takes up the users served worst, of whom a checkpoint gives every subtask all.
     *
     * @param isOwn whether a user's records come to this subtask: the others' forgetting would not reach it
     */
    public void restoreWorst(Iterable<WorstUserEntry> saved, Predicate<String> isOwn) {
        saved.forEach(entry -> {
            if (isOwn.test(entry.user().uid())) {
                account(entry.version()).worst.keep(entry.user());
            }
        });
    }

    public List<VersionTotal> save() {
        List<VersionTotal> saved = new ArrayList<>(accounts.size());
        accounts.forEach((version, of) -> saved.add(new VersionTotal(version, of.loss, of.validation, of.unknown)));
        return saved;
    }

    public List<PairTotal> savePairs() {
        List<PairTotal> saved = new ArrayList<>();
        accounts.forEach((first, of) ->
                new TreeMap<>(of.pairs).forEach((second, loss) -> saved.add(new PairTotal(first, second, loss))));
        return saved;
    }

    public List<WorstUserEntry> saveWorst() {
        List<WorstUserEntry> saved = new ArrayList<>();
        accounts.forEach(
                (version, of) -> of.worst.inOrder().forEach(user -> saved.add(new WorstUserEntry(version, user))));
        return saved;
    }

    public List<String> saveDelays() {
        return delays.count() == 0 ? List.of() : List.of(delays.encoded());
    }

    /**
     * Takes in what a record came to.
     *
     * @param now in milliseconds since 1970
     */
    public void add(LogRecord record, Outcome outcome, long now) {
        hasNews = true;
        UserModel user = outcome.model();
        if (user.forgotten()) {
            accounts.values().forEach(account -> account.worst.forget(user.uid()));
        }
        if (outcome.learnt() != null) {
            delays.record(now - record.timestamp());
        }
        outcome.unknown().forEach(version -> account(version).unknown++);
        List<VersionLoss> losses = outcome.losses();
        boolean isValidation = !losses.isEmpty() && isOfValidationPool(record.decoded());
        for (int i = 0; i < losses.size(); i++) {
            VersionLoss of = losses.get(i);
            VersionAccount account = account(of.version());
            account.add(of.loss(), isValidation);
            Optional<UserWeights> weights = user.weights(of.version());
            if (weights.isPresent()) {
                account.worst.offer(user.uid(), weights.get().loss());
            }
            for (int j = i + 1; j < losses.size(); j++) { // in ascending order
                VersionLoss later = losses.get(j);
                if (later.version().model().equals(of.version().model())) {
                    account.add(of.loss(), later.version(), later.loss());
                }
            }
        }
    }

    private static boolean isOfValidationPool(UserRecord record) {
        return record instanceof UserRecord.Observed observed
                && observed.impression() != null
                && Impression.isUniform(observed.impression());
    }

    /** Whether a report at {@code now} (milliseconds since 1970) would say something, or the last one is old. */
    public boolean isDue(long now) {
        return hasNews || now - reportedAt >= IDLE_REPORT_MS;
    }

    public HealthRecord report(ReportingSubtask subtask, long now, LoadedVersions versions) {
        hasNews = false;
        reportedAt = now;
        List<HealthRecord.Version> reported = new ArrayList<>();
        Set<ModelVersion> loaded = new HashSet<>();
        for (VeloxModel model : versions.models()) {
            loaded.add(model.id());
            reported.add(version(model.id(), null));
        }
        versions.rejections().forEach((version, reason) -> reported.add(version(version, reason)));
        return new HealthRecord(
                subtask.job(),
                subtask.index(),
                subtask.parallelism(),
                Instant.ofEpochMilli(now),
                reported,
                pairs(loaded),
                delays.count() == 0 ? null : delays.encoded());
    }

    private List<HealthRecord.Pair> pairs(Set<ModelVersion> loaded) {
        return savePairs().stream()
                .filter(pair -> loaded.contains(pair.first()) && loaded.contains(pair.second()))
                .map(pair -> new HealthRecord.Pair(
                        pair.first().model(),
                        pair.first().version(),
                        pair.second().version(),
                        pair.loss()))
                .toList();
    }

    private HealthRecord.Version version(ModelVersion version, @Nullable String rejection) {
        VersionAccount account = accounts.get(version);
        return account == null
                ? new HealthRecord.Version(version.model(), version.version(), LossMoments.NONE, rejection)
                : new HealthRecord.Version(
                        version.model(),
                        version.version(),
                        account.loss,
                        rejection,
                        account.validation,
                        account.worst.inOrder(),
                        account.unknown);
    }

    private VersionAccount account(ModelVersion version) {
        return accounts.computeIfAbsent(version, v -> new VersionAccount());
    }
}
