package io.velox.bench.front;

import io.velox.bench.Setting;
import io.velox.standalone.Installation;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** Commands for programs of this module in processes of their own, on the server's core. */
final class ServerJava {
    private ServerJava() {}

    /** @param options of the JVM */
    static List<String> command(Setting setting, List<String> options, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Installation.java()));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                setting.home().resolve("benchmarks/target/lib") + "/*" + File.pathSeparator
                        + setting.home().resolve("standalone/target/lib") + "/*",
                program.getName()));
        command.addAll(List.of(arguments));
        return Cores.onServerCore(command);
    }
}
