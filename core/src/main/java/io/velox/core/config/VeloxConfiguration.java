package io.velox.core.config;

import io.velox.core.log.Topics;
import io.velox.core.model.Identifiers;
import io.velox.core.store.ModelStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything in {@code conf/velox.yaml}, validated; the file documents each key. Read with {@link ConfigurationReader}. */
public record VeloxConfiguration(
        StoreConfiguration store,
        KafkaConfiguration kafka,
        JobConfiguration job,
        QueryableStateConfiguration queryableState,
        ServingConfiguration serving,
        AccessConfiguration access,
        RetrainConfiguration retrain,
        LifecycleConfiguration lifecycle,
        ForgettingConfiguration forgetting,
        LearnerConfiguration learner,
        HealthConfiguration health,
        SortedMap<String, ModelConfiguration> models) {

    public VeloxConfiguration {
        models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
        if (models.isEmpty()) {
            throw Ranges.invalid("models", "must name at least one model");
        }
        models.forEach((name, model) -> {
            Ranges.given("models." + name, model);
            if (!Identifiers.isModelName(name)) {
                throw Ranges.invalid("models." + name, "must be named " + Identifiers.MODEL_NAME_FORM);
            }
        });
        Ranges.given("store", store);
        Ranges.given("kafka", kafka);
        Ranges.given("job", job);
        Ranges.given("queryable-state", queryableState);
        Ranges.given("serving", serving);
        Ranges.given("access", access);
        Ranges.given("retrain", retrain);
        Ranges.given("lifecycle", lifecycle);
        Ranges.given("forgetting", forgetting);
        Ranges.given("learner", learner);
        Ranges.given("health", health);
    }

    /** The folder of the job's checkpoints, a URI: one for each epoch of the log, since state holds positions in it. */
    public String checkpointFolder() {
        String root = store.root();
        return (root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + "/checkpoints"
                + Topics.suffix(kafka.epoch());
    }

    /** {@code root} is a URI of a Hadoop file system, and absolute: a relative one is taken from the working directory. */
    public record StoreConfiguration(String root, Map<String, String> hadoop) {
        public StoreConfiguration {
            hadoop = Collections.unmodifiableSortedMap(new TreeMap<>(hadoop));
            Ranges.notEmpty("store.root", root);
            root = absolute(root);
        }

        private static String absolute(String root) {
            try {
                URI uri = new URI(root);
                if (uri.getScheme() != null) {
                    return ModelStore.absolute(uri).toString();
                }
            } catch (URISyntaxException e) {
                // told below
            }
            throw Ranges.invalid(
                    "store.root",
                    "must be a URI such as file:./store, file:/var/velox or alluxio://host:19998/velox, but is "
                            + root);
        }
    }

    public record KafkaConfiguration(
            String bootstrapServers, String topicPrefix, int partitions, int replication, int epoch) {
        public KafkaConfiguration {
            Ranges.notEmpty("kafka.bootstrap-servers", bootstrapServers);
            Ranges.matches("kafka.topic-prefix", topicPrefix, "[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}");
            Ranges.within("kafka.partitions", partitions, 1, 1000);
            Ranges.within("kafka.replication", replication, 1, 9);
            Ranges.within("kafka.epoch", epoch, 0, 999_999);
        }

        public Topics topics() {
            return new Topics(topicPrefix, epoch);
        }
    }

    public record JobConfiguration(String name, int parallelism, long checkpointIntervalMs, long healthIntervalMs) {
        public JobConfiguration {
            Ranges.notEmpty("job.name", name);
            Ranges.within("job.parallelism", parallelism, 1, 1024);
            Ranges.within("job.checkpoint-interval-ms", checkpointIntervalMs, 100, 3_600_000);
            Ranges.within("job.health-interval-ms", healthIntervalMs, 50, 60_000);
        }
    }

    public record QueryableStateConfiguration(String proxies, long timeoutMs) {
        public QueryableStateConfiguration {
            Ranges.notEmpty("queryable-state.proxies", proxies);
            Ranges.within("queryable-state.timeout-ms", timeoutMs, 1, 60_000);
        }
    }

    /**
     * What a serving node listens on, and how much it takes and keeps.
     *
     * @param featureMemoryKib the largest item table that is kept in memory as a whole
     * @param featureCacheKib of item features of larger tables
     * @param posteriorCacheKib of users' posteriors
     */
    public record ServingConfiguration(
            String host,
            int port,
            int managementPort,
            int userCacheEntries,
            long receiptTimeoutMs,
            int maxBodyKib,
            int maxItems,
            int maxObservations,
            int featureMemoryKib,
            int featureCacheKib,
            int posteriorCacheKib) {
        public ServingConfiguration {
            Ranges.notEmpty("serving.host", host);
            Ranges.within("serving.port", port, 0, 65_535);
            Ranges.within("serving.management-port", managementPort, 0, 65_535);
            if (port == managementPort && port != 0) {
                throw Ranges.invalid(
                        "serving.management-port", "must differ from serving.port, but is " + port + " too");
            }
            Ranges.within("serving.user-cache-entries", userCacheEntries, 1, 100_000_000);
            Ranges.within("serving.receipt-timeout-ms", receiptTimeoutMs, 1, 60_000);
            Ranges.within("serving.max-body-kib", maxBodyKib, 1, 1_048_576);
            Ranges.within("serving.max-items", maxItems, 1, 1_000_000);
            Ranges.within("serving.max-observations", maxObservations, 1, 1_000_000);
            Ranges.within("serving.feature-memory-kib", featureMemoryKib, 0, 1_073_741_824);
            Ranges.within("serving.feature-cache-kib", featureCacheKib, 1, 1_073_741_824);
            Ranges.within("serving.posterior-cache-kib", posteriorCacheKib, 1, 1_073_741_824);
        }
    }

    /**
     * Who may ask a serving node, from where, and how much.
     *
     * @param keysFile empty for no keys
     * @param tlsCertificate PEM file; empty, with {@code tlsKey}, for plain HTTP
     * @param allowPlainHttp whether keys may cross a network unencrypted
     * @param requestsPerSecond of one key; 0 for no limit
     */
    public record AccessConfiguration(
            String keysFile,
            String tlsCertificate,
            String tlsKey,
            boolean allowPlainHttp,
            String managementHost,
            int requestsPerSecond,
            int maxConnections) {
        public AccessConfiguration {
            Ranges.given("access.keys-file", keysFile);
            Ranges.given("access.tls-certificate", tlsCertificate);
            Ranges.given("access.tls-key", tlsKey);
            if (tlsCertificate.isEmpty() != tlsKey.isEmpty()) {
                throw Ranges.invalid(
                        tlsKey.isEmpty() ? "access.tls-key" : "access.tls-certificate",
                        "must be given too: a certificate and its key belong together");
            }
            Ranges.notEmpty("access.management-host", managementHost);
            Ranges.within("access.requests-per-second", requestsPerSecond, 0, 1_000_000);
            Ranges.within("access.max-connections", maxConnections, 1, 1_000_000);
        }

        /** Whether callers need a key. */
        public boolean hasKeys() {
            return !keysFile.isEmpty();
        }

        /** Whether the API speaks TLS. */
        public boolean hasTls() {
            return !tlsCertificate.isEmpty();
        }
    }

    public record RetrainConfiguration(
            String master,
            int heapMib,
            int timeoutMinutes,
            double heldOut,
            long seed,
            int rebaseWindow,
            int rebaseLagMs) {
        public RetrainConfiguration {
            Ranges.notEmpty("retrain.master", master);
            Ranges.within("retrain.heap-mib", heapMib, 256, 1_048_576);
            Ranges.within("retrain.timeout-minutes", timeoutMinutes, 1, 10_080);
            Ranges.within("retrain.held-out", heldOut, 0.01, 0.5);
            Ranges.within("retrain.rebase-window", rebaseWindow, 1, 1_000_000);
            Ranges.within("retrain.rebase-lag-ms", rebaseLagMs, 1, 60_000);
        }

        public Duration rebaseLag() {
            return Duration.ofMillis(rebaseLagMs);
        }
    }

    /**
     * What each subtask that learns keeps in memory.
     *
     * @param userCacheMib of users' models, and of hashes of what they have observed
     */
    public record LearnerConfiguration(int userCacheMib, int covarianceCacheMib) {
        public LearnerConfiguration {
            Ranges.within("learner.user-cache-mib", userCacheMib, 1, 65_536);
            Ranges.within("learner.covariance-cache-mib", covarianceCacheMib, 1, 65_536);
        }
    }

    /** {@code auditUsers}: users whose weights each node recomputes from their histories in a minute; 0 for none. */
    public record HealthConfiguration(int auditUsers) {
        public HealthConfiguration {
            Ranges.within("health.audit-users", auditUsers, 0, 10_000);
        }
    }

    /** {@code withinDays}: what was forgotten or withdrawn is gone from the log, archive, offline users and checkpoints by then. */
    public record ForgettingConfiguration(int withinDays) {
        public ForgettingConfiguration {
            Ranges.within("forgetting.within-days", withinDays, 1, 3650);
        }

        public Duration within() {
            return Duration.ofDays(withinDays);
        }
    }
}
