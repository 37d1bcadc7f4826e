package io.velox.core.log;

/**
 * The names of the Kafka topics. The log of observations and the feed that follows it belong to an epoch: where the log is rebuilt with
 * another number of partitions, it is a new topic, and the old one stays as it was.
 *
 * @param epoch of the log, from 0
 */
public record Topics(String prefix, int epoch) {
    /**
     * Everything that happens to a user, partitioned by user id, kept without limit: {@link UserRecord} under {@link RecordKey}.
     * Compacted: a record is lost to a tombstone with its key, and to nothing else.
     */
    public String observations() {
        return prefix + ".observations" + suffix(epoch);
    }

    /** The consumer group in which the job commits the offsets of its newest checkpoint. */
    public String jobGroup() {
        return prefix + "-job";
    }

    /** Every change of a user's model, keyed by user id: {@link UserUpdate}. */
    public String userUpdates() {
        return prefix + ".user-updates" + suffix(epoch);
    }

    /** Compacted: what ratings say of items that a version was not trained on, {@link ItemUpdate} under version and item. */
    public String itemUpdates() {
        return prefix + ".item-updates" + suffix(epoch);
    }

    /** One partition, compacted: the whole state of each model under its name: {@link CatalogueEntry}. */
    public String catalogue() {
        return prefix + ".catalog";
    }

    /**
     * The consumer group of serving nodes whose member that holds the catalogue's one partition runs the lifecycle; and the
     * transactional id under which it writes the catalogue.
     */
    public String lifecycle() {
        return prefix + "-lifecycle";
    }

    /**
     * Compacted: what each subtask of the job last reported, {@link HealthRecord} under its number; and what each serving node did,
     * {@link NodeRecord} under {@link NodeRecord#KEY_PREFIX} and its id.
     */
    public String health() {
        return prefix + ".health";
    }

    /** One partition, compacted: what is registered of each item of each model, {@link ItemRecord} under {@link ItemKey}. */
    public String items() {
        return prefix + ".items";
    }

    /** What is appended to the names of whatever belongs to an epoch: nothing for the first. */
    public static String suffix(int epoch) {
        return epoch == 0 ? "" : "-" + epoch;
    }
}
