package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one user's records come to, kept in the plainest way; for fewer client ids than are remembered. */
public final class ExpectedHistory {
    private final List<UserRecord.Observed> observations = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    /**
     * Applies one record.
     *
     * @param keepsSuperseded whether an observation that is followed by another of its item stays
     * @return whether an observation was learnt
     */
    public boolean apply(UserRecord record, boolean keepsSuperseded) {
        if (record instanceof UserRecord.Observed observed) {
            if (observed.id() != null && !ids.add(observed.item().text() + "\n" + observed.id())) {
                return false;
            }
            if (!keepsSuperseded) {
                observations.removeIf(o -> o.item().equals(observed.item()));
            }
            observations.add(observed);
            return true;
        }
        if (record instanceof UserRecord.Withdrawn withdrawn) {
            observations.removeIf(o -> o.item().equals(withdrawn.item()));
        } else if (record instanceof UserRecord.Forgotten) {
            observations.clear();
            ids.clear();
        }
        return false;
    }

    public List<UserRecord.Observed> observations() {
        return List.copyOf(observations);
    }

    /** Checks history and weights in every version. */
    public void check(UserModel user, List<HistoryEntry> history, List<? extends VeloxModel> models) {
        assertThat(history)
                .as("history of %s", user.uid())
                .extracting(HistoryEntry::item, HistoryEntry::label, HistoryEntry::id)
                .containsExactlyElementsOf(observations.stream()
                        .map(o -> tuple(o.item(), o.label(), o.id()))
                        .toList());
        checkWeights(user, models);
    }

    /** Checks the weights in every version. */
    public void checkWeights(UserModel user, List<? extends VeloxModel> models) {
        assertThat(user.historySize()).isEqualTo(observations.size());
        for (VeloxModel model : models) {
            if (observations.isEmpty() && user.weights(model.id()).isEmpty()) {
                continue;
            }
            UserWeights weights = user.weights(model.id()).orElseThrow();
            List<Map.Entry<Item, Double>> counted = counted(model.repeat());
            assertThat(weights.weights())
                    .as("weights of %s in %s", user.uid(), model.id())
                    .containsExactly(RidgeOracle.weights(model, counted), within(1e-8));
            assertThat(weights.observations()).isEqualTo((int) counted.stream()
                    .filter(o -> model.features(o.getKey()).isPresent())
                    .count());
        }
    }

    private List<Map.Entry<Item, Double>> counted(Repeat repeat) {
        if (repeat == Repeat.REPLACE) {
            Map<Item, Double> last = new LinkedHashMap<>();
            observations.forEach(o -> last.put(o.item(), o.label()));
            return List.copyOf(last.entrySet());
        }
        List<Map.Entry<Item, Double>> all = new ArrayList<>();
        observations.forEach(o -> all.add(Map.entry(o.item(), o.label())));
        return all;
    }
}
