package io.velox.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of an Alluxio beside Velox, on loopback, with everything that it keeps under {@code directory}.
 *
 * @param masterPort on which clients and the worker reach the master
 */
public record AlluxioSettings(Path directory, int masterPort, int masterWebPort, int workerPort, int workerWebPort) {
    /** One spelling in the URI, the servers and the clients: a reader takes the short way only to a worker of its own host name. */
    private static final String HOST = "127.0.0.1";

    static AlluxioSettings take(Path directory, Ports ports) {
        return new AlluxioSettings(
                directory,
                ports.take("alluxio-master"),
                ports.take("alluxio-master-web"),
                ports.take("alluxio-worker"),
                ports.take("alluxio-worker-web"));
    }

    /** As {@code store.root} wants it. */
    public String storeRoot() {
        return "alluxio://" + HOST + ":" + masterPort + "/velox";
    }

    /** As {@code store.hadoop} wants them. */
    public Map<String, String> hadoopProperties() {
        return Map.of(
                "fs.alluxio.impl", "alluxio.hadoop.FileSystem",
                "alluxio.security.authentication.type", "NOSASL",
                "alluxio.user.hostname", HOST,
                "alluxio.user.file.writetype.default", "CACHE_THROUGH",
                "alluxio.user.block.read.retry.max.duration", "3s",
                "alluxio.user.rpc.retry.max.duration", "5s");
    }

    Path conf() {
        return conf(directory);
    }

    static Path conf(Path directory) {
        return directory.resolve("conf");
    }

    /** For {@code alluxio-site.properties}. */
    Map<String, String> siteProperties() {
        Map<String, String> site = new TreeMap<>();
        site.put("alluxio.master.hostname", HOST);
        site.put("alluxio.worker.hostname", HOST);
        site.put("alluxio.master.rpc.port", Integer.toString(masterPort));
        site.put("alluxio.master.web.port", Integer.toString(masterWebPort));
        site.put("alluxio.worker.rpc.port", Integer.toString(workerPort));
        site.put("alluxio.worker.web.port", Integer.toString(workerWebPort));
        site.put("alluxio.master.bind.host", HOST);
        site.put("alluxio.master.web.bind.host", HOST);
        site.put("alluxio.worker.bind.host", HOST);
        site.put("alluxio.worker.web.bind.host", HOST);
        site.put("alluxio.web.ui.enabled", "false");
        site.put("alluxio.master.update.check.enabled", "false");
        site.put("alluxio.security.authentication.type", "NOSASL");
        site.put("alluxio.security.authorization.permission.enabled", "false");
        site.put("alluxio.master.mount.table.root.ufs", directory.resolve("ufs").toString());
        site.put("alluxio.master.journal.type", "UFS");
        site.put("alluxio.master.journal.folder", directory.resolve("journal").toString());
        site.put("alluxio.master.metastore", "HEAP");
        site.put("alluxio.master.metastore.dir", directory.resolve("metastore").toString());
        site.put("alluxio.master.rpc.executor.core.pool.size", "8");
        site.put("alluxio.master.rpc.executor.max.pool.size", "64");
        site.put("alluxio.worker.tieredstore.levels", "1");
        site.put("alluxio.worker.tieredstore.level0.alias", "MEM");
        site.put(
                "alluxio.worker.tieredstore.level0.dirs.path",
                directory.resolve("mem").toString());
        site.put("alluxio.worker.tieredstore.level0.dirs.quota", "256MB");
        site.put("alluxio.user.file.writetype.default", "CACHE_THROUGH");
        site.put("alluxio.logs.dir", directory.resolve("logs").toString());
        return site;
    }
}
