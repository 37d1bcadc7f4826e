package io.velox.client.cli;

import io.velox.client.Model;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "models", description = "Lists the models and their versions.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ModelsCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Override
    public Integer call() {
        List<Model> models = connection.client().models();
        if (connection.isJson()) {
            connection.printJson(models);
            return 0;
        }
        if (models.isEmpty()) {
            connection.out().println("No models yet.");
        }
        models.forEach(this::print);
        return 0;
    }

    private void print(Model model) {
        String kind = model.kind() == null ? "" : " (" + model.kind() + ")";
        connection.out().println(model.model() + kind + (model.versions().isEmpty() ? ": no version yet" : ""));
        for (Model.Version version : model.versions()) {
            connection
                    .out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %4d  %-9s  %s%s",
                            version.version(),
                            version.state(),
                            version.publishedAt() == null ? "" : "published " + version.publishedAt(),
                            version.reason() == null ? "" : "  " + version.reason()));
        }
        Model.Training training = model.training();
        if (training != null) {
            connection
                    .out()
                    .println("  training of version " + training.version()
                            + (training.failure() == null ? " is running" : " failed: " + training.failure())
                            + (training.retryAt() == null ? "" : "; it is tried again at " + training.retryAt()));
        }
    }
}
