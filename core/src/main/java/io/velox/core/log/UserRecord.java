package io.velox.core.log;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.velox.core.model.Identifiers;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One record of the log of observations: something that happened to one user, under a {@link RecordKey} of its own. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = UserRecord.Observed.class, name = "observed"),
    @JsonSubTypes.Type(value = UserRecord.Withdrawn.class, name = "withdrawn"),
    @JsonSubTypes.Type(value = UserRecord.Rebased.class, name = "rebased"),
    @JsonSubTypes.Type(value = UserRecord.Forgotten.class, name = "forgotten")
})
public sealed interface UserRecord {
    String uid();

    /** The user rated an item. {@code timestamp} is in milliseconds since 1970. */
    record Observed(
            String uid,
            Item item,
            double label,
            long timestamp,
            @Nullable String id,
            @Nullable String impression) implements UserRecord {
        public Observed {
            // Checks everything, so that a record that can be read can be learnt.
            var unused = new Observation(uid, item, label, Instant.ofEpochMilli(timestamp), id, impression);
        }

        public static Observed of(Observation o) {
            return new Observed(o.uid(), o.item(), o.label(), o.timestamp().toEpochMilli(), o.id(), o.impression());
        }

        public Observation observation() {
            return new Observation(uid, item, label, Instant.ofEpochMilli(timestamp), id, impression);
        }
    }

    /** The user's rating of an item is taken back. */
    record Withdrawn(String uid, Item item) implements UserRecord {
        public Withdrawn {
            Identifiers.checkId("uid", uid);
            Objects.requireNonNull(item, "item");
        }
    }

    /**
     * The user's weights are to exist in a version, computed from the whole history.
     *
     * @param manifest the address of the version's manifest in the store, because this record may overtake the catalogue
     */
    record Rebased(String uid, String model, int version, String manifest) implements UserRecord {
        public Rebased {
            Identifiers.checkId("uid", uid);
            Objects.requireNonNull(manifest, "manifest");
            var unused = new ModelVersion(model, version); // checks both
        }

        public ModelVersion modelVersion() {
            return new ModelVersion(model, version);
        }
    }

    /** The user is forgotten: history, weights and loss are gone. */
    record Forgotten(String uid) implements UserRecord {
        public Forgotten {
            Identifiers.checkId("uid", uid);
        }
    }

    /**
     * Some time after {@link Forgotten}, nothing of before can come back: that there was such a user is gone too. Never written as a
     * value: it is what the tombstone of a {@link Forgotten} record reads as, by its header {@link RecordKey#ERASED}.
     */
    record Erased(String uid) implements UserRecord {
        public Erased {
            Identifiers.checkId("uid", uid);
        }
    }
}
