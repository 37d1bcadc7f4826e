package io.velox.job.catalogue;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.FactorTable;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The versions that one subtask holds: what is known of each version, and its blocks, in broadcast state; the models built from them
 * beside it.
 *
 * <p>A version gets in by any of three ways, to the same end: broadcast by the loader, loaded here when the operator opens and the
 * catalogue says so, loaded here for a rebase record that overtook the broadcast. What is known as of a later position of the
 * catalogue is never undone by an element of an earlier one. Single writer.
 */
public final class LoadedVersions {
    /** Under {@code model/version} what is known of it, under {@code model/version/index} its blocks. */
    public static final MapStateDescriptor<String, CatalogueElement> STATE =
            new MapStateDescriptor<>("loaded-versions", StringSerializer.INSTANCE, CatalogueElementSerializer.INSTANCE);

    /** Before every position of the catalogue: for what did not come from it. */
    private static final long BEFORE_ALL = -1;

    private final BroadcastState<String, CatalogueElement> state;
    private final VersionReader reader;
    private final SortedMap<ModelVersion, VeloxModel> models = new TreeMap<>();
    private List<VeloxModel> inOrder = List.of();
    private final SortedMap<ModelVersion, String> rejections = new TreeMap<>();

    /** Takes up what {@code state} holds. */
    public LoadedVersions(BroadcastState<String, CatalogueElement> state, VersionReader reader) throws Exception {
        this.state = state;
        this.reader = reader;
        for (Map.Entry<String, CatalogueElement> known : state.immutableEntries()) {
            if (known.getValue() instanceof CatalogueElement.Complete complete) {
                models.put(complete.version(), build(complete));
            } else if (known.getValue() instanceof CatalogueElement.Rejected rejected) {
                rejections.put(rejected.version(), rejected.reason());
            }
        }
        inOrder = List.copyOf(models.values());
    }

    /** In ascending order of name and version. */
    public List<VeloxModel> models() {
        return inOrder;
    }

    /** The reasons by version; a live view. */
    public SortedMap<ModelVersion, String> rejections() {
        return Collections.unmodifiableSortedMap(rejections);
    }

    /** Takes in one broadcast element; true if a version may have come or gone. */
    public boolean accept(CatalogueElement.OfVersion element) throws Exception {
        CatalogueElement.OfVersion known = known(element.version());
        if (known != null && known.position() > element.position()) {
            return false;
        }
        if (element instanceof CatalogueElement.Block block) {
            if (!(known instanceof CatalogueElement.Complete)) {
                state.put(key(block.version(), block.index()), block);
            }
            return false;
        }
        if (!(element instanceof CatalogueElement.Complete)) {
            removeBlocks(known);
            models.remove(element.version());
        }
        rejections.remove(element.version());
        state.put(key(element.version()), element);
        if (element instanceof CatalogueElement.Complete complete && !models.containsKey(complete.version())) {
            models.put(complete.version(), build(complete));
        } else if (element instanceof CatalogueElement.Rejected rejected) {
            rejections.put(rejected.version(), rejected.reason());
        }
        inOrder = List.copyOf(models.values());
        return true;
    }

    /** Loads and drops versions until this is what the catalogue says. */
    public void catchUp(Catalogue catalogue) throws Exception {
        for (CatalogueRecord record : catalogue.records().values()) {
            CatalogueEntry entry = record.entry();
            for (CatalogueEntry.Version version : entry.versions()) {
                ModelVersion id = entry.id(version);
                if (!version.state().isLoaded()) {
                    accept(new CatalogueElement.Dropped(id, record.position()));
                } else if (!models.containsKey(id)) {
                    load(id, version.manifest(), record.position());
                }
            }
        }
    }

    /** Loads a version of which nothing is known, because a record that names it overtook the catalogue. */
    public boolean loadIfUnknown(ModelVersion version, String manifest) throws Exception {
        if (known(version) != null) {
            return false;
        }
        load(version, manifest, BEFORE_ALL);
        return true;
    }

    private void load(ModelVersion version, String manifest, long position) throws Exception {
        for (CatalogueElement.OfVersion element : reader.read(version, manifest, position)) {
            accept(element);
        }
    }

    private CatalogueElement.@Nullable OfVersion known(ModelVersion version) throws Exception {
        return (CatalogueElement.OfVersion) state.get(key(version));
    }

    private void removeBlocks(CatalogueElement.@Nullable OfVersion known) throws Exception {
        if (known instanceof CatalogueElement.Complete complete) {
            for (int i = 0; i < complete.blocks(); i++) {
                state.remove(key(complete.version(), i));
            }
        }
    }

    private VeloxModel build(CatalogueElement.Complete complete) throws Exception {
        Manifest manifest = complete.manifest();
        return switch (manifest.kind()) {
            case ALS ->
                new MatrixFactorModel(
                        manifest.id(),
                        FactorTable.ofBlocks(manifest.dimension(), blocks(complete)),
                        manifest.prior(),
                        manifest.noise(),
                        manifest.repeat());
            case LINEAR ->
                new LinearModel(
                        manifest.id(),
                        Objects.requireNonNull(manifest.inputs()),
                        manifest.prior(),
                        manifest.noise(),
                        manifest.repeat());
        };
    }

    private List<FactorBlock> blocks(CatalogueElement.Complete complete) throws Exception {
        List<FactorBlock> blocks = new ArrayList<>(complete.blocks());
        for (int i = 0; i < complete.blocks(); i++) {
            if (!(state.get(key(complete.version(), i)) instanceof CatalogueElement.Block block)) {
                throw new VeloxException(
                        ErrorCode.INTERNAL, "block " + i + " of " + complete.version() + " is missing from the state");
            }
            blocks.add(block.factors());
        }
        return blocks;
    }

    private static String key(ModelVersion version) {
        return version.toString();
    }

    private static String key(ModelVersion version, int block) {
        return version + "/" + block;
    }
}
