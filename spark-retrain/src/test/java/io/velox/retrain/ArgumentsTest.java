package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final List<String> COMPLETE = List.of(
            "--store",
            "file:/var/velox/store",
            "--model",
            "als",
            "--version",
            "3",
            "--cut",
            "0/0:10,1:7",
            "--rank",
            "20",
            "--regularization",
            "0.1",
            "--iterations",
            "10",
            "--item-bias",
            "true",
            "--prior",
            "gaussian",
            "--held-out",
            "0.1",
            "--seed",
            "42");

    @Test
    void readsEveryArgument() {
        List<String> line = new ArrayList<>(COMPLETE);
        line.addAll(List.of("--hadoop", "fs.alluxio.impl=alluxio.hadoop.FileSystem", "--hadoop", "a.b=c=d"));
        line.addAll(List.of("--archive-wait-seconds", "7", "--repeat", "accumulate", "--until-stdin-ends"));
        line.addAll(List.of("--kind", "refresh", "--from", "models/als/1/manifest.json"));
        line.addAll(List.of("--live", "models/als/2/manifest.json", "--item-metadata", "items/als.ndjson.gz"));

        assertThat(parse(line))
                .isEqualTo(new Arguments(
                        URI.create("file:/var/velox/store"),
                        Map.of("fs.alluxio.impl", "alluxio.hadoop.FileSystem", "a.b", "c=d"),
                        new ModelVersion("als", 3),
                        new LogCut(0, Map.of(0, 10L, 1, 7L)),
                        new Hyperparameters(20, 0.1, 10, true, 10, PriorKind.GAUSSIAN, 0.1, 42),
                        List.of(),
                        Optional.of("models/als/1/manifest.json"),
                        Optional.of("models/als/2/manifest.json"),
                        Optional.of("items/als.ndjson.gz"),
                        Repeat.ACCUMULATE,
                        Duration.ofSeconds(7),
                        true));
    }

    @Test
    void aModelReplacesUnlessTold() {
        assertThat(parse(COMPLETE).repeat()).isEqualTo(Repeat.REPLACE);
        List<String> line = new ArrayList<>(COMPLETE);
        line.addAll(List.of("--repeat", "add"));
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--repeat must be replace or accumulate, but got 'add'");
    }

    @Test
    void waitsTwoMinutesForTheArchiveUnlessTold() {
        assertThat(parse(COMPLETE).archiveWait()).isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--store|/var/velox/store",
                "--version|0",
                "--version|three",
                "--rank|0",
                "--rank|1001",
                "--regularization|0",
                "--regularization|NaN",
                "--iterations|0",
                "--polish|-1",
                "--polish|101",
                "--item-bias|maybe",
                "--prior|laplace",
                "--held-out|0",
                "--held-out|0.9",
                "--seed|x",
                "--archive-wait-seconds|-1",
            })
    void namesTheOptionThatIsWrong(String option, String value) {
        assertThatThrownBy(() -> parse(with(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void refusesAModelNameThatIsNone() {
        assertThatThrownBy(() -> parse(with("--model", "../als")))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("--model");
    }

    @Test
    void refusesACutThatIsNone() {
        assertThatThrownBy(() -> parse(with("--cut", "0/0-10")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut");
    }

    @Test
    void namesEveryOptionThatIsMissing() {
        assertThatThrownBy(() -> Arguments.parse("--store", "file:/s"))
                .hasMessageContaining("--model")
                .hasMessageContaining("--cut")
                .hasMessageContaining("--seed");
    }

    @Test
    void aRefreshStartsSomewhereAndIsComparedWithThat() {
        assertThatThrownBy(() -> parse(with("--kind", "refresh"))).hasMessageContaining("--from must be given");
        assertThatThrownBy(() -> parse(with("--from", "models/als/1/manifest.json")))
                .hasMessageContaining("--from must be given for --kind refresh");
        assertThatThrownBy(() -> parse(with("--kind", "partial"))).hasMessageContaining("--kind must be full or");
        List<String> line = with("--kind", "refresh");
        line.addAll(List.of("--from", "models/als/1/manifest.json"));
        assertThat(parse(line).live()).contains("models/als/1/manifest.json");
        assertThat(parse(with("--live", "models/als/1/manifest.json")).from()).isEmpty();
    }

    @Test
    void aSearchTriesEveryCombination() {
        List<String> line = with("--rank", "10,20");
        line.set(line.indexOf("--regularization") + 1, "0.05,0.1,0.2");
        line.set(line.indexOf("--item-bias") + 1, "true,false");
        assertThatThrownBy(() -> parse(line))
                .hasMessageContaining("take one value each without --search, but there are 12 combinations");
        line.add("--search");

        Arguments arguments = parse(line);

        assertThat(arguments.search())
                .hasSize(12)
                .contains(new Hyperparameters(20, 0.2, 10, false, 10, PriorKind.GAUSSIAN, 0.1, 42))
                .doesNotHaveDuplicates();
        assertThat(arguments.hyperparameters()).isEqualTo(arguments.search().get(0));
        line.addAll(List.of("--kind", "refresh", "--from", "models/als/1/manifest.json"));
        assertThatThrownBy(() -> parse(line)).hasMessageContaining("--search is for --kind full");
    }

    private static Arguments parse(List<String> line) {
        return Arguments.parse(line.toArray(String[]::new));
    }

    private static List<String> with(String option, String value) {
        List<String> line = new ArrayList<>(COMPLETE);
        int at = line.indexOf(option);
        if (at < 0) {
            line.addAll(List.of(option, value));
        } else {
            line.set(at + 1, value);
        }
        return line;
    }
}
