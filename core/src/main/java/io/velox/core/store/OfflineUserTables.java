package io.velox.core.store;

import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelVersion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Takes users out of the tables of users that trainings wrote. Nothing is overwritten: new parts come beside the old ones, which are
 * deleted when no manifest names them. Safe for use from any thread; every method blocks.
 */
public final class OfflineUserTables {
    private final ModelStore store;

    public OfflineUserTables(ModelStore store) {
        this.store = store;
    }

    /**
     * Takes users out of the table that {@link ModelStore#readUsers} reads: parts without them beside the old ones, and a manifest that names
     * these, under a new address. The old files stay as they are.
     *
     * @param address of the manifest
     * @param stays whether a user is to stay in the table
     * @return the address of the new manifest; empty when every user stays, so that there is none
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public Optional<String> rewrite(Manifest manifest, String address, Predicate<String> stays) {
        List<StoredFile> next = new ArrayList<>(manifest.files());
        String run = UUID.randomUUID().toString();
        int part = 0;
        try {
            for (StoredFile file : manifest.files()) {
                if (file.path().startsWith(ModelStore.USERS) && file.path().endsWith(FactorFile.DATA)) {
                    String old = file.path().substring(0, file.path().length() - FactorFile.DATA.length());
                    if (holdsOther(manifest, file, stays)) {
                        next.removeIf(stored -> stored.path().startsWith(old + "/"));
                        next.addAll(writeUsers(
                                manifest, file, "%spart-%05d-%s".formatted(ModelStore.USERS, part, run), stays));
                    }
                    part++;
                }
            }
            if (next.equals(manifest.files())) {
                return Optional.empty();
            }
            String nextAddress = freeAddress(manifest.id());
            store.writeManifest(manifest.withFiles(next), nextAddress);
            return Optional.of(nextAddress);
        } catch (IOException e) {
            throw ModelStore.unavailable("the users of " + manifest.id(), e);
        }
    }

    private boolean holdsOther(Manifest manifest, StoredFile file, Predicate<String> stays) {
        AtomicBoolean holds = new AtomicBoolean();
        store.readPart(manifest, file, (uid, weights, offset, noise) -> {
            if (!stays.test(uid)) {
                holds.set(true);
            }
        });
        return holds.get();
    }

    private List<StoredFile> writeUsers(Manifest manifest, StoredFile from, String part, Predicate<String> stays)
            throws IOException {
        AtomicLong rows = new AtomicLong();
        try (FactorFile.Writer out = store.createPart(manifest.id(), part)) {
            store.readPart(manifest, from, (uid, weights, offset, noise) -> {
                if (stays.test(uid)) {
                    rows.incrementAndGet();
                    try {
                        out.add(uid, weights, offset, noise);
                    } catch (IOException e) {
                        throw ModelStore.unavailable(part + ", which is being written,", e);
                    }
                }
            });
        }
        if (rows.get() == 0) {
            store.fileSystem().delete(new Path(store.folder(manifest.id()), part), true);
            return List.of();
        }
        return store.describePart(manifest.id(), part);
    }

    private String freeAddress(ModelVersion version) throws IOException {
        String first = ModelStore.manifestAddress(version);
        for (int number = 2; ; number++) {
            String address = first.replace(ModelStore.MANIFEST, "manifest-" + number + ".json");
            if (!store.fileSystem().exists(new Path(store.root(), address))) {
                return address;
            }
        }
    }

    /**
     * Deletes the parts of a version's users that its manifest does not name.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void deleteUnlisted(Manifest manifest) {
        try {
            for (FileStatus part :
                    store.fileSystem().listStatus(new Path(store.folder(manifest.id()), ModelStore.USERS))) {
                String prefix = ModelStore.USERS + part.getPath().getName() + "/";
                if (manifest.files().stream().noneMatch(file -> file.path().startsWith(prefix))) {
                    store.fileSystem().delete(part.getPath(), true);
                }
            }
        } catch (FileNotFoundException e) {
            // A version without users has no folder of them.
        } catch (IOException e) {
            throw ModelStore.unavailable("the users of " + manifest.id(), e);
        }
    }

    /**
     * Deletes the users of a version that was never published. Blocks.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void delete(ModelVersion version) {
        try {
            store.fileSystem().delete(new Path(store.folder(version), ModelStore.USERS), true);
        } catch (IOException e) {
            throw ModelStore.unavailable("the users of " + version, e);
        }
    }
}
