package io.velox.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.bench.data.RatingTable;
import io.velox.core.model.FactorTable;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.standalone.demo.Rating;
import io.velox.standalone.demo.UserRatings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DenseBlockTest {
    /**
     * Users 0 to 11 have each rated items 0 to 9, but for one that is another for each, and three of the other 30; the other 28 users have
     * rated eight of those 30 and two of the ten. The label is the number of the item.
     */
    private static Stream<UserRatings> planted() {
        return IntStream.range(0, 40).mapToObj(user -> {
            Set<Integer> items = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                if (user < 12 ? i != user % 10 : i == user % 10 || i == (user + 3) % 10) {
                    items.add(i);
                }
            }
            for (int i = 0; i < (user < 12 ? 3 : 8); i++) {
                items.add(10 + (7 * user + 11 * i) % 30);
            }
            List<Rating> ratings = new ArrayList<>();
            items.forEach(item -> ratings.add(new Rating(Integer.toString(item), item, null)));
            return new UserRatings(Integer.toString(user), ratings);
        });
    }

    private final RatingTable table = RatingTable.of(planted());

    @Test
    void aBlockThatWasPlantedIsFound() {
        DenseBlock block = DenseBlock.of(table, 12, 10);
        assertThat(block.users())
                .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
        assertThat(block.items())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(Integer::toString).toList());
        assertThat(block.density()).isEqualTo(0.9);
        assertThat(block.fewest()).isEqualTo(9);
    }

    @Test
    void aBlockThatIsLargerThanTheTableIsRefused() {
        assertThatThrownBy(() -> DenseBlock.of(table, 41, 10)).hasMessageContaining("41 by 10 of 40 by 40");
        assertThatThrownBy(() -> DenseBlock.of(table, 12, 0)).hasMessageContaining("12 by 0");
    }

    @Test
    void aReplayOffersWhatAUserRatedWithItsLabelAndNothingTwice() {
        FactorTable.Builder items = new FactorTable.Builder(1);
        for (int i = 0; i < 40; i++) {
            items.add(Integer.toString(i), new float[] {i}, 0, 0);
        }
        MatrixFactorModel model = new MatrixFactorModel(new ModelVersion("als", 1), items.build(), Prior.zero(1, 1), 1);
        Replay replay = new Replay(model, table, DenseBlock.of(table, 12, 10), 4);
        List<List<Round>> users = replay.users(1);
        assertThat(users).hasSize(12);
        for (int user = 0; user < 12; user++) {
            Set<Integer> offered = new HashSet<>();
            assertThat(users.get(user)).hasSize(2);
            for (Round round : users.get(user)) {
                for (int i = 0; i < 4; i++) {
                    int item = (int) round.candidates().get(i).values()[0];
                    assertThat(offered.add(item)).isTrue();
                    assertThat(item).isLessThan(10).isNotEqualTo(user % 10);
                    assertThat(round.labels()[i]).isEqualTo(item);
                }
                assertThat(round.values()).containsExactly(round.labels());
            }
        }
        assertThat(offered(replay.users(1))).isEqualTo(offered(users));
        assertThat(offered(replay.users(2))).isNotEqualTo(offered(users));
    }

    private static List<Double> offered(List<List<Round>> users) {
        return users.stream()
                .flatMap(List::stream)
                .flatMap(round -> round.candidates().stream())
                .map(item -> item.values()[0])
                .toList();
    }
}
