package io.velox.serving.items;

import io.velox.core.item.Metadata;
import io.velox.core.model.FactorTable;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a table whose items a filter lets pass. The rows of an attribute that many items have are found when it is first asked for, and kept
 * up to date from then on, for the attributes asked for last: one bit a row for each.
 *
 * <p>Safe for use from any thread: guarded by the index that it reads.
 */
final class MatchingRows {
    private static final int KEPT = 64;

    /** What fewer rows than one in so many have is found each time anew. */
    private static final int SELECTIVE = 256;

    private final FactorTable table;
    private final AttributeIndex index;
    private final Map<Attribute, BitSet> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Attribute, BitSet> eldest) {
            return size() > KEPT;
        }
    };

    MatchingRows(FactorTable table, AttributeIndex index) {
        this.table = table;
        this.index = index;
    }

    /** The rows that pass; the caller's own. The filter has fields. */
    BitSet of(ItemFilter filter) {
        BitSet passing = new BitSet(table.size());
        passing.set(0, table.size());
        synchronized (index) {
            for (Map.Entry<String, List<String>> field : filter.fields().entrySet()) {
                BitSet any = new BitSet(table.size());
                field.getValue().forEach(value -> addTo(any, new Attribute(field.getKey(), value)));
                passing.and(any);
            }
        }
        return passing;
    }

    private void addTo(BitSet rows, Attribute attribute) {
        BitSet known = kept.get(attribute);
        if (known != null) {
            rows.or(known);
        } else if (index.count(attribute) < table.size() / SELECTIVE) {
            find(attribute, rows);
        } else {
            BitSet found = new BitSet(table.size());
            find(attribute, found);
            kept.put(attribute, found);
            rows.or(found);
        }
    }

    private void find(Attribute attribute, BitSet rows) {
        if (table.size() < index.count(attribute)) {
            for (int row = 0; row < table.size(); row++) {
                rows.set(
                        row,
                        rows.get(row)
                                || index.find(table.item(row))
                                        .filter(item -> attribute.isOf(item.metadata()))
                                        .isPresent());
            }
            return;
        }
        index.each(attribute, item -> {
            int row = table.row(item.item());
            if (row >= 0) {
                rows.set(row);
            }
        });
    }

    /** An item has other metadata than before. */
    void changed(String item, Metadata before, Metadata after) {
        synchronized (index) {
            int row = kept.isEmpty() ? -1 : table.row(item);
            if (row >= 0) {
                kept.forEach((attribute, rows) -> {
                    if (attribute.isOf(before) != attribute.isOf(after)) {
                        rows.set(row, attribute.isOf(after));
                    }
                });
            }
        }
    }
}
