package io.velox.job.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Item;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import io.velox.job.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenHashesTest {
    private final RandomGenerator random = Seeds.random();

    @Test
    void nothingSeenIsEverMissed() {
        SeenHashes seen = new SeenHashes();
        List<Item> items = IntStream.range(0, 100_000)
                .mapToObj(i -> Item.ofId(Long.toString(random.nextLong(), 36)))
                .toList();
        for (int i = 0; i < items.size(); i++) {
            seen.add(items.get(i), i % 2 == 0 ? "id-" + i : null);
        }
        for (int i = 0; i < items.size(); i++) {
            assertThat(seen.mayHave(items.get(i))).isTrue();
            if (i % 2 == 0) {
                assertThat(seen.mayHave(items.get(i), "id-" + i)).isTrue();
            }
        }
    }

    @Test
    void whatWasNotSeenIsHardlyEverTakenForSeen() {
        SeenHashes seen = new SeenHashes();
        IntStream.range(0, 10_000).forEach(i -> seen.add(Item.ofId(Integer.toString(i)), null));
        long mistaken = IntStream.range(10_000, 110_000)
                .filter(i -> seen.mayHave(Item.ofId(Integer.toString(i))) || seen.mayHave(Item.ofId("1"), "id-" + i))
                .count();
        assertThat(mistaken).isLessThan(20); // 0.5 expected
    }

    @Test
    void anItemTakesAboutSixBytesAndNeverMoreThanTen() {
        for (int size : new int[] {10, 143, 1_000, 54_321}) {
            SeenHashes seen = new SeenHashes();
            IntStream.range(0, size).forEach(i -> seen.add(Item.ofId("i" + i), null));
            IntStream.range(0, size).forEach(i -> seen.add(Item.ofId("i" + i), null)); // again
            assertThat((seen.sizeBytes() - 48) / (double) size).isBetween(4.0, 10.0);
        }
    }

    @Test
    void aHistoryAndItsSpentIdsAreWhatWasSeen() {
        Item data = new Item(Item.Kind.DATA, "[1]");
        SeenHashes seen = SeenHashes.of(
                List.of(
                        new HistoryEntry(1, Item.ofId("a"), 1, Instant.EPOCH, "one"),
                        new HistoryEntry(2, data, 1, Instant.EPOCH, null)),
                List.of(new SpentId(Item.ofId("b"), "two")));
        assertThat(seen.mayHave(Item.ofId("a"))).isTrue();
        assertThat(seen.mayHave(Item.ofId("a"), "one")).isTrue();
        assertThat(seen.mayHave(data)).isTrue();
        assertThat(seen.mayHave(Item.ofId("b"), "two")).isTrue();
        assertThat(seen.mayHave(Item.ofId("b"))).isFalse();
        assertThat(seen.mayHave(Item.ofId("[1]"))).isFalse();
        assertThat(seen.mayHave(Item.ofId("a"), "two")).isFalse();
    }
}
