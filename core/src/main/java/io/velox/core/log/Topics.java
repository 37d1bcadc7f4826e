package io.velox.core.log;

/** The names of the Kafka topics. */
public record Topics(String prefix) {
    /**
     * Everything that happens to a user, partitioned by user id, kept without limit: {@link UserRecord} under {@link RecordKey}.
     * Compacted: a record is lost to a tombstone with its key, and to nothing else.
     */
    public String observations() {
        return prefix + ".observations";
    }

    /** The consumer group in which the job commits the offsets of its newest checkpoint. */
    public String jobGroup() {
        return prefix + "-job";
    }

    /** Every change of a user's model, keyed by user id: {@link UserUpdate}. */
    public String userUpdates() {
        return prefix + ".user-updates";
    }

    /** One partition, compacted: the whole state of each model under its name: {@link CatalogueEntry}. */
    public String catalogue() {
        return prefix + ".catalog";
    }

    /** Compacted: what each subtask of the job last reported: {@link HealthRecord}. */
    public String health() {
        return prefix + ".health";
    }
}
