package io.velox.serving.forgetting;

import io.velox.core.log.LogCut;
import java.time.Instant;
import java.util.Map;

/**
 * How far forgetting has come. Immutable; lost, it begins anew, which is harmless.
 *
 * @param found up to where the log was searched for what is to be forgotten, and that is under tombstones
 * @param settled up to where the records that forgot are under tombstones too
 * @param nudgeUntil until when the log must see a record now and then, so that the brokers clean it
 * @param nudged when it last did
 * @param isArchiveBehind whether something was found or settled that the archive has not followed yet
 */
record PurgeProgress(LogCut found, LogCut settled, Instant nudgeUntil, Instant nudged, boolean isArchiveBehind) {
    static PurgeProgress start(int epoch) {
        LogCut nothing = new LogCut(epoch, Map.of());
        return new PurgeProgress(nothing, nothing, Instant.EPOCH, Instant.EPOCH, false);
    }

    PurgeProgress foundTo(LogCut cut, boolean hasFound) {
        return new PurgeProgress(cut, settled, nudgeUntil, nudged, isArchiveBehind || hasFound);
    }

    PurgeProgress settledTo(LogCut cut, boolean hasSettled) {
        return new PurgeProgress(found, cut, nudgeUntil, nudged, isArchiveBehind || hasSettled);
    }

    PurgeProgress nudging(Instant until) {
        return new PurgeProgress(found, settled, until, nudged, isArchiveBehind);
    }

    PurgeProgress nudgedAt(Instant now) {
        return new PurgeProgress(found, settled, nudgeUntil, now, isArchiveBehind);
    }

    PurgeProgress withArchiveDone() {
        return new PurgeProgress(found, settled, nudgeUntil, nudged, false);
    }
}
