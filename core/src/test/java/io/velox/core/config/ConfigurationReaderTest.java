package io.velox.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.LifecycleConfiguration.GateConfiguration;
import io.velox.core.config.LifecycleConfiguration.RetryConfiguration;
import io.velox.core.config.LifecycleConfiguration.RollbackConfiguration;
import io.velox.core.config.LifecycleConfiguration.ScheduleConfiguration;
import io.velox.core.config.LifecycleConfiguration.StalenessConfiguration;
import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.config.VeloxConfiguration.ForgettingConfiguration;
import io.velox.core.config.VeloxConfiguration.HealthConfiguration;
import io.velox.core.config.VeloxConfiguration.JobConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.config.VeloxConfiguration.LearnerConfiguration;
import io.velox.core.config.VeloxConfiguration.QueryableStateConfiguration;
import io.velox.core.config.VeloxConfiguration.RetrainConfiguration;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.config.VeloxConfiguration.StoreConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelKind;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
    private static final String EVERYTHING = """
            store:
              root: alluxio://host:19998/velox
              hadoop:
                fs.alluxio.impl: alluxio.hadoop.FileSystem
                alluxio.user.file.writetype.default: CACHE_THROUGH
            kafka:
              bootstrap-servers: a:1,b:2
              topic-prefix: other
              partitions: 7
              replication: 3
              epoch: 2
            job:
              name: learner
              parallelism: 3
              checkpoint-interval-ms: 1000
              health-interval-ms: 250
            queryable-state:
              proxies: c:3
              timeout-ms: 50
            serving:
              host: 0.0.0.0
              port: 0
              management-port: 9
              user-cache-entries: 10
              receipt-timeout-ms: 11
              max-body-kib: 12
              max-items: 13
              max-observations: 14
              feature-memory-kib: 0
              feature-cache-kib: 220
              posterior-cache-kib: 230
              computed-cache-kib: 0
              prediction-cache: off
              prediction-cache-kib: 221
              prediction-tolerance: 0.05
              overload-delay-ms: 25
            access:
              keys-file: /etc/velox/keys
              tls-certificate: /etc/velox/tls.crt
              tls-key: /etc/velox/tls.key
              allow-plain-http: true
              management-host: 10.0.0.1
              requests-per-second: 15
              max-connections: 16
            retrain:
              master: spark://host:7077
              heap-mib: 512
              timeout-minutes: 5
              held-out: 0.2
              seed: -1
              rebase-window: 6
              rebase-lag-ms: 250
            lifecycle:
              gate: {tolerance: 0.5, live-observations: 1, held-out-ratings: 2, patience-seconds: 3}
              rollback: {threshold: 0.25, observations: 4, window-minutes: 5}
              staleness: {ratio: 2, observations: 10, drift-tolerance: 0.1, drift-threshold: 50, cool-down-minutes: 0.5}
              schedule: {retrain-minutes: 7, refresh-minutes: 8, refresh-observations: 9, refresh-unknown: 11}
              retry: {attempts: 5, pause-seconds: 6}
            forgetting:
              within-days: 7
            learner:
              user-cache-mib: 8
              covariance-cache-mib: 64
            health:
              audit-users: 7
            models:
              als:
                kind: als
                rank: 50
                regularization: 0.000001
                iterations: 3
                item-bias: false
                prior: mean
                polish: 0
                search:
                  rank: [10, 50]
                  regularization: [0.1, 1]
                  item-bias: [true, false]
              named:
                kind: linear
                names: [x, y]
                intercept: false
                regularization: 2
                noise: 0.5
              plain:
                kind: linear
                length: 4
                intercept: true
                regularization: 1.0E+6
                noise: 1
                repeat: accumulate
            """;

    @TempDir
    Path folder;

    @Test
    void theDefaultsAreThoseOfTheShippedFile() {
        VeloxConfiguration defaults = ConfigurationReader.defaults();
        String root = "file:" + Path.of("velox-data/store").toAbsolutePath();
        assertThat(defaults.store()).isEqualTo(new StoreConfiguration(root, Map.of()));
        assertThat(defaults.kafka()).isEqualTo(new KafkaConfiguration("127.0.0.1:9092", "velox", 4, 1, 0));
        assertThat(defaults.job()).isEqualTo(new JobConfiguration("velox", 2, 3000, 500));
        assertThat(defaults.queryableState()).isEqualTo(new QueryableStateConfiguration("127.0.0.1:9069", 1000));
        assertThat(defaults.serving())
                .isEqualTo(new ServingConfiguration(
                        "127.0.0.1",
                        8080,
                        8081,
                        100_000,
                        2000,
                        4096,
                        10_000,
                        10_000,
                        1_048_576,
                        262_144,
                        65_536,
                        32_768,
                        PredictionCaching.AUTO,
                        65_536,
                        0,
                        10));
        assertThat(defaults.access()).isEqualTo(new AccessConfiguration("", "", "", false, "127.0.0.1", 0, 10_000));
        assertThat(defaults.retrain()).isEqualTo(new RetrainConfiguration("local[2]", 2048, 240, 0.1, 42, 2000, 100));
        assertThat(defaults.lifecycle())
                .isEqualTo(new LifecycleConfiguration(
                        new GateConfiguration(0.02, 500, 200, 30),
                        new RollbackConfiguration(0.05, 500, 60),
                        new StalenessConfiguration(1.25, 2000, 0.2, 200, 30),
                        new ScheduleConfiguration(0, 0, 0, 0),
                        new RetryConfiguration(3, 30)));
        assertThat(defaults.forgetting()).isEqualTo(new ForgettingConfiguration(30));
        assertThat(defaults.learner()).isEqualTo(new LearnerConfiguration(128, 128));
        assertThat(defaults.health()).isEqualTo(new HealthConfiguration(20));
        assertThat(defaults.forgetting().within()).isEqualTo(Duration.ofDays(30));
        assertThat(defaults.models())
                .isEqualTo(Map.of("als", new ModelConfiguration.Als(20, 0.15, 10, true, PriorKind.GAUSSIAN)));
        assertThat(defaults.kafka().topics().observations()).isEqualTo("velox.observations");
    }

    @Test
    void everyKeyCanBeSet() throws IOException {
        VeloxConfiguration read = read(EVERYTHING);
        assertThat(read.store())
                .isEqualTo(new StoreConfiguration(
                        "alluxio://host:19998/velox",
                        Map.of(
                                "fs.alluxio.impl",
                                "alluxio.hadoop.FileSystem",
                                "alluxio.user.file.writetype.default",
                                "CACHE_THROUGH")));
        assertThat(read.kafka()).isEqualTo(new KafkaConfiguration("a:1,b:2", "other", 7, 3, 2));
        assertThat(read.job()).isEqualTo(new JobConfiguration("learner", 3, 1000, 250));
        assertThat(read.queryableState()).isEqualTo(new QueryableStateConfiguration("c:3", 50));
        assertThat(read.serving())
                .isEqualTo(new ServingConfiguration(
                        "0.0.0.0", 0, 9, 10, 11, 12, 13, 14, 0, 220, 230, 0, PredictionCaching.OFF, 221, 0.05, 25));
        assertThat(read.access())
                .isEqualTo(new AccessConfiguration(
                        "/etc/velox/keys", "/etc/velox/tls.crt", "/etc/velox/tls.key", true, "10.0.0.1", 15, 16));
        assertThat(read.retrain()).isEqualTo(new RetrainConfiguration("spark://host:7077", 512, 5, 0.2, -1, 6, 250));
        assertThat(read.forgetting()).isEqualTo(new ForgettingConfiguration(7));
        assertThat(read.lifecycle())
                .isEqualTo(new LifecycleConfiguration(
                        new GateConfiguration(0.5, 1, 2, 3),
                        new RollbackConfiguration(0.25, 4, 5),
                        new StalenessConfiguration(2, 10, 0.1, 50, 0.5),
                        new ScheduleConfiguration(7, 8, 9, 11),
                        new RetryConfiguration(5, 6)));
        assertThat(read.lifecycle().staleness().coolDown()).isEqualTo(Duration.ofSeconds(30));
        assertThat(read.lifecycle().retry().pauseAfter(3)).isEqualTo(Duration.ofSeconds(24));
        assertThat(read.learner()).isEqualTo(new LearnerConfiguration(8, 64));
        assertThat(read.health()).isEqualTo(new HealthConfiguration(7));
        assertThat(read.models())
                .isEqualTo(Map.of(
                        "als", als(false, PriorKind.MEAN),
                        "named", new ModelConfiguration.Linear(0, List.of("x", "y"), false, 2, 0.5),
                        "plain", new ModelConfiguration.Linear(4, List.of(), true, 1e6, 1, Repeat.ACCUMULATE)));
    }

    private static ModelConfiguration.Als als(boolean itemBias, PriorKind prior) {
        ModelConfiguration.Search search =
                new ModelConfiguration.Search(List.of(10, 50), List.of(0.1, 1.0), List.of(), List.of(true, false));
        return new ModelConfiguration.Als(50, 1e-6, 3, itemBias, prior, Repeat.REPLACE, 0, search);
    }

    @Test
    void aSearchNeedsAChoice() {
        assertThatThrownBy(() -> new ModelConfiguration.Search(List.of(10), List.of(), List.of(), List.of()))
                .hasMessageContaining("models.*.search must leave 2 to 100 choices, but leaves 1");
        assertThatThrownBy(() -> new ModelConfiguration.Search(List.of(10, 0), List.of(), List.of(), List.of()))
                .hasMessageContaining("models.*.search.rank");
    }

    @Test
    void modelsKnowTheirKindAndInputs() {
        ModelConfiguration.Linear named = new ModelConfiguration.Linear(0, List.of("x", "y"), false, 2, 0.5);
        ModelConfiguration.Linear plain = new ModelConfiguration.Linear(4, List.of(), true, 1, 1);
        assertThat(named.inputs()).isEqualTo(new LinearInputs(2, List.of("x", "y"), false));
        assertThat(plain.inputs()).isEqualTo(LinearInputs.array(4));
        assertThat(plain.kind()).isEqualTo(ModelKind.LINEAR);
        assertThat(new ModelConfiguration.Als(1, 1, 1, true, PriorKind.ZERO).kind())
                .isEqualTo(ModelKind.ALS);
    }

    @Test
    void aModelThatDoesNotSayHowItRepeatsReplaces() throws IOException {
        assertThat(ConfigurationReader.defaults().models().get("als").repeat()).isEqualTo(Repeat.REPLACE);
        assertThat(read(EVERYTHING).models().get("als").repeat()).isEqualTo(Repeat.REPLACE);
        assertThat(read(EVERYTHING).models().get("plain").repeat()).isEqualTo(Repeat.ACCUMULATE);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        for (VeloxConfiguration configuration : List.of(ConfigurationReader.defaults(), read(EVERYTHING))) {
            assertThat(read(ConfigurationReader.write(configuration))).isEqualTo(configuration);
        }
    }

    @Test
    void onAndOffAreWordsThoughYamlTakesThemForTrueAndFalse() throws IOException {
        assertThat(read("serving: {prediction-cache: on}").serving().predictionCache())
                .isEqualTo(PredictionCaching.ON);
        assertThat(read("serving: {prediction-cache: 'off'}").serving().predictionCache())
                .isEqualTo(PredictionCaching.OFF);
        assertThat(environment(Map.of("VELOX_SERVING_PREDICTION_CACHE", "off"))
                        .serving()
                        .predictionCache())
                .isEqualTo(PredictionCaching.OFF);
    }

    @Test
    void anOperatorsFileHoldsOnlyWhatDiffers() throws IOException {
        VeloxConfiguration read = read("serving:\n  port: 9000\n");
        assertThat(read.serving().port()).isEqualTo(9000);
        assertThat(read.serving().managementPort()).isEqualTo(8081);
        assertThat(read.models()).isEqualTo(ConfigurationReader.defaults().models());
        assertThat(read("")).isEqualTo(ConfigurationReader.defaults());
        assertThat(read("# nothing\n")).isEqualTo(ConfigurationReader.defaults());
    }

    @Test
    void anOperatorsModelsReplaceTheShippedOnes() throws IOException {
        assertThat(read("models: {m: {kind: linear, length: 2, intercept: true, regularization: 1, noise: 1}}")
                        .models())
                .containsOnlyKeys("m");
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("velox.yaml"), EVERYTHING);
        VeloxConfiguration read = ConfigurationReader.read(
                Optional.of(file),
                Map.of(
                        "VELOX_SERVING_MANAGEMENT_PORT", "9100",
                        "VELOX_STORE_ROOT", "file:/elsewhere",
                        "VELOX_JOB_NAME", "12",
                        "VELOX_RETRAIN_HELD_OUT", "0.25",
                        "VELOX_MODELS_ALS_PRIOR", "zero",
                        "VELOX_MODELS_ALS_ITEM_BIAS", "true",
                        "VELOX_MODELS_NAMED_NAMES", "[a, b, c]",
                        "VELOX_DATA", "/not/a/key",
                        "VELOX_KEY", "of the client",
                        "PATH", "/bin"));
        assertThat(read.serving().managementPort()).isEqualTo(9100);
        assertThat(read.serving().port()).isZero();
        assertThat(read.store().root()).isEqualTo("file:/elsewhere");
        assertThat(read.job().name()).isEqualTo("12");
        assertThat(read.retrain().heldOut()).isEqualTo(0.25);
        assertThat(read.models().get("als")).isEqualTo(als(true, PriorKind.ZERO));
        assertThat(read.models().get("named"))
                .isEqualTo(new ModelConfiguration.Linear(0, List.of("a", "b", "c"), false, 2, 0.5));
    }

    @Test
    void aVariableOfARenamedKeyNamesItsSuccessor() {
        assertThatThrownBy(() -> environment(Map.of("VELOX_JOB_COVARIANCE_CACHE_MIB", "64")))
                .isInstanceOf(VeloxException.class)
                .hasMessage("VELOX_JOB_COVARIANCE_CACHE_MIB sets job.covariance-cache-mib, which is now named"
                        + " learner.covariance-cache-mib");
        assertThat(environment(Map.of("VELOX_LEARNER_COVARIANCE_CACHE_MIB", "64"))
                        .learner()
                        .covarianceCacheMib())
                .isEqualTo(64);
    }

    @Test
    void wholeSectionsAreYamlInOneLine() {
        VeloxConfiguration read = environment(Map.of(
                "VELOX_STORE_HADOOP", "{fs.x.impl: X, a.b: '1'}",
                "VELOX_MODELS", "{m: {kind: linear, length: 2, intercept: true, regularization: 1, noise: 1}}",
                "VELOX_MODELS_M_LENGTH", "3"));
        assertThat(read.store().hadoop()).isEqualTo(Map.of("fs.x.impl", "X", "a.b", "1"));
        assertThat(read.models()).isEqualTo(Map.of("m", new ModelConfiguration.Linear(3, List.of(), true, 1, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serving: {managment-port: 1}|serving.managment-port|is not a key of Velox; allowed here are [computed-cache-kib, feature-cache-kib, feature-memory-kib, host",
                "servng: {port: 1}|servng|is not a key of Velox; allowed here are [access, forgetting, health, job, kafka, learner, lifecycle, models",
                "serving: {port: abc}|serving.port|must be a whole number from -2147483648 to 2147483647, but is \"abc\"",
                "serving: {port: '1'}|serving.port|must be a whole number",
                "serving: {port: 1.5}|serving.port|must be a whole number",
                "serving: {port: true}|serving.port|must be a whole number",
                "serving: {port: [1]}|serving.port|must be a whole number",
                "serving: {port: 99999999999}|serving.port|must be a whole number",
                "serving: {port: 65536}|serving.port|must be 0 to 65535, but is 65536",
                "serving: {port: 8081}|serving.management-port|must differ from serving.port, but is 8081 too",
                "serving: {port: }|serving.port|has no value; leave the key out to have the default",
                "serving: 8080|serving|must be keys and values, but is 8080",
                "serving:|serving|has no value",
                "serving: {prediction-cache: sometimes}|serving.prediction-cache|must be off, on or auto, but is sometimes",
                "serving: {prediction-tolerance: -0.1}|serving.prediction-tolerance|must be 0.0 to 1.0E9, but is -0.1",
                "serving: {max-items: 0}|serving.max-items|must be 1 to 1000000, but is 0",
                "access: {tls-certificate: a.pem}|access.tls-key|must be given too",
                "access: {tls-key: a.pem}|access.tls-certificate|must be given too",
                "access: {management-host: ''}|access.management-host|must not be empty",
                "access: {requests-per-second: -1}|access.requests-per-second|must be 0 to 1000000, but is -1",
                "access: {max-connections: 0}|access.max-connections|must be 1 to 1000000, but is 0",
                "access: {allow-plain-http: 1}|access.allow-plain-http|must be true or false, but is 1",
                "store: {root: ''}|store.root|must not be empty",
                "store: {root: /var/velox}|store.root|must be a URI such as file:./store",
                "store: {root: 'file:/a b'}|store.root|must be a URI",
                "store: {hadoop: {a: {b: c}}}|store.hadoop.a|must be text",
                "store: {hadoop: [a]}|store.hadoop|must be keys and values",
                "kafka: {partitions: 0}|kafka.partitions|must be 1 to 1000",
                "kafka: {replication: 10}|kafka.replication|must be 1 to 9",
                "kafka: {epoch: -1}|kafka.epoch|must be 0 to 999999",
                "kafka: {topic-prefix: 'a b'}|kafka.topic-prefix|must match",
                "kafka: {bootstrap-servers: ' '}|kafka.bootstrap-servers|must not be empty",
                "job: {parallelism: 0}|job.parallelism|must be 1 to 1024",
                "job: {checkpoint-interval-ms: 99}|job.checkpoint-interval-ms|must be 100 to 3600000",
                "lifecycle: {gate: {tolerance: -0.1}}|lifecycle.gate.tolerance|must be 0.0 to 10.0, but is -0.1",
                "lifecycle: {gate: {tollerance: 0.1}}|lifecycle.gate.tollerance|is not a key of Velox",
                "lifecycle: {rollback: {observations: 1}}|lifecycle.rollback.observations|must be 2 to 1000000000",
                "lifecycle: {staleness: {observations: 9}}|lifecycle.staleness.observations|must be 10 to 1000000000",
                "lifecycle: {retry: {attempts: 0}}|lifecycle.retry.attempts|must be 1 to 100, but is 0",
                "learner: {covariance-cache-mib: 0}|learner.covariance-cache-mib|must be 1 to 65536",
                "job: {covariance-cache-mib: 64}|job.covariance-cache-mib|is now named learner.covariance-cache-mib",
                "job: {health-interval-ms: 1}|job.health-interval-ms|must be 50 to 60000",
                "queryable-state: {timeout-ms: 0}|queryable-state.timeout-ms|must be 1 to 60000",
                "retrain: {held-out: 0.6}|retrain.held-out|must be 0.01 to 0.5, but is 0.6",
                "retrain: {held-out: x}|retrain.held-out|must be a number, but is \"x\"",
                "retrain: {heap-mib: 1}|retrain.heap-mib|must be 256 to 1048576",
                "forgetting: {within-days: 0}|forgetting.within-days|must be 1 to 3650, but is 0",
                "forgetting: {within-days: 3651}|forgetting.within-days|must be 1 to 3650, but is 3651",
                "forgetting: {within-weeks: 1}|forgetting.within-weeks|is not a key of Velox; allowed here are [within-days]",
                "learner: {user-cache-mib: 0}|learner.user-cache-mib|must be 1 to 65536, but is 0",
                "models: {l: {kind: linear, length: 1, intercept: true, regularization: 1, noise: 1, repeat: add}}|models.l.repeat|must be one of replace, accumulate, but is \"add\"",
                "retrain: {rebase-window: 0}|retrain.rebase-window|must be 1 to 1000000",
                "retrain: {rebase-lag-ms: 60001}|retrain.rebase-lag-ms|must be 1 to 60000, but is 60001",
                "models: {}|models|must name at least one model",
                "models: [1]|models|must be keys and values",
                "models: {als: }|models.als|must be given",
                "models: {als: {kind: svd}}|models.als.kind|must be als or linear, but is \"svd\"",
                "models: {als: {rank: 1}}|models.als.kind|must be als or linear, but is not given",
                "models: {Als: {kind: linear, length: 2, intercept: true, regularization: 1, noise: 1}}|models.Als|must be named with lower case letters",
                "models: {als: {kind: als, rank: 0, regularization: 1, iterations: 1, item-bias: true, prior: zero}}|models.als.rank|must be 1 to 1000, but is 0",
                "models: {als: {kind: als, rank: 1, regularization: 0, iterations: 1, item-bias: true, prior: zero}}|models.als.regularization|must be 1.0E-6 to 1000000.0, but is 0.0",
                "models: {als: {kind: als, rank: 1, regularization: 1, iterations: 0, item-bias: true, prior: zero}}|models.als.iterations|must be 1 to 1000",
                "models: {als: {kind: als, rank: 1, regularization: 1, iterations: 1, item-bias: 1, prior: zero}}|models.als.item-bias|must be true or false, but is 1",
                "models: {als: {kind: als, rank: 1, regularization: 1, iterations: 1, item-bias: true, prior: none}}|models.als.prior|must be one of zero, mean, gaussian, but is \"none\"",
                "models: {als: {kind: als, rank: 1, regularization: 1, iterations: 1, item-bias: true}}|models.als.prior|must be one of zero, mean, gaussian, but is not given",
                "models: {als: {kind: als, rank: 1, rnk: 1, regularization: 1, iterations: 1, item-bias: true, prior: zero}}|models.als.rnk|is not a key of Velox",
                "models: {l: {kind: linear, intercept: true, regularization: 1, noise: 1}}|models.l.length|or models.l.names must be given, and not both",
                "models: {l: {kind: linear, length: 1, names: [a], intercept: true, regularization: 1, noise: 1}}|models.l.length|and not both",
                "models: {l: {kind: linear, length: 1001, intercept: true, regularization: 1, noise: 1}}|models.l.length|must be 1 to 1000",
                "models: {l: {kind: linear, names: [a, a], intercept: true, regularization: 1, noise: 1}}|models.l.names|must differ from one another",
                "models: {l: {kind: linear, names: a, intercept: true, regularization: 1, noise: 1}}|models.l.names|must be a list",
                "models: {l: {kind: linear, length: 1, intercept: true, regularization: 1, noise: 0}}|models.l.noise|must be 1.0E-9 to 1.0E9, but is 0.0"
            })
    void whatIsWrongIsRefusedByItsKeyWithWhatIsAllowed(String yaml, String key, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e.field()).contains(key);
                })
                .hasMessageStartingWith(key + " ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VELOX_SERVING_PROT|1|VELOX_SERVING_PROT|sets no key that Velox knows; allowed are [VELOX_ACCESS_ALLOW_PLAIN_HTTP, ",
                "VELOX_SERVING|1|VELOX_SERVING|sets no key that Velox knows",
                "VELOX_MODELS_SVD_RANK|1|VELOX_MODELS_SVD_RANK|sets no key that Velox knows",
                "VELOX_SERVING_PORT|abc|serving.port|must be a whole number",
                "VELOX_SERVING_PORT|``|serving.port|must be a whole number",
                "VELOX_SERVING_PORT|{a: b}|serving.port|must be a whole number",
                "VELOX_SERVING_PORT|[: |serving.port|must be a whole number",
                "VELOX_MODELS_ALS_RANK|0|models.als.rank|must be 1 to 1000, but is 0",
                "VELOX_STORE_ROOT|``|store.root|must not be empty"
            })
    void theEnvironmentIsCheckedLikeTheFile(String variable, String value, String key, String message) {
        assertThatThrownBy(() -> environment(Map.of(variable, value)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains(key))
                .hasMessageStartingWith(key + " ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- a|must hold keys and values",
                "a: b: c|is not valid YAML in line 1",
                "serving: {port: 1, port: 2}|Duplicate field 'port'",
                "text|must hold keys and values"
            })
    void aFileThatIsNoConfigurationIsRefusedByItsName(String yaml, String message) {
        String file = folder.resolve("velox.yaml").toString();
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains(file))
                .hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> ConfigurationReader.read(Optional.of(missing), Map.of()))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining(missing + " cannot be read: java.nio.file.NoSuchFileException");
    }

    @Test
    void theShippedFileDocumentsEveryKeyAndNamesNoOther() throws IOException {
        List<String> lines = shippedLines();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean isSection = line.endsWith(":") && !line.startsWith("#");
            if (line.isEmpty() || line.startsWith("#") || isSection) {
                continue;
            }
            String key = line.substring(0, line.indexOf(':'));
            keys.add(key);
            assertThat(lines.get(i - 1).strip()).as("the line before %s", key).startsWith("# ");
        }
        long valuesInWrittenDefaults = ConfigurationReader.write(ConfigurationReader.defaults())
                .lines()
                .filter(line -> !line.endsWith(":") && !line.equals("---"))
                .count();
        assertThat(keys).hasSize((int) valuesInWrittenDefaults).contains("hadoop", "port", "rank", "prior");
    }

    @Test
    void theShippedFileShowsTheKeysOfEveryRecord() throws IOException {
        List<String> keys = shippedLines().stream()
                .map(line -> line.replace("#", "").strip())
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
        for (Class<?> type : List.of(
                VeloxConfiguration.class,
                StoreConfiguration.class,
                KafkaConfiguration.class,
                JobConfiguration.class,
                QueryableStateConfiguration.class,
                ServingConfiguration.class,
                AccessConfiguration.class,
                RetrainConfiguration.class,
                ForgettingConfiguration.class,
                ModelConfiguration.Als.class,
                ModelConfiguration.Linear.class)) {
            for (RecordComponent component : type.getRecordComponents()) {
                String key = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                assertThat(keys).as(type.getSimpleName()).contains(key);
            }
        }
    }

    @Test
    void theShippedFileNamesEachRange() throws IOException {
        String text = String.join("\n", shippedLines());
        for (String range : List.of("1 to 1000.", "0 to 65535.", "100 to 3600000.", "0.01 to 0.5.", "0 to 999999.")) {
            assertThat(text).contains(range);
        }
    }

    private static List<String> shippedLines() throws IOException {
        try (InputStream in = ConfigurationReader.class.getResourceAsStream("/velox.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private VeloxConfiguration read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("velox.yaml"), yaml);
        return ConfigurationReader.read(Optional.of(file), Map.of());
    }

    private static VeloxConfiguration environment(Map<String, String> environment) {
        return ConfigurationReader.read(Optional.empty(), environment);
    }
}
