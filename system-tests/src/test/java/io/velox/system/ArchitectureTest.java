package io.velox.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may depend on whom: the table of modules in the design, checked on the compiled classes of every module. */
class ArchitectureTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    /** What a module may or may not know of; Netty comes with Vert.x, and Scala with Spark. */
    @SuppressWarnings("ImmutableEnumChecker") // its lists are immutable
    private enum Engine {
        ALLUXIO("alluxio.."),
        FLINK("org.apache.flink.."),
        HADOOP("org.apache.hadoop.."),
        JBLAS("org.jblas.."),
        KAFKA("org.apache.kafka..", "kafka.."),
        PARQUET("org.apache.parquet.."),
        SPARK("org.apache.spark..", "scala.."),
        VERTX("io.vertx..", "io.netty..");

        private final List<String> packages;

        Engine(String... packages) {
            this.packages = List.of(packages);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to its sets
    private enum Module {
        CORE("core", "io.velox.core..", EnumSet.of(Engine.HADOOP, Engine.JBLAS)),
        QUERYABLE_STATE("queryable-state", "io.velox.state..", EnumSet.of(Engine.FLINK), CORE),
        FLINK_JOB(
                "flink-job",
                "io.velox.job..",
                EnumSet.of(Engine.FLINK, Engine.HADOOP, Engine.KAFKA, Engine.PARQUET),
                CORE,
                QUERYABLE_STATE),
        SERVING("serving", "io.velox.serving..", EnumSet.of(Engine.KAFKA, Engine.VERTX), CORE, QUERYABLE_STATE),
        SPARK_RETRAIN(
                "spark-retrain", "io.velox.retrain..", EnumSet.of(Engine.HADOOP, Engine.PARQUET, Engine.SPARK), CORE),
        CLIENT("client", "io.velox.client..", EnumSet.noneOf(Engine.class)),
        STANDALONE(
                "standalone",
                "io.velox.standalone..",
                EnumSet.complementOf(EnumSet.of(Engine.SPARK)),
                CORE,
                QUERYABLE_STATE,
                FLINK_JOB,
                SERVING,
                CLIENT);

        private final String folder;
        private final String packages;
        private final EnumSet<Engine> engines;
        private final List<Module> modules;

        Module(String folder, String packages, EnumSet<Engine> engines, Module... modules) {
            this.folder = folder;
            this.packages = packages;
            this.engines = engines;
            this.modules = List.of(modules);
        }

        Path sources() {
            return REPOSITORY.resolve(folder).resolve("src/main/java");
        }

        Path classes() {
            return REPOSITORY.resolve(folder).resolve("target/classes");
        }

        String[] forbiddenPackages() {
            Stream<String> otherModules = Arrays.stream(values())
                    .filter(other -> other != this && !modules.contains(other))
                    .map(other -> other.packages);
            Stream<String> otherEngines =
                    EnumSet.complementOf(engines).stream().flatMap(engine -> engine.packages.stream());
            return Stream.concat(otherModules, otherEngines).toArray(String[]::new);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyModuleIsCompiled(Module module) throws IOException {
        long sources = count(module.sources(), ".java") - count(module.sources(), "package-info.java");
        if (sources > 0) {
            assertThat(count(module.classes(), ".class"))
                    .as("classes of %s; build all modules first", module.folder)
                    .isGreaterThanOrEqualTo(sources);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModulesClassesLieInItsOwnPackages(Module module) {
        classes()
                .should()
                .resideInAPackage(module.packages)
                .allowEmptyShould(true)
                .check(classesOf(module));
    }

    @ParameterizedTest
    @EnumSource
    void aModuleKnowsOnlyWhatItIsMeantToKnow(Module module) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(module.forbiddenPackages())
                .allowEmptyShould(true)
                .check(classesOf(module));
    }

    @Test
    void nobodyUsesBreeze() {
        noClasses().should().dependOnClassesThat().resideInAPackage("breeze..").check(allClasses());
    }

    @Test
    void everybodyLogsThroughSlf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..")
                .check(allClasses());
    }

    @Test
    void onlyWhatAPersonStartsFromAShellPrints() {
        DescribedPredicate<JavaClass> commands = DescribedPredicate.describe(
                "are commands",
                type -> type.getPackageName().matches(".*\\.(cli|demo)(\\..*)?")
                        || type.getName().matches(".*(Command|Application)(\\$.*)?"));
        noClasses()
                .that(DescribedPredicate.not(commands))
                .should()
                .accessField(System.class, "out")
                .check(allClasses());
    }

    @Test
    void packagesFormNoCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith("io.velox.")
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(allClasses());
    }

    private static JavaClasses classesOf(Module module) {
        return new ClassFileImporter().importPaths(List.of(module.classes()));
    }

    private static JavaClasses allClasses() {
        return new ClassFileImporter()
                .importPaths(Arrays.stream(Module.values()).map(Module::classes).toList());
    }

    private static long count(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).count();
        }
    }
}
