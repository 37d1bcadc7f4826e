package io.velox.core.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelKind;
import io.velox.core.model.PriorKind;
import io.velox.core.model.Repeat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the configuration declares of one model. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelConfiguration.Als.class, name = "als"),
    @JsonSubTypes.Type(value = ModelConfiguration.Linear.class, name = "linear")
})
public sealed interface ModelConfiguration {
    ModelKind kind();

    /** What a second observation of an item by the same user means. */
    Repeat repeat();

    /**
     * Matrix factorisation.
     *
     * @param regularization λ in Spark's convention, scaled by rating counts
     * @param polish the most passes after the factorisation
     * @param search what a training may choose from instead of the single values; null for no choice
     */
    record Als(
            @JsonProperty(required = true) int rank,
            @JsonProperty(required = true) double regularization,
            @JsonProperty(required = true) int iterations,
            @JsonProperty(required = true) boolean itemBias,
            @JsonProperty(required = true) PriorKind prior,
            Repeat repeat,
            Integer polish,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Search search)
            implements ModelConfiguration {
        private static final int POLISH = 10;

        public Als {
            repeat = Objects.requireNonNullElse(repeat, Repeat.REPLACE); // where the key is left out
            Ranges.within("models.*.rank", rank, 1, 1000);
            Ranges.within("models.*.regularization", regularization, 1e-6, 1e6);
            Ranges.within("models.*.iterations", iterations, 1, 1000);
            polish = Objects.requireNonNullElse(polish, POLISH); // where the key is left out
            Ranges.within("models.*.polish", polish, 0, 100);
        }

        public Als(int rank, double regularization, int iterations, boolean itemBias, PriorKind prior) {
            this(rank, regularization, iterations, itemBias, prior, Repeat.REPLACE, POLISH, null);
        }

        @Override
        public ModelKind kind() {
            return ModelKind.ALS;
        }
    }

    /** What a training chooses its hyper-parameters from; an empty list leaves the model's single value. */
    record Search(
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Integer> rank,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Double> regularization,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Integer> iterations,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Boolean> itemBias) {
        private static final int MAX_CHOICES = 100;

        public Search {
            rank = List.copyOf(rank);
            regularization = List.copyOf(regularization);
            iterations = List.copyOf(iterations);
            itemBias = List.copyOf(itemBias);
            rank.forEach(value -> Ranges.within("models.*.search.rank", value, 1, 1000));
            regularization.forEach(value -> Ranges.within("models.*.search.regularization", value, 1e-6, 1e6));
            iterations.forEach(value -> Ranges.within("models.*.search.iterations", value, 1, 1000));
            long choices = choices(rank) * choices(regularization) * choices(iterations) * choices(itemBias);
            if (choices < 2 || choices > MAX_CHOICES) {
                throw Ranges.invalid(
                        "models.*.search", "must leave 2 to " + MAX_CHOICES + " choices, but leaves " + choices);
            }
        }

        private static long choices(List<?> values) {
            return Math.max(1, values.size());
        }
    }

    /**
     * The item is its own features.
     *
     * @param length of the item's array of numbers; 0 where {@code names} are given
     * @param names of the item's numbers, where it is an object; empty where it is an array
     * @param intercept whether a constant 1 is appended for the user's own bias
     * @param regularization λ of the ridge: the prior's variance is noise/λ
     * @param noise σ²
     */
    record Linear(
            @JsonSetter(nulls = Nulls.AS_EMPTY) int length,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> names,
            @JsonProperty(required = true) boolean intercept,
            @JsonProperty(required = true) double regularization,
            @JsonProperty(required = true) double noise,
            Repeat repeat)
            implements ModelConfiguration {
        public Linear {
            repeat = Objects.requireNonNullElse(repeat, Repeat.REPLACE); // where the key is left out
            names = List.copyOf(names);
            if ((length == 0) == names.isEmpty()) {
                throw Ranges.invalid("models.*.length", "or models.*.names must be given, and not both");
            }
            if (Set.copyOf(names).size() < names.size()) {
                throw Ranges.invalid("models.*.names", "must differ from one another, but are " + names);
            }
            Ranges.within("models.*.length", names.isEmpty() ? length : names.size(), 1, 1000);
            Ranges.within("models.*.regularization", regularization, 1e-6, 1e6);
            Ranges.within("models.*.noise", noise, 1e-9, 1e9);
        }

        public Linear(int length, List<String> names, boolean intercept, double regularization, double noise) {
            this(length, names, intercept, regularization, noise, Repeat.REPLACE);
        }

        @Override
        public ModelKind kind() {
            return ModelKind.LINEAR;
        }

        public LinearInputs inputs() {
            return names.isEmpty()
                    ? new LinearInputs(length, List.of(), intercept)
                    : new LinearInputs(names.size(), names, intercept);
        }
    }
}
