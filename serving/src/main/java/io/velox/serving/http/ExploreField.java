package io.velox.serving.http;

import io.velox.serving.explore.Exploration;
import java.util.Set;

/** The field {@code explore} of a request: a policy, and what it takes. */
final class ExploreField {
    static final String NAME = "explore";
    static final double DEFAULT_EPSILON = 0.1;
    static final double DEFAULT_ALPHA = 1;
    static final double MAX_ALPHA = 1000;
    static final int DEFAULT_DRAWS = 32;
    static final int MAX_DRAWS = 256;

    private static final String POLICY = "policy";
    private static final String EPSILON = "epsilon";
    private static final String ALPHA = "alpha";
    private static final String DRAWS = "draws";

    private ExploreField() {}

    static Exploration of(Fields body) {
        Fields any = body.object(NAME, Set.of(POLICY, EPSILON, ALPHA, DRAWS));
        return switch (any.word(POLICY, Set.of("greedy", EPSILON, "ucb", "thompson"))) {
            case EPSILON -> new Exploration.Epsilon(only(body, EPSILON).number(EPSILON, DEFAULT_EPSILON, 1));
            case "ucb" -> new Exploration.Ucb(only(body, ALPHA).number(ALPHA, DEFAULT_ALPHA, MAX_ALPHA));
            case "thompson" -> new Exploration.Thompson(only(body, DRAWS).integer(DRAWS, DEFAULT_DRAWS, MAX_DRAWS));
            default -> {
                var unused = body.object(NAME, Set.of(POLICY));
                yield new Exploration.Greedy();
            }
        };
    }

    private static Fields only(Fields body, String parameter) {
        return body.object(NAME, Set.of(POLICY, parameter));
    }
}
