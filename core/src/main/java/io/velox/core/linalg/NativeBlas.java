package io.velox.core.linalg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the native library of JBLAS can be used in this process, decided once.
 *
 * <p>JBLAS links the Fortran runtime, which a clean machine does not have, and fails at its first call without it. So the runtime is
 * taken out of the OpenBLAS artifact on the class path and loaded first. Where that fails too, the plain Java twins serve, and one
 * line of the log says why.
 *
 * <p>Each class loader that holds this class decides for itself, from libraries under names of their own, so that a job that is
 * started again beside its old classes loads them again.
 */
public final class NativeBlas {
    private static final Logger LOG = LoggerFactory.getLogger(NativeBlas.class);
    private static final String RUNTIME_FOLDER = "/org/bytedeco/openblas/linux-x86_64/";
    private static final List<String> RUNTIME_LIBRARIES = List.of("libquadmath.so.0", "libgfortran.so.5");
    private static final boolean AVAILABLE = probe();

    private NativeBlas() {}

    public static boolean isAvailable() {
        return AVAILABLE;
    }

    private static boolean probe() {
        loadFortranRuntime();
        try {
            // JBLAS would write the names of its temporary files to standard error.
            org.jblas.util.Logger.getLogger().setLevel(org.jblas.util.Logger.WARNING);
            double[] twoByTwo = {4, 0, 0, 9};
            double[] b = {8, 27};
            int info = org.jblas.NativeBlas.dposv('U', 2, 1, twoByTwo, 0, 2, b, 0, 2);
            if (info == 0 && b[0] == 2 && b[1] == 3) {
                return true;
            }
            warn("it computes wrong results");
        } catch (LinkageError | RuntimeException e) {
            warn(e.toString());
        }
        return false;
    }

    private static void warn(String reason) {
        LOG.warn(
                "The native library of JBLAS cannot be used ({}); plain Java does its work, more slowly for d ≥ {}",
                reason,
                PositiveDefinite.NATIVE_FROM_DIMENSION);
    }

    private static void loadFortranRuntime() {
        try {
            Path folder = Files.createTempDirectory("velox-fortran");
            try {
                for (String library : RUNTIME_LIBRARIES) {
                    loadFromClassPath(library, folder.resolve(library));
                }
            } finally {
                Files.delete(folder);
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("The bundled Fortran runtime was not loaded", e);
        }
    }

    private static void loadFromClassPath(String library, Path file) throws IOException {
        try (InputStream in = NativeBlas.class.getResourceAsStream(RUNTIME_FOLDER + library)) {
            if (in == null) {
                LOG.debug("{} is not on the class path; the machine's own is used if there is one", library);
                return;
            }
            Files.copy(in, file);
            System.load(file.toString());
        } finally {
            Files.deleteIfExists(file); // what is loaded stays mapped
        }
    }
}
