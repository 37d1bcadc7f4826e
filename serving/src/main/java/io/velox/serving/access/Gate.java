package io.velox.serving.access;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in: by the key in the header {@code Authorization: Bearer KEY}, where there are keys, and as often as the caller may.
 * Without keys everyone may do everything. Safe for use from any thread.
 *
 * <p>Who has no good key is counted by address, so that guessing is limited too.
 */
public final class Gate {
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/-]+=*)");

    /** Names that no resolver can be made to answer otherwise. */
    private static final Pattern LOCAL =
            Pattern.compile("(?i)(localhost|(.+\\.)?localhost|[0-9.]+|\\[[0-9a-f:.%]+\\])\\.?(:[0-9]{1,5})?");

    private final Supplier<Optional<KeyRing>> keys;
    private final RateLimits limits;

    /** {@code keys} are those of the moment; empty where none are configured. */
    Gate(Supplier<Optional<KeyRing>> keys, RateLimits limits) {
        this.keys = keys;
        this.limits = limits;
    }

    /**
     * Who makes a request.
     *
     * @param authorization the header, null if there is none
     * @param address of the other end of the connection
     * @throws AccessRefusal {@code NO_KEY}, {@code WRONG_KEY}, {@code TOO_MANY_REQUESTS}
     */
    public Caller enter(@Nullable String authorization, String address) {
        Optional<KeyRing> ring = keys.get();
        RateLimits.Caller stranger = new RateLimits.Caller(false, address);
        if (ring.isEmpty()) {
            limits.take(stranger);
            return new Caller(address, Role.ADMIN);
        }
        Optional<AccessKey> key = bearer(authorization).flatMap(ring.get()::find);
        limits.take(key.map(k -> new RateLimits.Caller(true, k.name())).orElse(stranger));
        if (key.isEmpty()) {
            throw authorization == null ? AccessRefusal.noKey() : AccessRefusal.wrongKey();
        }
        return new Caller(key.get().name(), key.get().role());
    }

    /**
     * Where there are no keys, refuses what a web page of another site may have a browser ask: from a page that is not of the host
     * that is asked, or by a name that is anybody's to point here.
     *
     * @param origin the header, null if there is none
     * @param authority the host that is asked, with a port perhaps; null if the request does not say
     * @throws AccessRefusal {@code FOREIGN_PAGE}
     */
    public void refuseForeignPages(@Nullable String origin, @Nullable String authority) {
        if (keys.get().isPresent() || authority == null) {
            return;
        }
        if (!LOCAL.matcher(authority).matches()) {
            throw AccessRefusal.foreignPage("Host");
        }
        if (origin != null && !origin.endsWith("://" + authority)) {
            throw AccessRefusal.foreignPage("Origin");
        }
    }

    /**
     * Refuses a role that is too low for something.
     *
     * @throws AccessRefusal {@code ROLE_TOO_LOW}
     */
    public static void require(Role needed, Role role) {
        if (!role.includes(needed)) {
            throw AccessRefusal.roleTooLow(needed, role);
        }
    }

    private static Optional<String> bearer(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        Matcher matcher = BEARER.matcher(authorization.strip());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
