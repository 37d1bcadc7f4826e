package io.velox.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to Velox, and what Velox must show to it.
 *
 * @param key an API key; null where Velox has none
 * @param authority a PEM file with the certificates to trust in {@code https}; null for those that Java trusts
 */
public record Credentials(@Nullable String key, @Nullable Path authority) {
    /** For a Velox without keys, or with a certificate that Java trusts. */
    public static final Credentials NONE = new Credentials(null, null);

    public Credentials {
        if (key != null && !key.matches("[A-Za-z0-9._~+/=-]+")) {
            throw new IllegalArgumentException("the key must have letters, digits and ._~+/=- only");
        }
    }

    /** Those in {@code VELOX_KEY} and {@code VELOX_CA}, of which an empty one counts as none. */
    public static Credentials of(Map<String, String> environment) {
        String key = environment.getOrDefault("VELOX_KEY", "");
        String authority = environment.getOrDefault("VELOX_CA", "");
        return new Credentials(key.isEmpty() ? null : key, authority.isEmpty() ? null : Path.of(authority));
    }

    /** Without the key, which belongs in no log. */
    @Override
    public String toString() {
        return "Credentials[" + (key == null ? "no key" : "a key") + ", authority=" + authority + "]";
    }

    /**
     * The trust of {@code https} connections, or null for Java's own.
     *
     * @throws IllegalArgumentException if the file has no certificates
     */
    @Nullable
    SSLContext trust() {
        if (authority == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(authority)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(authority + " has no certificates; it must be a PEM file");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificates in " + authority + " cannot be read: " + e, e);
        }
    }
}
