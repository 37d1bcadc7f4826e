package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Identifiers;
import io.velox.core.model.Impression;
import io.velox.core.model.Item;
import io.velox.core.model.Observation;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.serving.predict.Details;
import io.velox.serving.predict.ReadOptions;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The fields of one JSON object in a request. Every complaint is a {@code VeloxException} of the user's family that names the field
 * as a path from the body's root, such as {@code [3].label} or {@code items[7]}. Immutable.
 */
final class Fields {
    static final int MAX_TIMEOUT_MS = 60_000;

    private static final Set<String> SESSION_FIELDS = Set.of("item", "label");

    /** Times outside these years are mistakes, and would not fit the archive. */
    private static final int MIN_YEAR = 1;

    private static final int MAX_YEAR = 9999;

    private final String prefix;
    private final JsonNode object;

    private Fields(String prefix, JsonNode object) {
        this.prefix = prefix;
        this.object = object;
    }

    /**
     * Reads an object.
     *
     * @param place where it stands: {@code body}, or {@code line} when it is one of many, or a place in the body
     * @param names the fields that it may have
     */
    static Fields of(String place, JsonNode json, Set<String> names) {
        if (!json.isObject()) {
            throw invalid(place, "must be a JSON object, but is " + kind(json));
        }
        String prefix = place.equals("body") || place.equals("line") ? "" : place + ".";
        for (Iterator<String> given = json.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!names.contains(name)) {
                throw invalid(
                        prefix + shortened(name),
                        "is no field here; there may be "
                                + names.stream().sorted().toList());
            }
        }
        return new Fields(prefix, json);
    }

    boolean has(String name) {
        return object.has(name);
    }

    /** A field of whatever form, for who knows what it must be. */
    Optional<JsonNode> optional(String name) {
        return Optional.ofNullable(object.get(name));
    }

    /** A string or an integer that names a user. */
    String id(String name) {
        JsonNode json = required(name);
        if (!json.isTextual() && !json.isIntegralNumber()) {
            throw invalid(prefix + name, "must be a string or an integer, but is " + kind(json));
        }
        return Identifiers.checkId(prefix + name, json.asText());
    }

    /** A string that names something of the client's. */
    Optional<String> optionalText(String name) {
        JsonNode json = object.get(name);
        if (json == null) {
            return Optional.empty();
        }
        if (!json.isTextual()) {
            throw invalid(prefix + name, "must be a string, but is " + kind(json));
        }
        return Optional.of(Identifiers.checkId(prefix + name, json.textValue()));
    }

    /** An object within this one. */
    Fields object(String name, Set<String> names) {
        return of(prefix + name, required(name), names);
    }

    /** The elements of an array, at most {@code max}. */
    List<JsonNode> elements(String name, int max) {
        JsonNode json = required(name);
        if (!json.isArray()) {
            throw invalid(prefix + name, "must be an array, but is " + kind(json));
        }
        if (json.size() > max) {
            throw tooMuch(prefix + name, "must have at most " + max + " elements, but has " + json.size());
        }
        List<JsonNode> elements = new ArrayList<>(json.size());
        json.forEach(elements::add);
        return elements;
    }

    /** One of some words. */
    String word(String name, Set<String> words) {
        JsonNode json = required(name);
        if (!json.isTextual() || !words.contains(json.textValue())) {
            throw invalid(
                    prefix + name,
                    "must be one of " + words.stream().sorted().toList() + ", but is "
                            + (json.isTextual() ? "'" + shortened(json.textValue()) + "'" : kind(json)));
        }
        return json.textValue();
    }

    /** A number from 0 to {@code max}. */
    double number(String name, double otherwise, double max) {
        JsonNode json = object.get(name);
        if (json == null) {
            return otherwise;
        }
        double number = json.doubleValue();
        if (!json.isNumber() || !(number >= 0 && number <= max)) {
            throw invalid(
                    prefix + name,
                    "must be a number from 0 to " + max + ", but is " + (json.isNumber() ? number : kind(json)));
        }
        return number;
    }

    /** What an observation says of the answer that showed its item. */
    Optional<String> impression(String name) {
        return optionalText(name).map(impression -> Impression.check(prefix + name, impression));
    }

    /** An item that passes a check of its form. */
    Item item(String name, Consumer<Item> check) {
        return item(prefix + name, required(name), check);
    }

    /** At most {@code max} items, each of which passes a check of its form. */
    List<Item> items(String name, int max, Consumer<Item> check) {
        JsonNode json = required(name);
        if (!json.isArray()) {
            throw invalid(prefix + name, "must be an array of items, but is " + kind(json));
        }
        if (json.size() > max) {
            throw tooMuch(prefix + name, "must have at most " + max + " items, but has " + json.size());
        }
        List<Item> items = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            items.add(item(prefix + name + "[" + i + "]", json.get(i), check));
        }
        return items;
    }

    /** Observations that are learnt for this request alone, at most {@code max}, oldest first. */
    List<HistoryEntry> session(String name, int max, Consumer<Item> check) {
        JsonNode json = required(name);
        if (!json.isArray()) {
            throw invalid(prefix + name, "must be an array of observations, but is " + kind(json));
        }
        if (json.size() > max) {
            throw tooMuch(prefix + name, "must have at most " + max + " observations, but has " + json.size());
        }
        List<HistoryEntry> session = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            Fields one = of(prefix + name + "[" + i + "]", json.get(i), SESSION_FIELDS);
            session.add(
                    new HistoryEntry(Long.MAX_VALUE, one.item("item", check), one.label("label"), Instant.EPOCH, null));
        }
        return session;
    }

    double label(String name) {
        JsonNode json = required(name);
        double label = json.doubleValue();
        if (!json.isNumber() || !(Math.abs(label) <= Observation.MAX_LABEL)) {
            throw invalid(
                    prefix + name,
                    "must be a number from -1e9 to 1e9, but is " + (json.isNumber() ? label : kind(json)));
        }
        return label;
    }

    /** A positive integer that stands for so much work, of which {@code max} may be asked for at once. */
    int amount(String name, int otherwise, int max) {
        JsonNode json = object.get(name);
        if (json != null && json.isIntegralNumber() && json.bigIntegerValue().compareTo(BigInteger.valueOf(max)) > 0) {
            throw tooMuch(prefix + name, "must be at most " + max + ", but is " + shortened(json.asText()));
        }
        return integer(name, otherwise, max);
    }

    /** How many are passed over, from 0; so much work that only {@code max} may be asked for at once. */
    int offset(String name, int max) {
        JsonNode json = object.get(name);
        return json != null && json.isIntegralNumber() && json.asText().equals("0") ? 0 : amount(name, 0, max);
    }

    /** A complaint about one of the fields, of which only less may be asked for at once. */
    VeloxException excessive(String name, String message) {
        return tooMuch(prefix + name, message);
    }

    /** A complaint about one of the fields. */
    VeloxException refused(String name, String message) {
        return invalid(prefix + name, message);
    }

    int integer(String name, int otherwise, int max) {
        JsonNode json = object.get(name);
        if (json == null) {
            return otherwise;
        }
        if (!json.isIntegralNumber() || !json.canConvertToInt() || json.intValue() < 1 || json.intValue() > max) {
            throw invalid(
                    prefix + name,
                    "must be an integer from 1 to " + max + ", but is "
                            + (json.isNumber() ? shortened(json.asText()) : kind(json)));
        }
        return json.intValue();
    }

    /** What is read of a field's value by somebody who does not know where it stands; complaints name it from the body's root. */
    <T> T inside(Supplier<T> value) {
        try {
            return value.get();
        } catch (VeloxException e) {
            throw VeloxException.ofField(e.code(), prefix + e.field().orElse(""), prefix + e.getMessage());
        }
    }

    /** An ISO 8601 time with its offset from UTC. Numbers are refused: nobody could tell seconds from milliseconds. */
    Optional<Instant> timestamp(String name) {
        JsonNode json = object.get(name);
        if (json == null) {
            return Optional.empty();
        }
        if (json.isTextual()) {
            try {
                OffsetDateTime time = OffsetDateTime.parse(json.textValue());
                if (time.getYear() >= MIN_YEAR && time.getYear() <= MAX_YEAR) {
                    return Optional.of(time.toInstant());
                }
            } catch (DateTimeException e) {
                // refused below, with what is wanted
            }
        }
        throw invalid(
                prefix + name,
                "must be an ISO 8601 time with an offset, such as \"2026-01-31T12:00:00Z\", but is "
                        + (json.isTextual() ? "'" + shortened(json.textValue()) + "'" : kind(json)));
    }

    /** {@code after} and {@code timeoutMs}. */
    ReadOptions readOptions(long defaultTimeoutMs) {
        Optional<Revision> after = Optional.empty();
        if (object.has("after")) {
            JsonNode json = required("after");
            if (!json.isTextual()) {
                throw invalid(prefix + "after", "must be a receipt, but is " + kind(json));
            }
            after = Optional.of(inside(() -> Revision.parse(json.textValue())));
        }
        int timeout = integer("timeoutMs", Math.toIntExact(defaultTimeoutMs), MAX_TIMEOUT_MS);
        return new ReadOptions(after, Duration.ofMillis(timeout));
    }

    /** True or false; false when it is left out. */
    boolean flag(String name) {
        JsonNode json = object.get(name);
        if (json != null && !json.isBoolean()) {
            throw invalid(prefix + name, "must be true or false, but is " + kind(json));
        }
        return json != null && json.booleanValue();
    }

    /** {@code uncertainty} and {@code explain}. */
    Details details() {
        return new Details(flag("uncertainty"), flag("explain"));
    }

    boolean isText(String name, String text) {
        JsonNode json = object.get(name);
        return json != null && json.isTextual() && json.textValue().equals(text);
    }

    boolean isArray(String name) {
        JsonNode json = object.get(name);
        return json != null && json.isArray();
    }

    /**
     * The item that a JSON value means.
     *
     * @param place where it stands in the request, which is what complaints name
     * @throws VeloxException {@code INVALID_ITEM}
     */
    static Item item(String place, JsonNode json, Consumer<Item> check) {
        if (json.isContainerNode() && hasHugeNumber(json)) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_ITEM,
                    place,
                    place + " must be data with finite numbers, but has one beyond 1e308");
        }
        try {
            Item item = Item.ofJson(json);
            check.accept(item);
            return item;
        } catch (VeloxException e) {
            String message = Objects.requireNonNullElse(e.getMessage(), "");
            throw VeloxException.ofField(
                    e.code(), place, message.startsWith("item ") ? place + message.substring(4) : message);
        }
    }

    private static boolean hasHugeNumber(JsonNode json) {
        if (json.isNumber()) {
            return !Double.isFinite(json.doubleValue());
        }
        for (JsonNode child : json) {
            if (hasHugeNumber(child)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode required(String name) {
        JsonNode json = object.get(name);
        if (json == null) {
            throw invalid(prefix + name, "is missing");
        }
        return json;
    }

    /** What a value is, for complaints. */
    static String kind(JsonNode json) {
        return switch (json.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "the number " + shortened(json.asText());
            case BOOLEAN -> json.asText();
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "no JSON value";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    /** What the configuration allows only less of in one request. */
    static VeloxException tooMuch(String field, String message) {
        return VeloxException.ofField(ErrorCode.LIMIT_EXCEEDED, field, field + " " + message);
    }

    static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, field + " " + message);
    }
}
