package io.velox.serving.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Damages one file of a version in the store, chosen at random among all that it has, and says what it did. */
enum Damage {
    TRUNCATED {
        @Override
        String of(Path file, RandomGenerator random) throws IOException {
            byte[] good = Files.readAllBytes(file);
            int length = random.nextInt(good.length);
            Files.write(file, Arrays.copyOf(good, length));
            return "cut to " + length + " of " + good.length + " bytes";
        }
    },
    BIT_FLIPPED {
        @Override
        String of(Path file, RandomGenerator random) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            int at = random.nextInt(bytes.length);
            int bit = random.nextInt(8);
            bytes[at] ^= (byte) (1 << bit);
            Files.write(file, bytes);
            return "bit " + bit + " of byte " + at + " flipped";
        }
    },
    MISSING {
        @Override
        String of(Path file, RandomGenerator random) throws IOException {
            Files.delete(file);
            return "missing";
        }
    };

    abstract String of(Path file, RandomGenerator random) throws IOException;

    /**
     * Damages one of the files below a version's folder.
     *
     * @return which, and how
     */
    String in(Path version, RandomGenerator random) throws IOException {
        List<Path> all = files(version);
        Path file = all.get(random.nextInt(all.size()));
        return version.relativize(file) + " " + of(file, random);
    }

    /** All files of a version, in the order of their names. */
    static List<Path> files(Path version) throws IOException {
        try (Stream<Path> found = Files.walk(version)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
