package io.velox.bench.explore;

import io.velox.core.model.Prior;
import java.util.List;

/** Users to whom a policy recommends items, one round after the other. */
public interface Environment {
    /** As figures are named. */
    String name();

    /** What a policy assumes of a user whom it does not know. */
    Prior prior();

    /** The noise that it assumes, beyond an item's own. */
    double noise();

    /** The rounds of each user, as many for each; the same for every policy. */
    List<List<Round>> users(long seed);
}
