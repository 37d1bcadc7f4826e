package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the one certificate that a node was configured with, for who asks it from the same process. */
final class PinnedCertificate {
    private PinnedCertificate() {}

    /** @throws StartFailure if it cannot be read */
    static SSLSocketFactory trusting(AccessConfiguration access) {
        try (InputStream in = Files.newInputStream(Path.of(access.tlsCertificate()))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "velox", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure("access.tls-certificate cannot be read", e);
        }
    }
}
