package io.velox.bench.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The root mean square error of versions over their last observations, from totals that are looked at now and then. Confined to one thread. */
final class WindowedLoss {
    private final long window;
    private final Map<Integer, List<Total>> totals = new HashMap<>();

    private record Total(long count, double sum) {}

    /** @param window observations */
    WindowedLoss(long window) {
        this.window = window;
    }

    /** Takes the mean squared error of everything that a version has scored until now. */
    void look(int version, long count, double mean) {
        List<Total> seen = totals.computeIfAbsent(version, v -> new ArrayList<>());
        if (seen.isEmpty() || count > seen.get(seen.size() - 1).count()) {
            seen.add(new Total(count, count * mean));
        }
    }

    /** Over the window, or over all that was looked at if that is less; empty before two looks at different totals. */
    OptionalDouble rmse(int version) {
        List<Total> seen = totals.getOrDefault(version, List.of());
        if (seen.size() < 2) {
            return OptionalDouble.empty();
        }
        Total last = seen.get(seen.size() - 1);
        Total from = seen.get(0);
        for (Total total : seen) {
            if (last.count() - total.count() < window) {
                break;
            }
            from = total;
        }
        return OptionalDouble.of(Math.sqrt((last.sum() - from.sum()) / (last.count() - from.count())));
    }
}
