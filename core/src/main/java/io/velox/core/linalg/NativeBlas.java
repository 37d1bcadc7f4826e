package io.velox.core.linalg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the native library of JBLAS can be used in this process, decided once.
 *
 * <p>JBLAS links the Fortran runtime, which a clean machine does not have, and fails at its first call without it. So the runtime is
 * taken out of the OpenBLAS artifact on the class path and loaded first. Where that fails too, the plain Java twins serve, and one
 * line of the log says why.
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
            double[] twoByTwo = {4, 0, 0, 9};
            double[] b = {8, 27};
            int info = org.jblas.NativeBlas.dposv('U', 2, 1, twoByTwo, 0, 2, b, 0, 2);
            return info == 0 && b[0] == 2 && b[1] == 3;
        } catch (LinkageError | RuntimeException e) {
            LOG.warn(
                    "The native library of JBLAS cannot be used ({}); plain Java does its work, more slowly for d ≥ 100",
                    e.toString());
            return false;
        }
    }

    private static void loadFortranRuntime() {
        try {
            Path folder = Files.createTempDirectory("velox-fortran");
            for (String library : RUNTIME_LIBRARIES) {
                Path file = folder.resolve(library);
                try (InputStream in = NativeBlas.class.getResourceAsStream(RUNTIME_FOLDER + library)) {
                    if (in == null) {
                        LOG.debug("{} is not on the class path; the machine's own is used if there is one", library);
                        continue;
                    }
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
                System.load(file.toString());
                Files.delete(file); // stays mapped
            }
            Files.delete(folder);
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("The bundled Fortran runtime was not loaded", e);
        }
    }
}
