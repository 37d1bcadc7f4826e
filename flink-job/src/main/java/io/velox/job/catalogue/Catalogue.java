package io.velox.job.catalogue;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The newest record of every model, as of one moment.
 *
 * @param records by model
 */
public record Catalogue(Map<String, CatalogueRecord> records) {
    public Catalogue {
        records = Map.copyOf(records);
    }

    /** What a list of records comes to, whatever its order. */
    public static Catalogue of(List<CatalogueRecord> records) {
        SortedMap<String, CatalogueRecord> newest = new TreeMap<>();
        for (CatalogueRecord record : records) {
            newest.merge(record.model(), record, (a, b) -> a.position() > b.position() ? a : b);
        }
        return new Catalogue(newest);
    }

    /** Whether {@code record} is older than what is known here of its model. */
    public boolean hasNewerThan(CatalogueRecord record) {
        CatalogueRecord known = records.get(record.model());
        return known != null && known.position() > record.position();
    }
}
