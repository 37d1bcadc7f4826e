package io.velox.serving.predict;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.Item;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.users.UserView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The models that a request may name: those that the configuration declares, with what the catalogue says of them. Safe for use from
 * any thread.
 */
public final class ServedModels {
    private final LiveModels live;
    private final SortedMap<String, ModelConfiguration> declared;

    public ServedModels(LiveModels live, SortedMap<String, ModelConfiguration> declared) {
        this.live = live;
        this.declared = declared;
    }

    /** Every model, by name. */
    public List<CatalogueEntry> all() {
        SortedMap<String, CatalogueEntry> entries = live.entries();
        return declared.entrySet().stream()
                .map(model -> entry(entries, model.getKey(), model.getValue()))
                .toList();
    }

    /**
     * One model.
     *
     * @throws VeloxException {@code UNKNOWN_MODEL}
     */
    public CatalogueEntry entry(String model) {
        ModelConfiguration configuration = declared.get(model);
        if (configuration == null) {
            throw VeloxException.ofField(
                    ErrorCode.UNKNOWN_MODEL,
                    "model",
                    "model '" + model + "' does not exist; the configuration declares " + declared.keySet());
        }
        return entry(live.entries(), model, configuration);
    }

    private static CatalogueEntry entry(
            SortedMap<String, CatalogueEntry> entries, String model, ModelConfiguration configuration) {
        CatalogueEntry entry = entries.get(model);
        return entry != null ? entry : CatalogueEntry.of(model, configuration.kind());
    }

    /**
     * One version of a model, in whatever state.
     *
     * @throws VeloxException {@code UNKNOWN_VERSION}
     */
    public CatalogueEntry.Version version(CatalogueEntry entry, int version) {
        return entry.version(version)
                .orElseThrow(() -> VeloxException.ofField(
                        ErrorCode.UNKNOWN_VERSION,
                        "version",
                        "version " + version + " of model '" + entry.model() + "' does not exist; GET /v1/models/"
                                + entry.model() + "/versions lists them"));
    }

    /**
     * A version of a model that this node holds in memory.
     *
     * @throws VeloxException {@code UNKNOWN_VERSION}, {@code VERSION_NOT_LOADED}
     */
    public LoadedVersion loaded(CatalogueEntry entry, int version) {
        ModelVersion id = entry.id(version(entry, version));
        return live.loaded(id)
                .orElseThrow(() -> VeloxException.ofField(
                        ErrorCode.VERSION_NOT_LOADED,
                        "version",
                        "version " + version + " of model '" + entry.model()
                                + "' is in the store but not loaded; activate it to have it loaded"));
    }

    public Optional<LoadedVersion> loaded(ModelVersion version) {
        return live.loaded(version);
    }

    /**
     * The version that answers for a user, who may be unknown.
     *
     * @throws VeloxException {@code UNKNOWN_MODEL}, {@code MODEL_NOT_LOADED}
     */
    public Answering answering(String model, UserView user) {
        return Answering.choose(entry(model), live::loaded, user);
    }

    /** Whether the model can answer on this node. */
    public boolean isLive(CatalogueEntry entry) {
        return entry.active().isPresent() && (isLoaded(entry, entry.active()) || isLoaded(entry, entry.standby()));
    }

    private boolean isLoaded(CatalogueEntry entry, Optional<CatalogueEntry.Version> version) {
        return version.flatMap(v -> live.loaded(entry.id(v))).isPresent();
    }

    /** The version that answers for a user of whom nothing is known; fails as {@link #answering} does. */
    public LoadedVersion live(String model) {
        return answering(model, new UserView(Optional.empty(), Optional.empty()))
                .version();
    }

    /**
     * Checks that an item is of a form that at least one model understands, whether it knows the item or not.
     *
     * @throws VeloxException {@code INVALID_ITEM}, saying what each model wants
     */
    public void checkObservable(Item item) {
        List<String> refusals = new ArrayList<>();
        for (CatalogueEntry entry : all()) {
            Optional<String> refusal = refusal(entry, item);
            if (refusal.isEmpty()) {
                return;
            }
            refusals.add("model '" + entry.model() + "': " + refusal.get());
        }
        throw VeloxException.ofField(
                ErrorCode.INVALID_ITEM,
                "item",
                "item must be one that a model understands: " + String.join("; ", refusals));
    }

    private Optional<String> refusal(CatalogueEntry entry, Item item) {
        return switch (entry.kind()) {
            case ALS -> item.isId() ? Optional.empty() : Optional.of("item must be an id, but got data: " + item);
            case LINEAR -> {
                Optional<LinearInputs> inputs = inputs(entry);
                try {
                    inputs.ifPresent(i -> i.vector(item));
                    yield inputs.isPresent() ? Optional.empty() : Optional.of("no version is loaded yet");
                } catch (VeloxException e) {
                    yield Optional.ofNullable(e.getMessage());
                }
            }
        };
    }

    private Optional<LinearInputs> inputs(CatalogueEntry entry) {
        if (declared.get(entry.model()) instanceof ModelConfiguration.Linear linear) {
            return Optional.of(linear.inputs());
        }
        return entry.loaded().stream()
                .flatMap(v -> live.loaded(entry.id(v)).stream())
                .flatMap(v -> Optional.ofNullable(v.manifest().inputs()).stream())
                .findFirst();
    }

    /** Why a model cannot answer, and what to do about it. */
    static String whyNotLoaded(CatalogueEntry entry) {
        String model = "model '" + entry.model() + "' ";
        Optional<CatalogueEntry.Version> active = entry.active();
        if (active.isPresent()) {
            return model + "has version " + active.get().version()
                    + " active, which this node is still loading; try again";
        }
        if (entry.currentTraining().filter(CatalogueEntry.Training::isRunning).isPresent()
                || !entry.loaded().isEmpty()) {
            return model + "has no active version yet, but one is on its way: GET /v1/models/" + entry.model()
                    + " shows how far it is";
        }
        return model + "has no active version: "
                + switch (entry.kind()) {
                    case ALS -> "send observations and then POST /v1/models/" + entry.model() + "/retrain";
                    case LINEAR -> "it goes live by itself once the job is running; see /health/ready";
                };
    }
}
