package io.velox.core.log;

import io.velox.core.model.Identifiers;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one serving node reports of itself.
 *
 * @param node the id of its process
 * @param address where its API listens, a URI
 * @param runsLifecycle whether the node has the role, as far as it knows
 * @param versions those that the node has loaded, and those that it refused
 */
public record NodeRecord(String node, String address, Instant at, boolean runsLifecycle, List<Version> versions) {
    /** What the keys of these records in the topic begin with; the node's id follows. */
    public static final String KEY_PREFIX = "node/";

    /**
     * One version as the node sees it.
     *
     * @param rejection why the version could not be loaded; null when it is loaded
     */
    public record Version(
            String model, int version, @Nullable String rejection) {
        public Version {
            Identifiers.checkModelName("model", model);
        }

        public ModelVersion id() {
            return new ModelVersion(model, version);
        }
    }

    public NodeRecord {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(at, "at");
        versions = List.copyOf(versions);
    }

    /** Whether another report says the same, at whatever time. */
    public boolean saysTheSameAs(NodeRecord other) {
        return runsLifecycle == other.runsLifecycle
                && versions.equals(other.versions)
                && address.equals(other.address)
                && node.equals(other.node);
    }
}
