package io.velox.serving.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int MAX = LineReader.MAX_LINE_BYTES;

    /** Gives the bytes in small pieces of random sizes. */
    private static final class Trickle extends InputStream {
        private final InputStream all;
        private final Random random;

        private Trickle(String text, Random random) {
            this.all = new ByteArrayInputStream(text.getBytes(UTF_8));
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return all.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return all.read(target, offset, Math.min(length, 1 + random.nextInt(50_000)));
        }
    }

    private static List<String> lines(InputStream in) throws IOException {
        LineReader reader = new LineReader(in);
        List<String> lines = new ArrayList<>();
        while (reader.next()) {
            lines.add(
                    reader.isTooLong()
                            ? "too long"
                            : new String(reader.buffer(), reader.start(), reader.length(), UTF_8));
        }
        assertThat(reader.next()).isFalse();
        return lines;
    }

    private static List<String> lines(String text) throws IOException {
        return lines(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    @Test
    void linesEndWithLfOrCrLfAndTheLastOneNeedsNoEnd() throws IOException {
        assertThat(lines("")).isEmpty();
        assertThat(lines("a\n\r\n b\r c \r\nd")).containsExactly("a", "", " b\r c ", "d");
        assertThat(lines("a\n")).containsExactly("a");
        assertThat(lines("\n")).containsExactly("");
    }

    @Test
    void onlyAByteOrderMarkAtTheBeginningIsPassedOver() throws IOException {
        assertThat(lines("\ufeffa\n\ufeffb")).containsExactly("a", "\ufeffb");
        assertThat(lines("\ufeff")).isEmpty();
    }

    @Test
    void aLineAboveTheLimitIsReportedAndTheNextOnesAreRead() throws IOException {
        assertThat(lines("x".repeat(MAX) + "\r\nb")).containsExactly("x".repeat(MAX), "b");
        assertThat(lines("x".repeat(MAX + 1) + "\nb")).containsExactly("too long", "b");
        assertThat(lines("a\n" + "x".repeat(5 * MAX) + "\r\nb\n" + "y".repeat(3 * MAX)))
                .containsExactly("a", "too long", "b", "too long");
    }

    @Test
    void linesAreTheSameInWhateverPiecesTheyCome() throws IOException {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int trial = 0; trial < 50; trial++) {
            StringBuilder text = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                int length = random.nextInt(random.nextInt(10) == 0 ? 4 * MAX : 2_000);
                expected.add(length > MAX ? "too long" : "z".repeat(length));
                text.append("z".repeat(length)).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            assertThat(lines(new Trickle(text.toString(), random)))
                    .as("-Dvelox.seed=%s", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void whatIsReadOfALineWhenTheStreamBreaksIsNoLine() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        LineReader reader = new LineReader(
                new SequenceInputStream(new ByteArrayInputStream("{\"a\":1}\n{\"a\":2}".getBytes(UTF_8)), broken));

        assertThat(reader.next()).isTrue();
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
    }

    @Test
    void aLineOfSpacesIsBlank() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(" \t\r\nx".getBytes(UTF_8)));
        reader.next();
        assertThat(reader.isBlank()).isTrue();
        reader.next();
        assertThat(reader.isBlank()).isFalse();
    }
}
