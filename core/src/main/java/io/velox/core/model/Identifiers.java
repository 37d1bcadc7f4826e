package io.velox.core.model;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.Objects;
import java.util.regex.Pattern;

/** What a user id, an item id and a model name may be. */
public final class Identifiers {
    /** The longest user or item id, in UTF-16 units. */
    public static final int MAX_ID_LENGTH = 256;

    /** What a model may be called, for messages. */
    public static final String MODEL_NAME_FORM =
            "with lower case letters, digits, _ and -, beginning with a letter, at most 63 characters";

    private static final Pattern MODEL_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

    private Identifiers() {}

    /**
     * Checks a user or item id: 1 to {@value #MAX_ID_LENGTH} characters, none of them a control character or half of a surrogate
     * pair (which UTF-8 cannot carry, so that two such ids would become one).
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming {@code field}
     */
    public static String checkId(String field, String id) {
        Objects.requireNonNull(id, field);
        if (id.isEmpty()) {
            throw invalid(field, "must not be empty");
        }
        if (id.length() > MAX_ID_LENGTH) {
            throw invalid(field, "must have at most " + MAX_ID_LENGTH + " characters, but has " + id.length());
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (Character.isISOControl(c)) {
                throw invalid(field, "must not contain control characters, but has one at position " + i);
            }
            if (Character.isHighSurrogate(c) && i + 1 < id.length() && Character.isLowSurrogate(id.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalid(field, "must be valid Unicode, but has an unpaired surrogate at position " + i);
            }
        }
        return id;
    }

    /** Whether a model may have this name: {@value #MODEL_NAME_FORM}. */
    public static boolean isModelName(String name) {
        return MODEL_NAME.matcher(name).matches();
    }

    /**
     * Checks a model's name (see {@link #isModelName}).
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming {@code field}
     */
    public static String checkModelName(String field, String name) {
        Objects.requireNonNull(name, field);
        if (!isModelName(name)) {
            throw invalid(field, "must match " + MODEL_NAME + ", but got '" + name + "'");
        }
        return name;
    }

    private static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, field + " " + message);
    }
}
