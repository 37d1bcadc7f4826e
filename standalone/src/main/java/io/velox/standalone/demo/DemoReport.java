package io.velox.standalone.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The demonstration's result, printed as its last line.
 *
 * @param ratings of the whole data set, like {@code users} and {@code items}
 * @param sha256 of the file that the ratings are from; left out for a generated set
 * @param importedRatings before training, which took {@code importSeconds} until all were acknowledged
 * @param liveRatings observed after the swap; all but the last thousand in batches, {@code liveSeconds} until those were learnt
 * @param testRatings that the errors are taken over
 * @param testShare of the users, whose test ratings are predicted: 1, or less where there are very many
 * @param unknownItems further test ratings, left out of all three errors because the version does not know their items
 * @param resumed whether the users were known already from an earlier run, the live half of their ratings included
 */
record DemoReport(
        String dataset,
        String store,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sha256,
        long ratings,
        long users,
        long items,
        int version,
        long importedRatings,
        double importSeconds,
        long importPerSecond,
        double trainSeconds,
        double rebaseSeconds,
        long liveRatings,
        double liveSeconds,
        long livePerSecond,
        Errors rmse,
        Percentiles observeToVisibleMs,
        Percentiles topkMs,
        List<String> topkBefore,
        List<String> topkAfter,
        long testRatings,
        double testShare,
        long unknownItems,
        long seed,
        boolean resumed) {
    /** Root mean squared error over the test ratings: everybody at the prior mean, after the swap, after the live half. */
    record Errors(double prior, double offline, double online) {}

    /** One line, in ASCII so that no terminal's encoding spoils it. */
    String toJson() {
        try {
            return JsonMapper.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build()
                    .writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report of numbers and texts can always be written", e);
        }
    }

    static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
