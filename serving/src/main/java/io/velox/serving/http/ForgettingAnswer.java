package io.velox.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.log.ObservationLog;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Appends a record that forgets, and answers with what it made go and by when the rest will be gone. */
record ForgettingAnswer(ObservationLog log, ForgettingTerms terms, Clock clock) {
    private static final String LOG = "log";

    /**
     * The answer.
     *
     * @param gone what no read with the receipt, or a later one, knows of
     * @param until by when it is gone from each place that keeps it
     * @param stays why it is not going to leave a place; absent when it leaves all
     */
    record Forgotten(
            Revision receipt,
            List<String> gone,
            SortedMap<String, Instant> until,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, String> stays) {}

    /** {@code places} are those that keep it, beside the log. */
    Future<Reply> answer(Call call, UserRecord record, List<String> gone, List<String> places) {
        return call.await(log.append(List.of(record)))
                .map(receipts -> Reply.ok(forgotten(receipts.get(0), gone, places)));
    }

    private Forgotten forgotten(Revision receipt, List<String> gone, List<String> places) {
        Instant by = clock.instant().plus(terms.within());
        SortedMap<String, Instant> until = new TreeMap<>();
        SortedMap<String, String> stays = new TreeMap<>();
        places.forEach(place -> until.put(place, by));
        terms.logObstacle().ifPresentOrElse(why -> stays.put(LOG, why), () -> until.put(LOG, by));
        return new Forgotten(receipt, gone, until, stays);
    }
}
