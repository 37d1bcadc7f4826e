package io.velox.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    @Test
    void isReadAsItWasWritten() throws IOException {
        for (Manifest manifest : List.of(als(2, List.of(new StoredFile("items/part-0/data", 7, "ab"))), linear())) {
            assertThat(RecordCodec.read(RecordCodec.write(manifest), Manifest.class))
                    .isEqualTo(manifest);
            assertThat(ManifestFile.read(ManifestFile.write(manifest))).isEqualTo(manifest);
        }
        assertThat(linear().id()).isEqualTo(new ModelVersion("linear", 1));
    }

    @Test
    void itsFileIsJsonThatAnyToolReads() throws IOException {
        Manifest manifest = als(1, List.of());
        var json = RecordCodec.mapper().readTree(ManifestFile.write(manifest));
        assertThat(json.fieldNames()).toIterable().containsExactly("sha256", "manifest");
        assertThat(RecordCodec.mapper().treeToValue(json.get("manifest"), Manifest.class))
                .isEqualTo(manifest);
    }

    @Test
    void everyPartOfItIsChecked() {
        assertThatThrownBy(() -> with("Als", 1, 3, 0.5, null, Map.of())).hasMessageContaining("model must match");
        assertThatThrownBy(() -> with("als", 0, 3, 0.5, null, Map.of())).hasMessageContaining("version");
        assertThatThrownBy(() -> with("als", 1, 2, 0.5, null, Map.of()))
                .hasMessage("prior must have dimension 2, but has 3");
        assertThatThrownBy(() -> with("als", 1, 3, 0.5, LinearInputs.array(2), Map.of()))
                .hasMessageContaining("inputs");
        assertThatThrownBy(() -> with("als", 1, 3, 0.5, null, Map.of("rmse", Double.NaN)))
                .hasMessage("metric rmse must be finite, but got NaN");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void noiseIsPositiveAndFinite(double noise) {
        assertThatThrownBy(() -> with("als", 1, 3, noise, null, Map.of()))
                .hasMessage("noise must be positive and finite, but got " + noise);
    }

    @Test
    void aLinearModelHasInputsOfItsDimension() {
        assertThatThrownBy(() -> linear(3, null)).hasMessageContaining("inputs must be given for a linear model");
        assertThatThrownBy(() -> linear(3, LinearInputs.array(5)))
                .hasMessage("inputs must have dimension 3, but have 6");
    }

    @Test
    void inOtherFilesItIsTheSameInAllElse() {
        List<StoredFile> other = List.of(new StoredFile("users/part-0/data", 7, "ab"));
        Manifest als = als(2, List.of(new StoredFile("items/part-0/data", 7, "ab")));
        Manifest accumulating = new Manifest(
                als.format(),
                als.model(),
                als.version(),
                als.kind(),
                als.dimension(),
                als.prior(),
                als.noise(),
                als.inputs(),
                als.metrics(),
                als.hyperparameters(),
                als.createdAt(),
                als.cut(),
                als.counts(),
                Repeat.ACCUMULATE,
                als.files());
        assertThat(accumulating.withFiles(other))
                .usingRecursiveComparison()
                .ignoringFields("files")
                .isEqualTo(accumulating);
        assertThat(accumulating.withFiles(other).files()).isEqualTo(other);
    }

    @Test
    void whatARefreshStartsFromAndWhatASearchTriedAreKeptAndMayBeMissing() throws Exception {
        Manifest als = als(2, List.of());
        assertThat(als.itemPrior()).isNull();
        assertThat(als.search()).isEmpty();
        Manifest searched = searched(
                als,
                new ItemPrior(3.5, Prior.gaussian(new double[3], als.prior().packedCovariance())));

        byte[] json = RecordCodec.write(searched);
        assertThat(RecordCodec.read(json, Manifest.class)).isEqualTo(searched);
        assertThat(RecordCodec.read(RecordCodec.write(als), Manifest.class)).isEqualTo(als);
        String old = new String(RecordCodec.write(als), UTF_8).replace(",\"search\":[]", "");
        assertThat(old).doesNotContain("search").doesNotContain("itemPrior");
        assertThat(RecordCodec.read(old.getBytes(UTF_8), Manifest.class)).isEqualTo(als);
        assertThat(searched.withFiles(List.of()).itemPrior()).isEqualTo(searched.itemPrior());
        assertThat(searched.withFiles(List.of()).search()).isEqualTo(searched.search());

        assertThatThrownBy(() -> searched(als, new ItemPrior(3.5, Prior.zero(2, 1))))
                .hasMessage("itemPrior must have dimension 3, but has 2");
        assertThatThrownBy(() -> new ItemPrior(Double.NaN, als.prior())).hasMessageContaining("globalMean");
        assertThatThrownBy(() -> new SearchTrial(new TreeMap<>(), null, 1, null, false))
                .hasMessageContaining("either a validationRmse or a failure");
    }

    private static Manifest searched(Manifest als, ItemPrior prior) {
        return new Manifest(
                als.format(),
                als.model(),
                als.version(),
                als.kind(),
                als.dimension(),
                als.prior(),
                als.noise(),
                als.inputs(),
                als.metrics(),
                als.hyperparameters(),
                als.createdAt(),
                als.cut(),
                als.counts(),
                als.repeat(),
                als.files(),
                prior,
                List.of(
                        new SearchTrial(new TreeMap<>(Map.of("rank", "2")), 0.9, 1.5, null, true),
                        new SearchTrial(new TreeMap<>(Map.of("rank", "9")), null, 0.5, "out of memory", false)));
    }

    @Test
    void nobodyCanWriteToIt() {
        Manifest manifest = als(1, List.of());
        assertThatThrownBy(() -> manifest.metrics().put("x", 1.0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> manifest.files().add(new StoredFile("x", 0, "")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    static Manifest als(int version, List<StoredFile> files) {
        return new Manifest(
                Manifest.FORMAT,
                "als",
                version,
                ModelKind.ALS,
                3,
                Prior.gaussian(new double[] {1.0 / 3, 0, -2}, new double[] {1, 0.1, 2, 1e-3, 0, 3}),
                0.62,
                null,
                new TreeMap<>(Map.of("heldOutRmse", 0.87)),
                new TreeMap<>(Map.of("rank", "2")),
                Instant.parse("2024-02-29T12:00:00.123456789Z"),
                new LogCut(0, Map.of(0, 5L, 1, 7L, 2, 0L, 10, 1L)),
                new TreeMap<>(Map.of("ratings", 12L)),
                files);
    }

    private static Manifest linear() {
        return linear(3, LinearInputs.named(List.of("x", "y")));
    }

    private static Manifest linear(int dimension, LinearInputs inputs) {
        return new Manifest(
                1,
                "linear",
                1,
                ModelKind.LINEAR,
                dimension,
                Prior.zero(dimension, 2),
                1,
                inputs,
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                List.of());
    }

    private static Manifest with(
            String model, int version, int dimension, double noise, LinearInputs inputs, Map<String, Double> metrics) {
        return new Manifest(
                1,
                model,
                version,
                ModelKind.ALS,
                dimension,
                Prior.zero(3, 1),
                noise,
                inputs,
                new TreeMap<>(metrics),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                List.of());
    }
}
