package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.config.VeloxConfiguration.QueryableStateConfiguration;
import io.velox.core.config.VeloxConfiguration.StoreConfiguration;
import io.velox.standalone.EmbeddedFlink.QueryPorts;
import io.velox.standalone.EmbeddedKafka.KafkaPorts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Where the engines of a data directory are to be reached; {@code alluxio} is empty where the store is a folder. */
record Addresses(Optional<AlluxioSettings> alluxio, KafkaPorts kafka, QueryPorts queries) {

    /** Chooses them, the same as last time where that is possible; an Alluxio left by an earlier process is ended. */
    static Addresses take(DataDirectory data, StoreKind kind) {
        Ports ports = new Ports(data.root().resolve("ports.properties"), new SplittableRandom());
        Optional<AlluxioSettings> alluxio = kind == StoreKind.alluxio
                ? Optional.of(AlluxioProcesses.prepare(data.folder("alluxio"), ports))
                : Optional.empty();
        return new Addresses(alluxio, KafkaPorts.take(ports), QueryPorts.take(ports));
    }

    /** An operator's configuration with these addresses in place of those that it names. */
    VeloxConfiguration in(VeloxConfiguration given, DataDirectory data) {
        Map<String, String> hadoop = new HashMap<>(given.store().hadoop());
        alluxio.ifPresent(settings -> hadoop.putAll(settings.hadoopProperties()));
        // Hadoop would close every file system as soon as the process is told to end, under the job's last checkpoint.
        hadoop.put("fs.automatic.close", "false");
        String root = alluxio.map(AlluxioSettings::storeRoot)
                .orElseGet(() -> data.folder("store").toUri().toString());
        KafkaConfiguration log = given.kafka();
        return new VeloxConfiguration(
                new StoreConfiguration(root, hadoop),
                new KafkaConfiguration(
                        kafka.bootstrapServers(), log.topicPrefix(), log.partitions(), log.replication(), log.epoch()),
                given.job(),
                new QueryableStateConfiguration(
                        queries.proxyAddress(), given.queryableState().timeoutMs()),
                given.serving(),
                given.access(),
                given.retrain(),
                given.lifecycle(),
                given.forgetting(),
                given.learner(),
                given.health(),
                given.models());
    }

    /** The keys that an operator set and that {@link #in} replaces. */
    static List<String> ignoredKeys(VeloxConfiguration given, VeloxConfiguration shipped) {
        List<String> ignored = new ArrayList<>();
        if (!given.store().root().equals(shipped.store().root())) {
            ignored.add("store.root");
        }
        if (!given.kafka().bootstrapServers().equals(shipped.kafka().bootstrapServers())) {
            ignored.add("kafka.bootstrap-servers");
        }
        if (!given.queryableState().proxies().equals(shipped.queryableState().proxies())) {
            ignored.add("queryable-state.proxies");
        }
        return ignored;
    }
}
