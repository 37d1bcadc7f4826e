package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import javax.net.ssl.X509KeyManager;

/** Reads a certificate chain and its private key from PEM, and makes sure that they belong together. */
final class PemCertificate {
    static final String KEY = "access.tls-certificate";

    private static final byte[] PROBE = "velox".getBytes(US_ASCII);

    private PemCertificate() {}

    /**
     * The TLS options of a server with this certificate.
     *
     * @param files the certificate chain, and the key
     * @throws VeloxException {@code INVALID_CONFIGURATION}
     */
    static ServerSSLOptions read(Vertx vertx, List<byte[]> files) {
        PemKeyCertOptions pem = new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(files.get(0)))
                .setKeyValue(Buffer.buffer(files.get(1)));
        try {
            X509KeyManager pair =
                    (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
            if (!isPair(pair)) {
                throw problem("access.tls-key is not the key of the certificate; give both of one pair");
            }
        } catch (VeloxException e) {
            throw e;
        } catch (Exception e) { // whatever the parsers of certificates and keys throw
            throw problem("certificate and key must be PEM, of one RSA or EC pair, the key without a password, but: "
                    + e.getClass().getSimpleName());
        }
        return new ServerSSLOptions().setKeyCertOptions(pem).setUseAlpn(true);
    }

    private static boolean isPair(X509KeyManager keys) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC")) {
            String[] aliases = keys.getServerAliases(algorithm, null);
            if (aliases != null) {
                PublicKey certified = keys.getCertificateChain(aliases[0])[0].getPublicKey();
                String signing = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
                return belong(signing, keys.getPrivateKey(aliases[0]), certified);
            }
        }
        return false;
    }

    private static boolean belong(String signing, PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(signing);
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(PROBE);
        return signature.verify(signed);
    }

    private static VeloxException problem(String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, KEY, KEY + ": " + message);
    }
}
