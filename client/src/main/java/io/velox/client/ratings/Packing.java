package io.velox.client.ratings;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** How bytes are packed, told from the first of them. */
enum Packing {
    PLAIN(""),
    GZIP("1f8b"),
    ZIP("504b0304"),
    EMPTY_ZIP("504b0506"),
    BZIP2("425a68"),
    XZ("fd377a585a"),
    ZSTANDARD("28b52ffd"),
    UTF_16_LITTLE_ENDIAN("fffe"),
    UTF_16_BIG_ENDIAN("feff");

    private static final int LONGEST = 5;
    private static final int BUFFER = 1 << 16;

    /** In hexadecimal. */
    private final String beginning;

    Packing(String beginning) {
        this.beginning = beginning;
    }

    /** Of a stream that supports marks, which is left where it is. */
    static Packing of(InputStream in) throws IOException {
        in.mark(LONGEST);
        String first = HexFormat.of().formatHex(in.readNBytes(LONGEST));
        in.reset();
        for (Packing packing : values()) {
            if (packing != PLAIN && first.startsWith(packing.beginning)) {
                return packing;
            }
        }
        return PLAIN;
    }

    /** Whether it is a zip file, which is read from its end. */
    boolean isZip() {
        return this == ZIP || this == EMPTY_ZIP;
    }

    /**
     * The text of a stream that may be packed with gzip.
     *
     * @throws RatingFileException if it is packed otherwise
     */
    static InputStream unpacked(InputStream in, String name) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        Packing packing = of(buffered);
        return switch (packing) {
            case PLAIN -> buffered;
            case GZIP -> {
                try {
                    yield WholeStream.ofGzip(new GzipCompressorInputStream(buffered, true), name);
                } catch (IOException e) {
                    throw new RatingFileException(
                            name + " is no whole gzip file (" + e.getMessage() + "); fetch it again", e);
                }
            }
            case ZIP, EMPTY_ZIP ->
                throw new RatingFileException(name + " is a zip file in another; unpack the outer one first");
            case BZIP2, XZ, ZSTANDARD ->
                throw new RatingFileException(
                        name + " is packed as " + packing.name().toLowerCase(Locale.ROOT)
                                + ", which is not read here; unpack it first, or unpack it into a pipe and read standard input");
            case UTF_16_LITTLE_ENDIAN, UTF_16_BIG_ENDIAN ->
                throw new RatingFileException(name + " is in UTF-16; convert it to UTF-8, with iconv for instance");
        };
    }
}
