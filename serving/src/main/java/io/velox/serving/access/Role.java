package io.velox.serving.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a key is good for; each role may do all that the ones before it may. */
public enum Role {
    /** Predictions, ranked lists, and everything about models. */
    READ,
    /** Also what is known of a single user, and to tell and take back what users did and which items there are. */
    OBSERVE,
    /** Also what cannot be undone or changes every answer: forgetting users, training, activating versions. */
    ADMIN;

    /** The role of this name, in lower case. */
    static Optional<Role> named(String name) {
        return Arrays.stream(values())
                .filter(role -> role.toString().equals(name))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(", "));
    }

    /** Whether a key of this role may do what {@code needed} is needed for. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** As it is written in the file of keys and in the OpenAPI document. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
