package io.velox.client.ratings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a column of a file of ratings can be, with the names by which it is known where nothing else is said. */
enum RatingField {
    UID,
    ITEM,
    LABEL,
    TIMESTAMP,
    ID;

    /** As observations name it, {@code uid} for instance. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isRequired() {
        return this == UID || this == ITEM || this == LABEL;
    }

    /** Where it is among columns of these names; {@code User-ID}, {@code userId} and {@code user_id} are the same. */
    Optional<String> among(List<String> columns) {
        for (String name : names()) {
            for (String column : columns) {
                if (letters(column).equals(name)) {
                    return Optional.of(column);
                }
            }
        }
        return Optional.empty();
    }

    static Optional<RatingField> of(String word) {
        return Arrays.stream(values())
                .filter(field -> field.word().equals(word))
                .findFirst();
    }

    private List<String> names() {
        return switch (this) {
            case UID -> List.of("uid", "userid", "user");
            case ITEM -> List.of("item", "itemid", "movieid", "bookid", "isbn");
            case LABEL -> List.of("label", "rating", "bookrating", "score");
            case TIMESTAMP -> List.of("timestamp", "time");
            case ID -> List.of("id");
        };
    }

    private static String letters(String column) {
        return column.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
    }
}
