package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.Item;
import io.velox.core.model.Repeat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Folds archived records, in ascending order of user, then partition and offset, into one {@link FoldedUser} per user that is known.
 * Records that the archive holds twice count once.
 */
final class FoldingIterator implements Iterator<FoldedUser> {
    /** The columns that it reads, in their order. */
    static final String[] COLUMNS = {"uid", "partition", "offset", "type", "item", "label", "id"};

    private static final int UID = 0;
    private static final int PARTITION = 1;
    private static final int OFFSET = 2;
    private static final int TYPE = 3;
    private static final int ITEM = 4;
    private static final int LABEL = 5;
    private static final int CLIENT_ID = 6;

    private final Iterator<Row> rows;
    private final Repeat repeat;

    @Nullable
    private final LogCut seen;

    private final Map<String, String> idsByJson = new HashMap<>();

    @Nullable
    private Row row;

    @Nullable
    private FoldedUser next;

    FoldingIterator(Iterator<Row> rows, Repeat repeat) {
        this(rows, repeat, null);
    }

    /** @param seen what an earlier version saw of this log: ratings beyond it are new; null if nothing is to be called new */
    FoldingIterator(Iterator<Row> rows, Repeat repeat, @Nullable LogCut seen) {
        this.rows = rows;
        this.repeat = repeat;
        this.seen = seen;
        this.row = rows.hasNext() ? rows.next() : null;
        this.next = fold();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public FoldedUser next() {
        FoldedUser user = next;
        if (user == null) {
            throw new NoSuchElementException();
        }
        next = fold();
        return user;
    }

    @Nullable
    private FoldedUser fold() {
        while (row != null) {
            String uid = row.getString(UID);
            HistoryFold history = new HistoryFold(repeat);
            while (row != null && row.getString(UID).equals(uid)) {
                apply(row, history);
                row = following(row);
            }
            if (history.isKnown()) {
                return history.toUser(uid);
            }
        }
        return null;
    }

    /** The next row that is another record than {@code current}. */
    @Nullable
    private Row following(Row current) {
        while (rows.hasNext()) {
            Row candidate = rows.next();
            if (candidate.getLong(OFFSET) != current.getLong(OFFSET)
                    || candidate.getInt(PARTITION) != current.getInt(PARTITION)) {
                return candidate;
            }
        }
        return null;
    }

    private void apply(Row record, HistoryFold history) {
        switch (record.getString(TYPE)) {
            case "observed" -> {
                String item = itemId(record);
                if (item == null) {
                    history.noticed();
                } else {
                    history.observed(
                            item,
                            label(record),
                            record.isNullAt(CLIENT_ID) ? null : record.getString(CLIENT_ID),
                            seen != null && !seen.includes(record.getInt(PARTITION), record.getLong(OFFSET)));
                }
            }
            case "withdrawn" -> {
                String item = itemId(record);
                if (item == null) {
                    history.noticed();
                } else {
                    history.withdrawn(item);
                }
            }
            case "forgotten" -> history.forgotten();
            default -> throw damaged(record, "has the unknown type '" + record.getString(TYPE) + "'");
        }
    }

    /** Null for an item that is data. */
    @Nullable
    private String itemId(Row record) {
        if (record.isNullAt(ITEM)) {
            throw damaged(record, "has no item");
        }
        String json = record.getString(ITEM);
        if (json.startsWith("{") || json.startsWith("[")) {
            return null;
        }
        return idsByJson.computeIfAbsent(json, j -> {
            try {
                return RecordCodec.mapper().readValue(j, Item.class).text();
            } catch (IOException | RuntimeException e) {
                throw damaged(record, "has an item that cannot be read: " + e.getMessage());
            }
        });
    }

    private static double label(Row record) {
        if (record.isNullAt(LABEL) || !Double.isFinite(record.getDouble(LABEL))) {
            throw damaged(record, "has no finite label");
        }
        return record.getDouble(LABEL);
    }

    private static VeloxException damaged(Row record, String what) {
        return new VeloxException(
                ErrorCode.INTERNAL,
                "the archive's record at partition " + record.getInt(PARTITION) + ", offset " + record.getLong(OFFSET)
                        + " " + what);
    }
}
