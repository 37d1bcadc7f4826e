package io.velox.client.ratings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.client.Observation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatingContainerTest {
    private static final String RATINGS = "1::10::5\n2::20::3\n";
    private static final List<RatingLine> LINES = List.of(
            new RatingLine.Good(1, Observation.of("1", "10", 5)), new RatingLine.Good(2, Observation.of("2", "20", 3)));

    @TempDir
    private Path folder;

    @Test
    void readsPlainPackedAndZippedFilesWhateverTheirNamesAre() throws IOException {
        byte[] plain = bytes(RATINGS);
        byte[] zip =
                zip("ml-1m/", "", "ml-1m/README", "a b c", "ml-1m/ratings.dat", RATINGS, "ml-1m/users.dat", "1::F");

        assertThat(read(write("plain", plain))).isEqualTo(LINES);
        assertThat(read(write("packed", gzip(plain)))).isEqualTo(LINES);
        assertThat(read(write("zipped", zip))).isEqualTo(LINES);
        for (byte[] content : List.of(plain, gzip(plain), zip)) {
            try (RatingReader reader = RatingReader.open(new ByteArrayInputStream(content), RatingOptions.none())) {
                assertThat(RatingLines.all(reader)).isEqualTo(LINES);
            }
        }
    }

    @Test
    void readsGzipWithSeveralMembersAndGzipInsideAZipFile() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(bytes("1::10::5\n")));
        both.write(gzip(bytes("2::20::3\n")));

        assertThat(read(write("two.gz", both.toByteArray()))).isEqualTo(LINES);
        Path zip = folder.resolve("gz.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.putNextEntry(new ZipEntry("ratings.dat.gz"));
            entries.write(both.toByteArray());
        }
        assertThat(read(zip)).isEqualTo(LINES);
    }

    @Test
    void readsAFolder() throws IOException {
        Files.createDirectories(folder.resolve("ml-1m"));
        write("ml-1m/movies.dat", bytes("1::Heat::Crime\n"));
        write("ml-1m/ratings.dat", bytes(RATINGS));

        assertThat(read(folder)).isEqualTo(LINES);
    }

    @Test
    void theOnlyFileThatCouldBeRatingsIsTakenAndOfSeveralOneMustBeChosen() throws IOException {
        Path one = write("one.zip", zip("README.txt", "no", "votes.txt", RATINGS));
        Path two = write("two.zip", zip("train.csv", "no", "test.dat", RATINGS));

        assertThat(read(one)).isEqualTo(LINES);
        assertThatThrownBy(() -> read(two))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("--entry", "train.csv", "test.dat");
        RatingOptions chosen =
                new RatingOptions(RatingColumns.byName(), Optional.empty(), false, Optional.of("test.dat"));
        try (RatingReader reader = RatingReader.open(two, chosen)) {
            assertThat(RatingLines.all(reader)).isEqualTo(LINES);
        }
        assertThatThrownBy(() -> read(write("none.zip", zip("image.png", "x"))))
                .hasMessageContainingAll("no file in", "image.png");
    }

    @Test
    void aFileThatWasCutShortIsRefusedWithWords() throws IOException {
        byte[] random = randomRatings();
        byte[] zip = zip("ratings.dat", new String(random, StandardCharsets.UTF_8));
        byte[] gzip = gzip(random);

        assertThatThrownBy(() -> read(write("cut.zip", Arrays.copyOf(zip, zip.length / 2))))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("cut.zip", zip.length / 2 + " bytes", "cut short");
        assertThatThrownBy(() -> read(write("cut.gz", Arrays.copyOf(gzip, gzip.length / 2))))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("cut.gz", "ends too early");
        assertThatThrownBy(() -> read(write("cut.gz", Arrays.copyOf(gzip, 7))))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("cut.gz", "no whole gzip file");
    }

    @Test
    void whatFollowsGzipAndIsNoneIsNotPassedOver() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(bytes("1::10::5\n")));
        both.write(bytes("2::20::3\n"));
        assertThatThrownBy(() -> read(write("tail.gz", both.toByteArray())))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("tail.gz", "damaged");
    }

    @Test
    void aSlowPipeOfSeveralMembersIsReadToItsEnd() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(bytes("1::10::5\n")));
        both.write(gzip(bytes("2::20::3\n")));
        InputStream pipe = new FilterInputStream(new ByteArrayInputStream(both.toByteArray())) {
            @Override
            public int available() {
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
        List<RatingLine> lines = new ArrayList<>();
        try (RatingReader reader = RatingReader.open(pipe, RatingOptions.none())) {
            for (Optional<RatingLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
        }
        assertThat(lines).isEqualTo(LINES);
    }

    @Test
    void whatCanBeReadOnlyOnceIsRefused() {
        assertThatThrownBy(() -> read(Path.of("/dev/null"))).hasMessageContainingAll("/dev/null", "standard input");
    }

    @Test
    void aFileThatWasAlteredIsRefusedWithWords() throws IOException {
        byte[] random = randomRatings();
        byte[] zip = zip("ratings.dat", new String(random, StandardCharsets.UTF_8));
        byte[] gzip = gzip(random);
        for (int i = 0; i < 3; i++) {
            zip[500 + i] ^= 0x55;
            gzip[500 + i] ^= 0x55;
        }

        assertThatThrownBy(() -> read(write("altered.zip", zip)))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("ratings.dat in ", "altered.zip", "damaged");
        assertThatThrownBy(() -> read(write("altered.gz", gzip)))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("altered.gz", "damaged");
    }

    @Test
    void anEntryThatUnpacksButIsAnotherThanItsChecksumSaysIsRefused() throws IOException {
        Path file = folder.resolve("stored.zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.setLevel(0);
            entries.putNextEntry(new ZipEntry("ratings.dat"));
            entries.write(bytes(RATINGS));
        }
        byte[] zip = Files.readAllBytes(file);
        int label = new String(zip, StandardCharsets.ISO_8859_1).indexOf("10::5") + 4;
        zip[label] = '4';

        assertThatThrownBy(() -> read(write("stored.zip", zip)))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("expected 18 bytes with CRC", "found 18");
    }

    @Test
    void otherPackingsAreNamed() throws IOException {
        Path xz = write("x.xz", new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 0});
        Path wide = write("w.csv", "\uFEFFuid,item,label\n".getBytes(StandardCharsets.UTF_16LE));

        assertThatThrownBy(() -> read(xz)).hasMessageContainingAll("x.xz", "packed as xz", "unpack");
        assertThatThrownBy(() -> read(wide)).hasMessageContainingAll("w.csv", "UTF-16", "iconv");
    }

    @Test
    void theShareThatHasBeenReadGoesFromNothingToAll() throws IOException {
        try (RatingReader reader =
                RatingReader.open(write("long", bytes(RATINGS.repeat(20_000))), RatingOptions.none())) {
            assertThat(reader.fraction()).isLessThan(1);
            RatingLines.all(reader);
            assertThat(reader.fraction()).isEqualTo(1);
        }
    }

    private static byte[] randomRatings() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(random.nextInt(1_000_000))
                    .append("::")
                    .append(random.nextInt(1_000_000))
                    .append("::3\n");
        }
        return bytes(text.toString());
    }

    private static List<RatingLine> read(Path path) throws IOException {
        try (RatingReader reader = RatingReader.open(path, RatingOptions.none())) {
            return RatingLines.all(reader);
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                entries.putNextEntry(new ZipEntry(namesAndContents[i]));
                entries.write(bytes(namesAndContents[i + 1]));
            }
        }
        return bytes.toByteArray();
    }
}
