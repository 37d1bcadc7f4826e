package io.velox.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.bench.data.RatingTable;
import io.velox.standalone.demo.SyntheticDataSet;
import org.junit.jupiter.api.Test;

class HiddenUsersTest {
    private final RatingTable table = RatingTable.of(new SyntheticDataSet(0.001, 42)); // 70 users

    @Test
    void nobodyIsBothChosenByAndJudgedBy() {
        HiddenUsers hidden = HiddenUsers.draw(table, 0.1, 1);
        assertThat(hidden.validating()).hasSize(7).doesNotContainAnyElementsOf(hidden.judged());
        assertThat(hidden.judged()).hasSize(7);
        assertThat(hidden.all()).hasSize(14).allMatch(user -> user >= 0 && user < 70);
    }

    @Test
    void aSeedHidesTheSameUsersAndAnotherSeedOthers() {
        assertThat(HiddenUsers.draw(table, 0.1, 1)).isEqualTo(HiddenUsers.draw(table, 0.1, 1));
        assertThat(HiddenUsers.draw(table, 0.1, 1)).isNotEqualTo(HiddenUsers.draw(table, 0.1, 2));
    }

    @Test
    void aShareThatLeavesNobodyIsRefused() {
        assertThatThrownBy(() -> HiddenUsers.draw(table, 0.001, 1)).hasMessageContaining("0.001 of 70 users");
        assertThatThrownBy(() -> HiddenUsers.draw(table, 0.5, 1)).hasMessageContaining("0.5 of 70 users");
    }
}
