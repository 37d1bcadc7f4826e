package io.velox.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the configuration: the shipped file's defaults, an operator's file over them, the environment over both.
 *
 * <p>An operator's {@code models} and {@code store.hadoop} replace the shipped ones whole. In the environment they are YAML in one
 * line; a variable for a key inside them goes before.
 */
public final class ConfigurationReader {
    private static final String PREFIX = "VELOX_";

    /** Variables that begin like keys and are not: where things are, and who asks, for the command line. */
    private static final Set<String> NOT_KEYS = Set.of(
            "VELOX_DATA", "VELOX_CONF", "VELOX_HOME", "VELOX_JAVA_OPTIONS", "VELOX_URL", "VELOX_KEY", "VELOX_CA");

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID) // a model's kind is a key, not a YAML tag
            .build();

    private ConfigurationReader() {}

    /** The shipped defaults. */
    public static VeloxConfiguration defaults() {
        return read(Optional.empty(), Map.of());
    }

    /**
     * Reads the configuration.
     *
     * @param file an operator's file with the keys that differ from the shipped ones
     * @param environment of which the variables that begin with {@code VELOX_} count
     * @throws VeloxException {@code INVALID_CONFIGURATION}, naming the key and what is allowed
     */
    public static VeloxConfiguration read(Optional<Path> file, Map<String, String> environment) {
        ObjectNode tree = shipped();
        file.ifPresent(path -> overlay(tree, parse(path), ""));
        applyEnvironment(tree, environment);
        return bind(tree);
    }

    /** A configuration as YAML, for handing it to another process: {@link #read} gives the same again. */
    public static String write(VeloxConfiguration configuration) {
        try {
            return YAML.writeValueAsString(configuration);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode shipped() {
        try (InputStream in = ConfigurationReader.class.getResourceAsStream("/velox.yaml")) {
            return (ObjectNode) YAML.readTree(Objects.requireNonNull(in, "velox.yaml is missing from the jar"));
        } catch (IOException e) {
            throw new IllegalStateException("the shipped velox.yaml cannot be read", e);
        }
    }

    private static ObjectNode parse(Path path) {
        JsonNode tree;
        try (InputStream in = Files.newInputStream(path)) {
            tree = YAML.readTree(in);
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw Ranges.invalid(path.toString(), "is not valid YAML" + place + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Ranges.invalid(path.toString(), "cannot be read: " + e);
        }
        if (tree.isMissingNode() || tree.isNull()) {
            return YAML.createObjectNode();
        }
        if (!tree.isObject()) {
            throw Ranges.invalid(path.toString(), "must hold keys and values");
        }
        return (ObjectNode) tree;
    }

    private static void overlay(ObjectNode under, ObjectNode over, String path) {
        over.properties().forEach(field -> {
            String key = path + field.getKey();
            refuse(RetiredKeys.OF_VELOX.refusal(key));
            JsonNode old = under.get(field.getKey());
            if (field.getValue().isNull()) {
                throw Ranges.invalid(key, "has no value; leave the key out to have the default");
            }
            if (old instanceof ObjectNode section && field.getValue() instanceof ObjectNode value && !isWhole(key)) {
                overlay(section, value, key + ".");
            } else {
                under.set(field.getKey(), field.getValue());
            }
        });
    }

    private static boolean isWhole(String key) {
        return key.equals("models") || key.equals("store.hadoop");
    }

    private static void applyEnvironment(ObjectNode tree, Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !NOT_KEYS.contains(name)) {
                Map<String, LeafKey> leaves =
                        new TreeMap<>(); // again each time: a variable may have replaced a section
                collectLeaves(tree, "", leaves);
                LeafKey leaf = leaves.get(name);
                if (leaf == null) {
                    refuse(RetiredKeys.OF_VELOX.refusalOfVariable(name));
                    throw Ranges.invalid(name, "sets no key that Velox knows; allowed are " + leaves.keySet());
                }
                leaf.section().set(leaf.name(), scalar(leaf, value));
            }
        });
    }

    private static JsonNode scalar(LeafKey leaf, String value) {
        JsonNode text = leaf.section().textNode(value);
        if (leaf.section().get(leaf.name()).isTextual()) {
            return text;
        }
        try {
            JsonNode parsed = YAML.readTree(value);
            return parsed.isMissingNode() || parsed.isNull() ? text : parsed;
        } catch (JsonProcessingException e) {
            return text; // which binding refuses, with the key's name
        }
    }

    private static void collectLeaves(ObjectNode section, String prefix, Map<String, LeafKey> leaves) {
        section.properties().forEach(field -> {
            String name = prefix + field.getKey();
            if (field.getValue() instanceof ObjectNode inner) {
                collectLeaves(inner, name + ".", leaves);
            }
            if (!(field.getValue() instanceof ObjectNode) || isWhole(name)) {
                leaves.put(variable(name), new LeafKey(section, field.getKey()));
            }
        });
    }

    private static void refuse(Optional<VeloxException> refusal) {
        refusal.ifPresent(problem -> {
            throw problem;
        });
    }

    /** The variable of the environment that sets a key. */
    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private record LeafKey(ObjectNode section, String name) {}

    private static VeloxConfiguration bind(ObjectNode tree) {
        try {
            return YAML.treeToValue(tree, VeloxConfiguration.class);
        } catch (JsonProcessingException e) {
            throw ConfigurationProblems.of(e, tree);
        }
    }
}
