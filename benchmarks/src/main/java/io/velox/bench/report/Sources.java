package io.velox.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The repository that Velox was built from. */
public record Sources(Path home) {

    /**
     * The commit that is checked out, with {@code -dirty} behind it where files differ from it; results do not count as files.
     *
     * @throws IOException if {@code home} is no git repository, or there is no git
     */
    public String commit() throws IOException {
        String changes = git("status", "--porcelain", "--", ".", ":!benchmarks/results");
        return git("rev-parse", "HEAD") + (changes.isEmpty() ? "" : "-dirty");
    }

    private String git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        git.getOutputStream().close();
        String printed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!git.waitFor(30, TimeUnit.SECONDS) || git.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + printed);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during git", e);
        }
    }
}
