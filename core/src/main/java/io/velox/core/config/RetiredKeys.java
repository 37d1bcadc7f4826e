package io.velox.core.config;

import io.velox.core.error.VeloxException;
import java.util.Map;
import java.util.Optional;

/**
 * Keys that an older configuration may have and this build has not: whoever sets one, in the file or in the environment, is told what
 * to do instead. A key stays here for good.
 *
 * @param reasons by key, as they follow its name
 */
record RetiredKeys(Map<String, String> reasons) {
    static final RetiredKeys OF_VELOX =
            new RetiredKeys(Map.of("job.covariance-cache-mib", "is now named learner.covariance-cache-mib"));

    RetiredKeys {
        reasons = Map.copyOf(reasons);
    }

    /** The refusal of a key of the file; empty for one that was never retired. */
    Optional<VeloxException> refusal(String key) {
        return Optional.ofNullable(reasons.get(key)).map(reason -> Ranges.invalid(key, reason));
    }

    /** The refusal of a variable of the environment; empty for one that never was a key's. */
    Optional<VeloxException> refusalOfVariable(String variable) {
        return reasons.entrySet().stream()
                .filter(retired ->
                        ConfigurationReader.variable(retired.getKey()).equals(variable))
                .findFirst()
                .map(retired -> Ranges.invalid(variable, "sets " + retired.getKey() + ", which " + retired.getValue()));
    }
}
