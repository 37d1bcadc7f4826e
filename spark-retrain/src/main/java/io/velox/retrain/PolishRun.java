package io.velox.retrain;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some passes from a start.
 *
 * @param state after them; its items are kept in Spark
 * @param seconds of all of them together
 */
record PolishRun(PolishState state, int passes, double seconds) {
    private static final Logger log = LoggerFactory.getLogger(PolishRun.class);

    /** A pass that gains less than this share of the held-out error is the last. */
    private static final double LEAST_GAIN = 1e-4;

    /** Does a given number of passes. */
    static PolishRun fixed(Polish polish, PolishState start, int passes) {
        Stopwatch watch = new Stopwatch();
        PolishState state = start;
        for (int pass = 1; pass <= passes; pass++) {
            PolishState next = polish.items(polish.users(state, true));
            state.release();
            state = next;
            log.info("polish: pass {}, noise {}", pass, state.parameters().noise());
        }
        return new PolishRun(state, passes, watch.lap());
    }

    /** Does passes, at least one, until the error of the held-out ratings no longer falls; the state of least error counts. */
    static PolishRun whileBetter(Polish polish, PolishState start, int maxPasses) {
        Stopwatch watch = new Stopwatch();
        PolishState before = start;
        PolishState state = start;
        double rmseBefore = Double.POSITIVE_INFINITY;
        for (int pass = 0; ; pass++) {
            Polish.Half half = polish.users(state, pass < maxPasses);
            double rmse = half.statistics().heldOutRmse();
            log.info(
                    "polish: after {} passes held-out RMSE {}, noise {}",
                    pass,
                    rmse,
                    state.parameters().noise());
            if (pass > 1 && !(rmse <= rmseBefore * (1 - LEAST_GAIN))) {
                boolean isBetter = rmse < rmseBefore;
                (isBetter ? before : state).release();
                return new PolishRun(isBetter ? state : before, isBetter ? pass : pass - 1, watch.lap());
            }
            if (pass >= maxPasses) {
                before.release();
                return new PolishRun(state, pass, watch.lap());
            }
            PolishState next = polish.items(half);
            before.release();
            before = state;
            rmseBefore = pass == 0 ? Double.POSITIVE_INFINITY : rmse;
            state = next;
        }
    }
}
