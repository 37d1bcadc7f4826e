package io.velox.client.ratings;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which column of a file is what: {@code uid=user_id,item=isbn,label=score,timestamp=-}. Immutable.
 *
 * <p>A column is given by its name in the header (the field of a JSON object) or its number from 1; {@code -} leaves a field out. What is
 * not given is found by its name.
 */
public final class RatingColumns {
    private static final String OMITTED = "-";

    private final Map<RatingField, String> columns;

    private RatingColumns(Map<RatingField, String> columns) {
        this.columns = columns;
    }

    /** All found by their names. */
    public static RatingColumns byName() {
        return new RatingColumns(new EnumMap<>(RatingField.class));
    }

    /**
     * Reads a mapping.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    public static RatingColumns parse(String text) {
        Map<RatingField, String> columns = new EnumMap<>(RatingField.class);
        for (String part : text.split(",", -1)) {
            String[] sides = part.split("=", 2);
            String word = sides[0].strip();
            RatingField field = RatingField.of(word)
                    .orElseThrow(() ->
                            new IllegalArgumentException("'" + part + "' must be FIELD=COLUMN with one of the fields "
                                    + words() + ", as in uid=user_id,item=isbn,label=score"));
            String column = sides.length < 2 ? "" : sides[1].strip();
            if (column.isEmpty()) {
                throw new IllegalArgumentException(word + " needs a column, as in " + word + "=NAME or " + word + "=1");
            }
            if (column.equals(OMITTED) && field.isRequired()) {
                throw new IllegalArgumentException(word + " cannot be left out");
            }
            if (columns.put(field, column) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        return new RatingColumns(columns);
    }

    boolean isEmpty() {
        return columns.isEmpty();
    }

    /** What was given for a field, unless that it is left out. */
    Optional<String> given(RatingField field) {
        return Optional.ofNullable(columns.get(field)).filter(column -> !column.equals(OMITTED));
    }

    /**
     * The column of a field among those of a file, as it was given or by its names; empty if there is none.
     *
     * @throws IllegalArgumentException if a column was given, and the file has none of that name
     */
    Optional<String> among(List<String> header, RatingField field) {
        if (omits(field)) {
            return Optional.empty();
        }
        Optional<String> given = given(field);
        if (given.isEmpty()) {
            return field.among(header.stream()
                    .filter(column -> !columns.containsValue(column))
                    .toList());
        }
        if (!header.contains(given.get())) {
            throw new IllegalArgumentException("there is no column '" + given.get() + "' for " + field.word()
                    + "; the columns are " + String.join(", ", header));
        }
        return given;
    }

    /** The number of a field's column, from 1, if that is what was given. */
    Optional<Integer> numbered(RatingField field) {
        String given = columns.getOrDefault(field, "");
        return given.matches("[1-9][0-9]{0,3}") ? Optional.of(Integer.valueOf(given)) : Optional.empty();
    }

    boolean omits(RatingField field) {
        return OMITTED.equals(columns.get(field));
    }

    /** Whether columns were given, and every one by its number. */
    boolean isNumbered() {
        List<RatingField> given =
                columns.keySet().stream().filter(field -> !omits(field)).toList();
        return !given.isEmpty()
                && given.stream().allMatch(field -> numbered(field).isPresent());
    }

    private static String words() {
        return Stream.of(RatingField.values()).map(RatingField::word).collect(Collectors.joining(", "));
    }

    /** The mapping, in one spelling for equal ones. */
    @Override
    public String toString() {
        return columns.toString();
    }
}
