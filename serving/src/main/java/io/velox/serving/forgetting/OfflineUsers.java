package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.LogCut;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.OfflineUserTables;
import io.velox.core.user.Revision;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights that training gave users, in the versions that are kept. A version that has those of a forgotten user gets its user
 * files anew, under a new manifest; then the old files are deleted. Blocks; single writer.
 */
final class OfflineUsers {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineUsers.class);
    private static final long RELOCATION_SECONDS = 30;

    private final ModelStore store;
    private final OfflineUserTables tables;
    private final Supplier<Collection<CatalogueEntry>> catalogue;
    private final Relocation relocation;

    /** Makes another manifest the version's in the catalogue; fails when the version's manifest is no longer the one given. */
    @FunctionalInterface
    interface Relocation {
        CompletableFuture<CatalogueEntry> relocate(ModelVersion version, String from, String to);
    }

    OfflineUsers(ModelStore store, Supplier<Collection<CatalogueEntry>> catalogue, Relocation relocation) {
        this.store = store;
        this.tables = new OfflineUserTables(store);
        this.catalogue = catalogue;
        this.relocation = relocation;
    }

    /**
     * Takes users out of every version that was trained before they were forgotten.
     *
     * @param forgotten users, with the record that forgets them
     * @return whether nothing is left to do; what a corrupt version holds is reported, and not waited for
     */
    boolean forget(Map<String, Revision> forgotten) throws InterruptedException {
        if (!forgotten.isEmpty()) {
            deleteOfUnpublished();
        }
        boolean isDone = true;
        for (CatalogueEntry entry : catalogue.get()) {
            if (entry.kind() == ModelKind.ALS && !forgotten.isEmpty()) {
                for (Version version : entry.versions()) {
                    isDone &= forget(forgotten, entry.id(version), version);
                }
            }
        }
        return isDone;
    }

    /** What trainings that failed have left, which nothing reads. */
    private void deleteOfUnpublished() {
        // The store first: what is in it then, and not in the catalogue that is read after it, is no training that
        // begins meanwhile.
        Map<String, List<Integer>> stored = new HashMap<>();
        catalogue.get().forEach(entry -> stored.put(entry.model(), store.versionNumbers(entry.model())));
        for (CatalogueEntry entry : catalogue.get()) {
            Optional<Integer> running =
                    entry.currentTraining().filter(Training::isRunning).map(Training::version);
            for (int number : stored.getOrDefault(entry.model(), List.of())) {
                if (entry.version(number).isEmpty()
                        && !running.equals(Optional.of(number))
                        && entry.kind() == ModelKind.ALS) {
                    tables.delete(new ModelVersion(entry.model(), number));
                }
            }
        }
    }

    private boolean forget(Map<String, Revision> forgotten, ModelVersion id, Version version)
            throws InterruptedException {
        try {
            Manifest manifest = store.readManifest(version.manifest());
            Set<String> uids = trainedBefore(forgotten, manifest.cut());
            if (uids.isEmpty()) {
                return true;
            }
            if (version.state() == VersionState.PUBLISHED || version.state() == VersionState.REBASING) {
                return false; // a rebase reads the files
            }
            Optional<String> next = tables.rewrite(manifest, version.manifest(), uid -> !uids.contains(uid));
            if (next.isPresent()) {
                relocate(id, version.manifest(), next.get());
                LOG.info("{}: the users that are forgotten are out of {}", id, next.get());
            }
            // Also what a crash, or a task of training that was run twice, has left.
            tables.deleteUnlisted(next.isPresent() ? store.readManifest(next.get()) : manifest);
            return true;
        } catch (VeloxException e) {
            if (e.code() == ErrorCode.CORRUPT_MODEL) {
                LOG.error(
                        "{} is corrupt, and may hold weights of users that are forgotten; delete its folder: {}",
                        id,
                        e.getMessage());
                return true;
            }
            LOG.warn("{} will forget its users later: {}", id, e.getMessage());
            return false;
        }
    }

    private static Set<String> trainedBefore(Map<String, Revision> forgotten, @Nullable LogCut cut) {
        Set<String> uids = new HashSet<>();
        forgotten.forEach((uid, record) -> {
            boolean isInCut =
                    cut != null && cut.epoch() == record.epoch() && cut.includes(record.partition(), record.offset());
            if (!isInCut) {
                uids.add(uid);
            }
        });
        return uids;
    }

    private void relocate(ModelVersion id, String from, String to) throws InterruptedException {
        try {
            relocation
                    .relocate(id, from, to)
                    .orTimeout(RELOCATION_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof VeloxException cause
                    ? cause
                    : new VeloxException(ErrorCode.LOG_UNAVAILABLE, "the catalogue did not take " + to, e);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
