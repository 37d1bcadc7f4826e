package io.velox.core.item;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * One number that a regression takes from metadata: {@code (x − centre) · scale}.
 *
 * @param text the value or the word that it looks for; empty for the other kinds
 * @param centre 0 but for numbers
 * @param scale 1 but for numbers; positive
 */
record MetadataInput(Kind kind, String field, String text, double centre, double scale)
        implements Comparable<MetadataInput> {
    /** What x is. */
    enum Kind {
        /** 1 if the field has the value. */
        VALUE,
        /** 1 if the word is in a value that has several. */
        WORD,
        /** 1 if the item does not have the field. */
        ABSENT,
        /** The mean of the field's values; where there is none, the centre. */
        NUMBER
    }

    private static final Comparator<MetadataInput> ORDER = Comparator.comparing(MetadataInput::kind)
            .thenComparing(MetadataInput::field)
            .thenComparing(MetadataInput::text);

    MetadataInput {
        requireNonNull(kind, "kind");
        requireNonNull(field, "field");
        requireNonNull(text, "text");
        if (!Double.isFinite(centre) || !Double.isFinite(scale) || !(scale > 0)) {
            throw new IllegalArgumentException("centre and scale of " + field + " must be finite, and scale positive,"
                    + " but are " + centre + " and " + scale);
        }
    }

    static MetadataInput flag(Kind kind, String field, String text) {
        return new MetadataInput(kind, field, text, 0, 1);
    }

    /** By kind, field and text. */
    @Override
    public int compareTo(MetadataInput other) {
        return ORDER.compare(this, other);
    }
}
