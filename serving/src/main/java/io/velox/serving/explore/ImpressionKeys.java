package io.velox.serving.explore;

import io.velox.core.error.VeloxException;
import io.velox.core.model.Impression.Policy;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ImpressionKeyFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes impression ids that nobody else can make, and knows them again: {@code policy:model/version/propensity/seconds/nonce/mac}. The
 * code (HMAC-SHA256, its first 16 bytes) is also over the item and the user, who are not in the text.
 *
 * <p>Safe for use from any thread.
 */
public final class ImpressionKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ImpressionKeys.class);
    private static final long INTERVAL_SECONDS = 30;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int CODE_BYTES = 16;
    private static final int NONCE_BYTES = 6;
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    /** Before the nonce of an answer to a user, and to somebody without a name, whose observations will have one. */
    private static final String OF_USER = "u";

    private static final String OF_NOBODY = "n";

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    /** The first signs. */
    private volatile List<Mac> keys = List.of();

    /** @param keys as of {@link #use} */
    public ImpressionKeys(Collection<byte[]> keys, Clock clock) {
        this.clock = clock;
        use(keys);
    }

    /**
     * The keys of a store, which are read again every half minute: another node may have made one at the same time. Blocks at first.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static ImpressionKeys following(ImpressionKeyFiles files, Clock clock, ScheduledExecutorService executor) {
        ImpressionKeys keys = new ImpressionKeys(files.readOrMake(), clock);
        var unused = executor.scheduleWithFixedDelay(
                () -> keys.reread(files), INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        return keys;
    }

    private void reread(ImpressionKeyFiles files) {
        try {
            use(files.readOrMake());
        } catch (VeloxException e) {
            LOG.warn("the keys of impressions are those of before: {}", e.getMessage());
        }
    }

    /** Takes other keys, at least one: the first signs from now on, and each is known again. */
    public void use(Collection<byte[]> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("keys must be at least one");
        }
        keys = secrets.stream().map(ImpressionKeys::mac).toList();
    }

    private static Mac mac(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * An id for an item in an answer.
     *
     * @param uid who was answered; empty for somebody without a name, and then anybody may bring the id back
     */
    public String sign(Policy policy, ModelVersion version, Optional<String> uid, Item item, double propensity) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String said = policy.text() + ":" + version.model() + "/" + version.version() + "/" + (float) propensity + "/"
                + clock.instant().getEpochSecond() + "/" + (uid.isPresent() ? OF_USER : OF_NOBODY)
                + TEXT.encodeToString(nonce);
        return said + "/" + TEXT.encodeToString(code(keys.get(0), said, uid.orElse(""), item));
    }

    /** Whether an id was made by {@link #sign} for this item and, unless it was for nobody, this user. */
    public boolean isOurs(String impression, String uid, Item item) {
        int end = impression.lastIndexOf('/');
        int nonce = impression.lastIndexOf('/', end - 1);
        if (end < 0 || nonce < 0) {
            return false;
        }
        String said = impression.substring(0, end);
        String user = said.startsWith(OF_NOBODY, nonce + 1) ? "" : uid;
        byte[] code;
        try {
            code = Base64.getUrlDecoder().decode(impression.substring(end + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return keys.stream().anyMatch(key -> MessageDigest.isEqual(code, code(key, said, user, item)));
    }

    private static byte[] code(Mac key, String said, String uid, Item item) {
        Mac mac;
        try {
            mac = (Mac) key.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's " + ALGORITHM + " can be cloned", e);
        }
        // Each part with its length, so that no two triples are the same bytes.
        for (String part : List.of(said, uid, item.kind().name(), item.text())) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            mac.update(bytes);
        }
        return Arrays.copyOf(mac.doFinal(), CODE_BYTES);
    }
}
