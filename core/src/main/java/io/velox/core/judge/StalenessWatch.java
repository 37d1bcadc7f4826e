package io.velox.core.judge;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.Cause;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Watches the losses of one live version for staleness. Single writer. */
public final class StalenessWatch {
    /** Of the window: how finely it moves. */
    private static final int STEPS = 20;

    private final StalenessRule rule;
    private final OptionalDouble promisedError;
    private final PageHinkley drift;
    private final Deque<LossMoments> totals = new ArrayDeque<>();
    private LossMoments last;
    private boolean hasDrifted;

    /**
     * A watch that begins now.
     *
     * @param promisedError of the version's training (root mean square); empty if it promised none
     * @param total the version's losses up to now, which do not count
     */
    public StalenessWatch(StalenessRule rule, OptionalDouble promisedError, LossMoments total) {
        this.rule = rule;
        this.promisedError = promisedError;
        this.drift = rule.newDriftTest();
        this.last = total;
        totals.add(total);
    }

    /**
     * Takes the version's total losses as they are now.
     *
     * @return why the version is stale; empty if it is not
     */
    public Optional<Cause> observe(LossMoments total) {
        if (total.count() < last.count()) { // the job began anew from an older checkpoint
            totals.clear();
            totals.add(total);
        }
        hasDrifted |= drift.add(total.since(last)) && rule.driftThreshold() > 0;
        last = total;
        if (total.count() - totals.getLast().count() >= Math.max(1, rule.observations() / STEPS)) {
            totals.add(total);
        }
        while (totals.size() > 1 && total.count() - second().count() >= rule.observations()) {
            totals.removeFirst();
        }
        return hasDrifted ? Optional.of(drifted()) : aboveThePromise();
    }

    private LossMoments second() {
        var iterator = totals.iterator();
        iterator.next();
        return iterator.next();
    }

    /** The losses of the last observations, at least as many as the rule wants once there are so many. */
    public LossMoments window() {
        return last.since(totals.getFirst());
    }

    private Optional<Cause> aboveThePromise() {
        LossMoments window = window();
        if (rule.ratio() == 0 || promisedError.isEmpty() || window.count() < rule.observations()) {
            return Optional.empty();
        }
        double error = Math.sqrt(window.mean());
        return error <= promisedError.getAsDouble() * rule.ratio()
                ? Optional.empty()
                : Optional.of(new Cause(
                        Cause.Trigger.STALE,
                        String.format(
                                Locale.ROOT,
                                "error %.4f over the last %d observations, promised %.4f",
                                error,
                                window.count(),
                                promisedError.getAsDouble())));
    }

    private Cause drifted() {
        return new Cause(
                Cause.Trigger.DRIFT,
                String.format(
                        Locale.ROOT,
                        "the loss has risen; error %.4f over the last %d observations, Page-Hinkley statistic %.0f",
                        Math.sqrt(window().mean()),
                        window().count(),
                        drift.statistic()));
    }
}
