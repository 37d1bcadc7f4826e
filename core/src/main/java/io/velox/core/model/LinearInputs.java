package io.velox.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The inputs of a {@link LinearModel}: an array of {@code length} numbers, or an object with exactly the numbers in {@code names}.
 *
 * @param names in the order of the weights; empty when the item is an array
 * @param intercept whether a constant 1 is appended for the user's own bias
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LinearInputs(int length, List<String> names, boolean intercept) {
    /** The largest input, by absolute value. */
    public static final double MAX_INPUT = 1e9;

    private static final ObjectMapper JSON = new ObjectMapper();

    public LinearInputs {
        names = List.copyOf(names);
        if (length < 1 || length > 10_000) {
            throw new IllegalArgumentException("length must be 1 to 10000, but got " + length);
        }
        if (!names.isEmpty() && names.size() != length) {
            throw new IllegalArgumentException("names must have " + length + " entries, but has " + names.size());
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw new IllegalArgumentException("names must differ from one another, but are " + names);
        }
    }

    public static LinearInputs array(int length) {
        return new LinearInputs(length, List.of(), true);
    }

    public static LinearInputs named(List<String> names) {
        return new LinearInputs(names.size(), names, true);
    }

    /** d: the inputs, and the constant if there is one. */
    public int dimension() {
        return intercept ? length + 1 : length;
    }

    /**
     * The item's numbers in the order of the weights, with the constant last.
     *
     * @throws VeloxException {@code INVALID_ITEM}, saying what is wanted and what is wrong
     */
    public double[] vector(Item item) {
        JsonNode json = parse(item);
        if (json.isArray() != names.isEmpty() || json.size() != length) {
            throw invalid("but got " + item);
        }
        double[] vector = new double[dimension()];
        for (int i = 0; i < length; i++) {
            JsonNode number = names.isEmpty() ? json.get(i) : json.get(names.get(i));
            if (number == null || !number.isNumber() || !(Math.abs(number.doubleValue()) <= MAX_INPUT)) {
                String place = names.isEmpty() ? "[" + i + "]" : "'" + names.get(i) + "'";
                throw invalid(
                        "but " + place + " is " + (number == null ? "missing" : Item.abbreviated(number.toString())));
            }
            vector[i] = number.doubleValue();
        }
        if (intercept) {
            vector[length] = 1;
        }
        return vector;
    }

    /** {@link #vector}, or empty where that would refuse the item. */
    public Optional<double[]> vectorIfValid(Item item) {
        if (item.isId()) {
            return Optional.empty();
        }
        try {
            return Optional.of(vector(item));
        } catch (VeloxException e) {
            return Optional.empty();
        }
    }

    private JsonNode parse(Item item) {
        if (item.isId()) {
            throw invalid("but got the id '" + item + "'");
        }
        try {
            return JSON.readTree(item.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("item data is canonical JSON by construction: " + item, e);
        }
    }

    private VeloxException invalid(String but) {
        String wanted = names.isEmpty()
                ? "an array of " + length + " numbers from -1e9 to 1e9"
                : "an object with the numbers " + names + " from -1e9 to 1e9";
        return VeloxException.ofField(ErrorCode.INVALID_ITEM, "item", "item must be " + wanted + ", " + but);
    }
}
