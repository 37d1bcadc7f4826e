package io.velox.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of results: one {@code NAME.json} for each benchmark, replaced by its next run. */
public record Results(Path folder) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public Path write(Report report) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(report.name() + ".json");
        Files.writeString(file, text(report), StandardCharsets.UTF_8);
        return file;
    }

    static String text(Report report) throws IOException {
        return JSON.writeValueAsString(report) + "\n";
    }
}
