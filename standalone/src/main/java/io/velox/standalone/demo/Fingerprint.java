package io.velox.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Size and checksum of a file. {@code algorithm} is as {@link MessageDigest} names it, {@code hash} in hexadecimal. */
record Fingerprint(long bytes, String algorithm, String hash) {
    /** What GroupLens publishes for some of its files; here against accidents, not against forgers. */
    static Fingerprint md5(long bytes, String hash) {
        return new Fingerprint(bytes, "MD5", hash);
    }

    static Fingerprint sha256(long bytes, String hash) {
        return new Fingerprint(bytes, "SHA-256", hash);
    }

    /** Reads a stream to its end. */
    static Fingerprint of(InputStream in, String algorithm) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            long bytes = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return new Fingerprint(bytes, algorithm, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return String.format("%,d bytes with %s %s", bytes, algorithm, hash);
    }
}
