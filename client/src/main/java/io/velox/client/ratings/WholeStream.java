package io.velox.client.ratings;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** What comes out of a zip or gzip file; that it is damaged or ends too early is said in words. Used by one thread. */
final class WholeStream extends FilterInputStream {
    private final String name;
    private final @Nullable ZipEntry entry;
    private final CRC32 checksum = new CRC32();
    private long count;

    private WholeStream(InputStream in, String name, @Nullable ZipEntry entry) {
        super(in);
        this.name = name;
        this.entry = entry;
    }

    /** Of a gzip file, which checks itself. */
    static WholeStream ofGzip(InputStream in, String name) {
        return new WholeStream(in, name, null);
    }

    /** Of a file in a zip file, compared with the size and checksum in its directory. */
    static WholeStream ofEntry(InputStream in, String zip, ZipEntry entry) {
        return new WholeStream(in, entry.getName() + " in " + zip, entry);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (EOFException e) {
            throw new RatingFileException(
                    name + " ends too early, after " + count + " bytes unpacked: it was cut short; fetch it again", e);
        } catch (IOException e) {
            throw new RatingFileException(
                    name + " is damaged after " + count + " bytes unpacked (" + e.getMessage() + "); fetch it again",
                    e);
        }
        if (read > 0) {
            checksum.update(buffer, offset, read);
            count += read;
        } else if (read < 0 && entry != null) {
            compare(entry);
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void compare(ZipEntry expected) throws RatingFileException {
        if (count != expected.getSize() || checksum.getValue() != expected.getCrc()) {
            throw new RatingFileException(String.format(
                    "%s is damaged: expected %d bytes with CRC %08x, found %d with %08x; fetch it again",
                    name, expected.getSize(), expected.getCrc(), count, checksum.getValue()));
        }
    }
}
