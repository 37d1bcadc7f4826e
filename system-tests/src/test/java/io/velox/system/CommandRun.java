package io.velox.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A command of the standalone program that ended: its exit code, and what it printed. */
record CommandRun(int status, String output) {
    /** Runs it to its end, within two minutes; a node that it starts listens on any free ports. */
    static CommandRun of(String... arguments) throws IOException {
        Path output = Files.createTempFile("velox-command", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(VeloxProcess.java(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("VELOX_HOME", Repository.home().toString());
            builder.environment().put("VELOX_SERVING_PORT", "0");
            builder.environment().put("VELOX_SERVING_MANAGEMENT_PORT", "0");
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", arguments) + " did not end:\n" + Files.readString(output));
            }
            return new CommandRun(process.exitValue(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            Files.delete(output);
        }
    }
}
