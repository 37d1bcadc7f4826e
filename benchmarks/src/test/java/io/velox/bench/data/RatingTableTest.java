package io.velox.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.velox.standalone.demo.SyntheticDataSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RatingTableTest {
    private static final double SCALE = 0.001;

    private final RatingTable table = RatingTable.of(new SyntheticDataSet(SCALE, 42));

    @Test
    void everyRatingOfTheDataSetIsInTheTable() {
        int[] row = {0};
        new SyntheticDataSet(SCALE, 42).users().forEach(user -> user.ratings().forEach(rating -> {
            assertThat(table.uid(table.user(row[0]))).isEqualTo(user.uid());
            assertThat(table.item(row[0])).isEqualTo(rating.item());
            assertThat(table.label(row[0])).isEqualTo(rating.label());
            assertThat(table.time(row[0])).isEqualTo(rating.timestamp());
            row[0]++;
        }));
        assertThat(table.size()).isEqualTo(row[0]).isEqualTo(10_000);
        assertThat(table.users()).isEqualTo(70);
    }

    @Test
    void theChecksumIsOfWhatTheSeedGives() {
        assertThat(RatingTable.of(new SyntheticDataSet(SCALE, 42)).sha256()).isEqualTo(table.sha256());
        assertThat(RatingTable.of(new SyntheticDataSet(SCALE, 43)).sha256()).isNotEqualTo(table.sha256());
    }

    @Test
    void everyOrderHasEveryRowOnceAndAUsersRowsInTheirOwnOrder() {
        for (SendingOrder order : SendingOrder.values()) {
            int[] rows = order.rows(table, 7);
            Map<Integer, Integer> last = new HashMap<>();
            Set<Integer> seen = new HashSet<>();
            for (int row : rows) {
                assertThat(seen.add(row)).isTrue();
                assertThat(last.getOrDefault(table.user(row), -1)).isLessThan(row);
                last.put(table.user(row), row);
            }
            assertThat(seen).hasSize(table.size());
        }
    }

    @Test
    void theRowsWithoutSomeUsersAreThoseOfAllOthers() {
        Set<Integer> left = new HashSet<>();
        for (int row : table.rowsWithout(Set.of(0, 7, 69))) {
            assertThat(left.add(row)).isTrue();
        }
        for (int row = 0; row < table.size(); row++) {
            assertThat(left.contains(row)).isEqualTo(!Set.of(0, 7, 69).contains(table.user(row)));
        }
    }

    @Test
    void interleavedUsersTakeTurns() {
        int[] rows = SendingOrder.INTERLEAVED.rows(table, 7);
        long changes = 0;
        for (int i = 1; i < rows.length; i++) {
            changes += table.user(rows[i]) != table.user(rows[i - 1]) ? 1 : 0;
        }
        assertThat(changes).isGreaterThan(9_000);
    }

    @Test
    void byTimeNoRatingComesBeforeAnOlderOne() {
        int[] rows = SendingOrder.BY_TIME.rows(table, 7);
        for (int i = 1; i < rows.length; i++) {
            assertThat(table.time(rows[i])).isAfterOrEqualTo(table.time(rows[i - 1]));
        }
    }

    @Test
    void roundsHaveEachUserOnceAndFollowWhatComesBefore() {
        LastRounds rounds = new LastRounds(table, 5);
        int[] before = rounds.before();
        int[] all = rounds.rows(0, 5, 1);

        assertThat(before.length + all.length).isEqualTo(table.size());
        for (int round = 0; round < 5; round++) {
            Set<Integer> users = new HashSet<>();
            for (int i = 0; i < table.users(); i++) {
                users.add(table.user(all[round * table.users() + i]));
            }
            assertThat(users).hasSize(table.users());
        }
        Set<Integer> rows = new HashSet<>();
        Arrays.stream(before).forEach(rows::add);
        Arrays.stream(all).forEach(rows::add);
        assertThat(rows).hasSize(table.size());
    }

    @Test
    void moreRoundsThanAUserHasRatingsAreRefused() {
        assertThatThrownBy(() -> new LastRounds(table, 5_000)).hasMessageContaining("5000");
    }

    @Test
    void linesAreObservationsInTheOrderOfTheRows() throws Exception {
        int[] rows = SendingOrder.INTERLEAVED.rows(table, 7);
        List<String> lines = new ArrayList<>();
        for (byte[] block : new RatingLines(table, rows, 100, 5_000)) {
            String text = new String(block, StandardCharsets.UTF_8);
            assertThat(text).endsWith("\n");
            lines.addAll(List.of(text.split("\n", -1)).subList(0, text.split("\n", -1).length - 1));
        }
        assertThat(lines).hasSize(4_900);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.get("uid").asText()).isEqualTo(table.uid(table.user(rows[100])));
        assertThat(first.get("item").asText()).isEqualTo(table.item(rows[100]));
        assertThat(first.get("label").asDouble()).isEqualTo(table.label(rows[100]));
        assertThat(first.get("timestamp").asText())
                .isEqualTo(table.time(rows[100]).toString());
    }
}
