package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.serving.VeloxServer;
import io.velox.serving.lifecycle.ProcessTrainer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The serving node of Velox in this process, with training as a child process. */
record EmbeddedServing(VeloxServer server) implements Serving {
    static Serving start(VeloxConfiguration configuration, List<String> trainer, Path trainerLog) {
        return new EmbeddedServing(
                VeloxServer.startAlone(configuration, ProcessTrainer.of(configuration, trainer, trainerLog)));
    }

    @Override
    public URI api() {
        return server.api();
    }

    @Override
    public URI management() {
        return server.management();
    }

    @Override
    public void close() {
        server.close();
    }
}
