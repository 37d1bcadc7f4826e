package io.velox.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.velox.core.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.LoggerFactory;

class NativeBlasTest {
    /** Loads Velox and JBLAS afresh, all else as the test has it. */
    private static class FreshClasses extends URLClassLoader {
        FreshClasses() {
            super(classPath(), NativeBlasTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean isFresh = name.startsWith("io.velox.") || name.startsWith("org.jblas.");
            if (!isFresh) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }

        boolean seesTheNativeLibrary() throws ReflectiveOperationException {
            return (boolean) method("NativeBlas", "isAvailable").invoke(null);
        }

        double[] solve(double[] a, double[] b) throws ReflectiveOperationException {
            return (double[]) method("PositiveDefinite", "solve", double[].class, double[].class)
                    .invoke(null, a, b);
        }

        private Method method(String type, String name, Class<?>... parameters) throws ReflectiveOperationException {
            Class<?> fresh = loadClass("io.velox.core.linalg." + type);
            assertThat(fresh.getClassLoader()).isSameAs(this);
            return fresh.getMethod(name, parameters);
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (MalformedURLException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toArray(URL[]::new);
        }
    }

    /** And hides everything native, as on a machine for which there is no library. */
    private static final class WithoutNativeLibraries extends FreshClasses {
        @Override
        public URL getResource(String name) {
            return isNative(name) ? null : super.getResource(name);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return isNative(name) ? null : super.getResourceAsStream(name);
        }

        @Override
        protected String findLibrary(String name) {
            return null;
        }

        private static boolean isNative(String name) {
            return name.contains(".so") || name.contains("bytedeco");
        }
    }

    static boolean isLinuxOnX64() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    @Test
    @EnabledIf("isLinuxOnX64")
    void theBundledFortranRuntimeMakesTheNativeLibraryWorkOnAnyLinux() {
        assertThat(NativeBlas.isAvailable()).isTrue();
    }

    @Test
    void withoutTheNativeLibraryPlainJavaDoesEverythingAndSaysSoOnce() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(NativeBlas.class.getName());
        log.start();
        logger.addAppender(log);
        try (FreshClasses classes = new WithoutNativeLibraries()) {
            for (int i = 0; i < 3; i++) {
                assertThat(classes.seesTheNativeLibrary()).isFalse();
                assertSolves(classes);
            }
        } finally {
            logger.detachAppender(log);
        }
        List<ILoggingEvent> warnings = log.list.stream()
                .filter(e -> e.getLevel().isGreaterOrEqual(Level.WARN))
                .toList();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0).getFormattedMessage())
                .startsWith("The native library of JBLAS cannot be used (java.lang.UnsatisfiedLinkError")
                .contains("plain Java does its work");
    }

    @Test
    @EnabledIf("isLinuxOnX64")
    void everyClassLoaderOfAProcessCanHaveTheNativeLibrary() throws Exception {
        assertThat(NativeBlas.isAvailable()).isTrue();
        for (int restart = 0; restart < 3; restart++) {
            try (FreshClasses classes = new FreshClasses()) {
                assertThat(classes.seesTheNativeLibrary()).isTrue();
                assertSolves(classes);
            }
        }
    }

    @Test
    @EnabledIf("isLinuxOnX64")
    void loadingLeavesNoFilesOfTheFortranRuntimeBehind() throws Exception {
        List<Path> before = runtimeFolders();
        try (FreshClasses classes = new FreshClasses()) {
            assertThat(classes.seesTheNativeLibrary()).isTrue();
        }
        assertThat(runtimeFolders()).isEqualTo(before);
    }

    private static List<Path> runtimeFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("velox-fortran"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertSolves(FreshClasses classes) throws ReflectiveOperationException {
        Random random = Seeds.random("assertSolves");
        int d = PositiveDefinite.NATIVE_FROM_DIMENSION + 20;
        double[] a = Matrices.positiveDefinite(random, d);
        double[] b = Matrices.vector(random, d);
        assertThat(classes.solve(a, b)).containsExactly(PositiveDefinite.solvePlain(a, b), within(1e-10));
    }
}
