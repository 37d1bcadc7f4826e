package io.velox.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.model.FactorTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatalogueScanTest {
    private record Scored(String item, double score) {}

    @Test
    void equalsScoringEverythingAndSortingIt() {
        Random random = Seeds.random("equalsScoringEverything");
        for (int trial = 0; trial < 2000; trial++) {
            int n = random.nextInt(trial % 100 == 0 ? 3000 : 40);
            int d = 1 + random.nextInt(6);
            int k = 1 + random.nextInt(50);
            int grid = 1 + random.nextInt(4); // few values, so that many rows are equal
            double[] weights = random.doubles(d).map(w -> random.nextInt(5) - 2).toArray();
            FactorTable.Builder builder = new FactorTable.Builder(d);
            for (int i = 0; i < n; i++) {
                float[] f = new float[d];
                for (int j = 0; j < d; j++) {
                    f[j] = random.nextInt(grid) / 4f;
                }
                builder.add("item-" + i * 7, f, random.nextInt(grid), 0);
            }
            FactorTable table = builder.build();
            BitSet excluded = new BitSet();
            random.ints(random.nextInt(20), 0, n + 1).forEach(excluded::set);

            Ranking ranking = CatalogueScan.best(table, weights, k, excluded);
            List<Scored> found = new ArrayList<>();
            for (int i = 0; i < ranking.size(); i++) {
                found.add(new Scored(table.item(ranking.rows()[i]), ranking.scores()[i]));
            }
            assertThat(found).isEqualTo(byBruteForce(table, weights, k, excluded));
        }
    }

    private static List<Scored> byBruteForce(FactorTable table, double[] weights, int k, BitSet excluded) {
        List<Scored> all = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            if (!excluded.get(row)) {
                all.add(new Scored(table.item(row), table.features(row).score(weights)));
            }
        }
        all.sort(Comparator.comparingDouble((Scored s) -> -s.score()).thenComparing(Scored::item));
        return all.subList(0, Math.min(k, all.size()));
    }

    @Test
    void anEmptyTableHasNoBest() {
        FactorTable empty = new FactorTable.Builder(2).build();
        assertThat(CatalogueScan.best(empty, new double[2], 5, new BitSet()).size())
                .isZero();
    }

    @Test
    void aLargeKCostsNoMemoryBeyondTheTable() {
        FactorTable table =
                new FactorTable.Builder(1).add("a", new float[] {1}, 0, 0).build();
        assertThat(CatalogueScan.best(table, new double[] {2}, Integer.MAX_VALUE, new BitSet())
                        .scores())
                .containsExactly(2);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        FactorTable table =
                new FactorTable.Builder(1).add("a", new float[] {1}, 0, 0).build();
        assertThatThrownBy(() -> CatalogueScan.best(table, new double[1], 0, new BitSet()))
                .hasMessage("k must be at least 1, but got 0");
        assertThatThrownBy(() -> CatalogueScan.best(table, new double[2], 1, new BitSet()))
                .hasMessage("weights must have length 1, but have 2");
    }
}
