package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A serving node in this process. */
public interface Serving extends Engine {
    /** Where the API listens. */
    URI api();

    /** Where health and metrics are. */
    URI management();

    /** Starts one; the log's topics are there, the job may not run yet. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts serving.
         *
         * @param trainer the command line of a training, without the application's arguments
         * @param trainerLog the file for what trainings print
         */
        Serving start(VeloxConfiguration configuration, List<String> trainer, Path trainerLog) throws Exception;
    }
}
