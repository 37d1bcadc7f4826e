package io.velox.core.item;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.velox.core.item.MetadataInput.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which numbers a regression takes from metadata, in which order: a flag for each frequent value of a field, for each frequent word of
 * its values of several words, and for the lack of a field; and each field whose values are all numbers as a number of mean 0 and
 * variance 1. Immutable.
 */
public final class MetadataVocabulary {
    /** A flag that fewer items have says too little. */
    static final int MIN_ITEMS = 5;

    /** Flags and numbers together; the most frequent are kept. */
    static final int MAX_INPUTS = 500;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int MIN_WORD_LENGTH = 2;

    /** Longer ones are names for something. */
    private static final int MAX_NUMBER_LENGTH = 20;

    private final List<MetadataInput> inputs;
    private final Map<MetadataInput, Integer> flags = new HashMap<>();
    private final Set<String> fields = new TreeSet<>();

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    MetadataVocabulary(List<MetadataInput> inputs) {
        this.inputs = List.copyOf(inputs);
        for (int i = 0; i < this.inputs.size(); i++) {
            MetadataInput input = this.inputs.get(i);
            fields.add(input.field());
            if (input.kind() != Kind.NUMBER) {
                flags.put(input, i);
            }
        }
    }

    /** That of some items: the same, in whatever order they come. */
    public static MetadataVocabulary of(Collection<Metadata> items) {
        Set<String> fields = new TreeSet<>();
        items.forEach(metadata -> fields.addAll(metadata.fields().keySet()));
        Map<MetadataInput, Integer> counts = new TreeMap<>();
        for (Metadata metadata : items) {
            flags(metadata, fields).forEach(flag -> counts.merge(flag, 1, Integer::sum));
        }
        List<MetadataInput> inputs = new ArrayList<>();
        fields.forEach(field -> number(field, items).ifPresent(inputs::add));
        counts.entrySet().stream()
                .filter(flag -> flag.getValue() >= MIN_ITEMS && flag.getValue() < items.size())
                .sorted(Map.Entry.<MetadataInput, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(Math.max(0, MAX_INPUTS - inputs.size()))
                .forEach(flag -> inputs.add(flag.getKey()));
        return new MetadataVocabulary(inputs);
    }

    @JsonValue
    List<MetadataInput> inputs() {
        return inputs;
    }

    /** How many numbers. */
    public int size() {
        return inputs.size();
    }

    /** The numbers that are not 0, by their places, ascending. */
    SparseInputs encode(Metadata metadata) {
        TreeMap<Integer, Double> values = new TreeMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            MetadataInput input = inputs.get(i);
            if (input.kind() == Kind.NUMBER) {
                OptionalDouble mean = mean(metadata.values(input.field()));
                if (mean.isPresent()) {
                    values.put(i, (mean.getAsDouble() - input.centre()) * input.scale());
                }
            }
        }
        for (MetadataInput flag : flags(metadata, fields)) {
            Integer place = flags.get(flag);
            if (place != null) {
                values.put(place, 1.0);
            }
        }
        return new SparseInputs(
                values.keySet().stream().mapToInt(place -> place).toArray(),
                values.values().stream().mapToDouble(value -> value).toArray());
    }

    /** Whether it has a field that counts here. */
    boolean hasKnownField(Metadata metadata) {
        return metadata.fields().keySet().stream().anyMatch(fields::contains);
    }

    private static Set<MetadataInput> flags(Metadata metadata, Set<String> fields) {
        Set<MetadataInput> flags = new TreeSet<>();
        for (String field : fields) {
            List<String> values = metadata.values(field);
            if (values.isEmpty()) {
                flags.add(MetadataInput.flag(Kind.ABSENT, field, ""));
            }
            for (String value : values) {
                flags.add(MetadataInput.flag(Kind.VALUE, field, value));
                for (String word : words(value)) {
                    flags.add(MetadataInput.flag(Kind.WORD, field, word));
                }
            }
        }
        return flags;
    }

    /** Of a value of several words; none of one that is one, or a number. */
    private static List<String> words(String value) {
        if (number(value).isPresent()) {
            return List.of();
        }
        List<String> words = BETWEEN_WORDS
                .splitAsStream(value.toLowerCase(Locale.ROOT))
                .filter(word -> word.length() >= MIN_WORD_LENGTH)
                .toList();
        return words.size() > 1 ? words : List.of();
    }

    /** Present where every item that has the field has nothing but numbers in it, which are not all the same. */
    private static Optional<MetadataInput> number(String field, Collection<Metadata> items) {
        double[] means = new double[items.size()];
        int n = 0;
        for (Metadata metadata : items) {
            List<String> values = metadata.values(field);
            if (!values.isEmpty()) {
                OptionalDouble mean = mean(values);
                if (mean.isEmpty()) {
                    return Optional.empty();
                }
                means[n++] = mean.getAsDouble();
            }
        }
        double centre = 0;
        for (int i = 0; i < n; i++) {
            centre += means[i] / n;
        }
        double variance = 0;
        for (int i = 0; i < n; i++) {
            variance += (means[i] - centre) * (means[i] - centre) / n;
        }
        double scale = 1 / Math.sqrt(variance);
        return n >= MIN_ITEMS && variance > 0 && Double.isFinite(variance) && Double.isFinite(scale)
                ? Optional.of(new MetadataInput(Kind.NUMBER, field, "", centre, scale))
                : Optional.empty();
    }

    /** Empty where there are none, or one is no number. */
    private static OptionalDouble mean(List<String> values) {
        double sum = 0;
        for (String value : values) {
            OptionalDouble number = number(value);
            if (number.isEmpty()) {
                return number;
            }
            sum += number.getAsDouble();
        }
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum / values.size());
    }

    private static OptionalDouble number(String value) {
        if (value.length() > MAX_NUMBER_LENGTH) {
            return OptionalDouble.empty();
        }
        try {
            double number = new BigDecimal(value).doubleValue();
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof MetadataVocabulary other && inputs.equals(other.inputs);
    }

    @Override
    public int hashCode() {
        return inputs.hashCode();
    }

    @Override
    public String toString() {
        return "MetadataVocabulary" + inputs;
    }
}
