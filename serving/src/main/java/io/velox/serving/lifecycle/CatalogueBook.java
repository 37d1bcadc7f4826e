package io.velox.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.store.VersionHistories;
import io.velox.serving.lifecycle.VersionEvents.VersionEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue's entries as the lifecycle has them, beside what the configuration declares; each change is written to the catalogue
 * first, and then taken into the histories of the versions that it touches. Confined to the lifecycle's thread.
 */
final class CatalogueBook {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogueBook.class);

    private final LifecyclePorts ports;
    private final SortedMap<String, ModelConfiguration> declared;
    private final SortedMap<String, CatalogueEntry> entries;
    private final HistoryKeeper histories;

    CatalogueBook(
            LifecyclePorts ports,
            SortedMap<String, ModelConfiguration> declared,
            SortedMap<String, CatalogueEntry> catalogue) {
        this.ports = ports;
        this.declared = declared;
        this.entries = new TreeMap<>(catalogue);
        this.histories = new HistoryKeeper(new VersionHistories(ports.store()));
    }

    Instant now() {
        return ports.clock().instant();
    }

    /** Every model that the catalogue has. */
    List<String> models() {
        return List.copyOf(entries.keySet());
    }

    /** The entry of a model of the catalogue, or of one that is declared and new. */
    CatalogueEntry entry(String model) {
        CatalogueEntry entry = entries.get(model);
        return entry != null
                ? entry
                : CatalogueEntry.of(model, requireNonNull(declared.get(model)).kind());
    }

    /** The entry of a model of the catalogue. */
    Optional<CatalogueEntry> find(String model) {
        return Optional.ofNullable(entries.get(model));
    }

    boolean isDeclared(String model) {
        return declared.containsKey(model);
    }

    /**
     * What is declared of a model.
     *
     * @throws VeloxException {@code UNKNOWN_MODEL}
     */
    ModelConfiguration declared(String model) {
        ModelConfiguration configuration = declared.get(model);
        if (configuration == null) {
            throw VeloxException.ofField(
                    ErrorCode.UNKNOWN_MODEL,
                    "model",
                    "the configuration declares no model '" + model + "'; it declares " + declared.keySet());
        }
        return configuration;
    }

    /** Models that are declared enter the catalogue. */
    void enterDeclared() {
        declared.keySet().stream()
                .filter(model -> !entries.containsKey(model))
                .toList()
                .forEach(model -> write(entry(model)));
    }

    /** A number that nothing bears or bore, be it in the catalogue or half written in the store. */
    int nextVersion(CatalogueEntry entry) {
        Stream<Integer> known = entry.versions().stream().map(CatalogueEntry.Version::version);
        Stream<Integer> trained = entry.currentTraining().stream().map(CatalogueEntry.Training::version);
        Stream<Integer> stored = ports.store().versionNumbers(entry.model()).stream();
        return Stream.of(known, trained, stored)
                        .flatMap(s -> s)
                        .max(Integer::compare)
                        .orElse(0)
                + 1;
    }

    /**
     * Writes an entry.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}; then this book has the entry of before
     */
    CatalogueEntry write(CatalogueEntry entry) {
        CatalogueEntry before = entries.getOrDefault(entry.model(), CatalogueEntry.of(entry.model(), entry.kind()));
        ports.catalogue().accept(entry);
        entries.put(entry.model(), entry);
        histories.add(VersionEvents.between(before, entry, now()));
        LOG.info(
                "{}: {}",
                entry.model(),
                entry.versions().stream()
                        .map(version -> version.version() + " " + version.state())
                        .toList());
        return entry;
    }

    /** Takes an event that no entry tells into a version's history. */
    void note(VersionEvent event) {
        histories.add(List.of(event));
    }

    /** Writes what histories have to take in, as far as the store takes it. Blocks. */
    void flushHistories() {
        histories.flush();
    }
}
