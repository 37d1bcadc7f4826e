package io.velox.serving.log;

import java.time.Duration;

/**
 * How the days of {@code forgetting.within-days}, D, are spent on the log; {@code docs/forgetting.md} draws it.
 *
 * <p>At once the records that a forgotten user left get tombstones, at D/3 the record of forgetting itself does; the brokers have
 * cleaned both away 7D/12 later at the latest: a segment is closed after D/12, cleaned after D/6, and the tombstones in it go with the
 * cleaning after that, D/6 later; the rest is slack.
 */
public record ForgettingSchedule(Duration within) {
    /** The age at which a segment of the log is closed, so that it can be cleaned. */
    public Duration segmentAge() {
        return within.dividedBy(12);
    }

    /** Younger records are never cleaned: a reader that is no further behind sees every one. */
    public Duration minCompactionLag() {
        return within.dividedBy(12);
    }

    /** The age of the oldest uncleaned record at which brokers clean, however little there is to clean. */
    public Duration maxCompactionLag() {
        return within.dividedBy(6);
    }

    /** How long a tombstone outlives the cleaning that it caused. */
    public Duration tombstoneRetention() {
        return within.dividedBy(12);
    }

    /** The age at which a record of forgetting goes: no checkpoint of before it is older, so that nothing can come back. */
    public Duration settledAfter() {
        return within.dividedBy(3);
    }

    /** How long after a tombstone the log must see a record now and then, or its last segment would never be closed. */
    public Duration cleanedAfter() {
        return within.multipliedBy(7).dividedBy(12);
    }
}
