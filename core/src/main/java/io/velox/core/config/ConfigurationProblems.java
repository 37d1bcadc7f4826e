package io.velox.core.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.velox.core.error.VeloxException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a configuration in the words of its file: the key, and what is allowed there. */
final class ConfigurationProblems {
    private ConfigurationProblems() {}

    /** The problem that binding the configuration {@code tree} to its records met. */
    static VeloxException of(JsonProcessingException e, JsonNode tree) {
        if (!(e instanceof JsonMappingException mapping)) {
            return Ranges.invalid("configuration", "is not valid: " + e.getOriginalMessage());
        }
        String key = mapping.getPath().stream()
                .map(reference -> String.valueOf(reference.getFieldName()))
                .collect(Collectors.joining("."));
        if (e.getCause() instanceof VeloxException cause) {
            return withModelName(cause, key);
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return unknown(key, unknown.getKnownPropertyIds());
        }
        if (e instanceof InvalidTypeIdException) {
            return Ranges.invalid(
                    key + ".kind",
                    "must be als or linear" + butIs(at(tree, mapping).path("kind")));
        }
        String wanted = wanted(targetType(mapping));
        return wanted.isEmpty()
                ? Ranges.invalid(key, "is not valid: " + e.getOriginalMessage())
                : Ranges.invalid(key, "must be " + wanted + butIs(at(tree, mapping)));
    }

    private static VeloxException unknown(String key, @Nullable Collection<Object> known) {
        TreeSet<String> names = new TreeSet<>();
        if (known != null) {
            known.forEach(name -> names.add(name.toString()));
        }
        return Ranges.invalid(key, "is not a key of Velox; allowed here are " + names);
    }

    /** A model's record does not know its name, and says {@code models.*}. */
    private static VeloxException withModelName(VeloxException e, String path) {
        String field = e.field().orElse(path);
        if (!field.startsWith("models.*") || !path.startsWith("models.")) {
            return e;
        }
        String message = String.valueOf(e.getMessage());
        return VeloxException.ofField(e.code(), field.replace("models.*", path), message.replace("models.*", path));
    }

    private static @Nullable Class<?> targetType(JsonMappingException e) {
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch.getTargetType();
        }
        return e.getCause() instanceof InputCoercionException coercion ? coercion.getTargetType() : null;
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == int.class || type == long.class) {
            return "a whole number from " + (type == int.class ? Integer.MIN_VALUE : Long.MIN_VALUE) + " to "
                    + (type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE);
        }
        if (type == double.class) {
            return "a number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type != null && type.isEnum()) {
            return "one of " + constants(type);
        }
        if (type != null && Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type == null ? "" : "keys and values";
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(Field::isEnumConstant)
                .map(field -> field.getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .collect(Collectors.joining(", "));
    }

    private static JsonNode at(JsonNode tree, JsonMappingException e) {
        JsonNode node = tree;
        for (JsonMappingException.Reference reference : e.getPath()) {
            node = reference.getFieldName() == null
                    ? node.path(reference.getIndex())
                    : node.path(reference.getFieldName());
        }
        return node;
    }

    private static String butIs(JsonNode found) {
        String text = found.toString();
        return found instanceof MissingNode || found.isNull()
                ? ", but is not given"
                : ", but is " + (text.length() <= 80 ? text : text.substring(0, 77) + "...");
    }
}
