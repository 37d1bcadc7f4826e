package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FactorTableTest {
    @Test
    void holdsWhatWasAddedInTheOrderOfIds() {
        Random random = Seeds.random("holdsWhatWasAdded");
        for (int n : new int[] {0, 1, 1023, 1024, 1025, 3000}) {
            int d = 1 + random.nextInt(9);
            Map<String, float[]> rows = new TreeMap<>();
            while (rows.size() < n) {
                float[] row = new float[d + 2];
                for (int i = 0; i < row.length; i++) {
                    row[i] = (float) random.nextGaussian();
                }
                rows.put(Integer.toString(random.nextInt(1_000_000), 36), row);
            }
            FactorTable.Builder builder = new FactorTable.Builder(d);
            List<String> shuffled = new ArrayList<>(rows.keySet());
            java.util.Collections.shuffle(shuffled, random);
            for (String id : shuffled) {
                float[] row = rows.get(id);
                builder.add(id, java.util.Arrays.copyOf(row, d), row[d], row[d + 1]);
            }
            FactorTable table = builder.build();
            assertThat(table.size()).isEqualTo(n);
            assertThat(table.dimension()).isEqualTo(d);
            assertThat(table.row("not there")).isEqualTo(-1);
            double[] weights = random.doubles(d, -1, 1).toArray();
            int expectedRow = 0;
            for (Map.Entry<String, float[]> entry : rows.entrySet()) {
                int row = table.row(entry.getKey());
                assertThat(row).isEqualTo(expectedRow++);
                assertThat(table.item(row)).isEqualTo(entry.getKey());
                FeatureVector f = table.features(row);
                for (int i = 0; i < d; i++) {
                    assertThat(f.values()[i]).isEqualTo(entry.getValue()[i]);
                }
                assertThat(f.offset()).isEqualTo(entry.getValue()[d]);
                assertThat(f.noise()).isEqualTo(entry.getValue()[d + 1]);
                assertThat(table.score(row, weights)).as("the same bits").isEqualTo(f.score(weights));
            }
            FactorTable again = FactorTable.ofBlocks(d, table.blocks());
            assertThat(again.size()).isEqualTo(n);
            assertThat(table.blocks()).hasSize((n + 1023) / 1024);
        }
    }

    @Test
    void anItemIsInATableOnce() {
        FactorTable.Builder builder = new FactorTable.Builder(1)
                .add("a", new float[1], 0, 0)
                .add("b", new float[1], 0, 0)
                .add("a", new float[1], 0, 0);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("item 'a' is in the table twice");
    }

    @Test
    void blocksMustContinueOneAnother() {
        FactorBlock b = block("b", 1);
        assertThatThrownBy(() -> FactorTable.ofBlocks(1, List.of(b, block("a", 1))))
                .hasMessageContaining("block 0 must have 1024 rows of dimension 1, but has 1 of 1");
        assertThatThrownBy(() -> FactorTable.ofBlocks(2, List.of(b))).hasMessageContaining("of dimension 2");
        FactorBlock unordered = new FactorBlock(new String[] {"b", "a"}, new float[2], new float[2], new float[2]);
        assertThatThrownBy(() -> FactorTable.ofBlocks(1, List.of(unordered)))
                .hasMessage("item 'a' must come before 'b'");
        assertThatThrownBy(() -> FactorTable.ofBlocks(0, List.of())).hasMessageContaining("dimension");
    }

    @Test
    void aBlocksArraysMustFitEachOther() {
        assertThat(block("a", 3).dimension()).isEqualTo(3);
        for (float[][] arrays : new float[][][] {
            {new float[3], new float[2], new float[2]},
            {new float[2], new float[1], new float[2]},
            {new float[2], new float[2], new float[3]}
        }) {
            assertThatThrownBy(() -> new FactorBlock(new String[] {"a", "b"}, arrays[0], arrays[1], arrays[2]))
                    .hasMessageContaining("a block of 2 items");
        }
        assertThatThrownBy(() -> new FactorBlock(new String[0], new float[0], new float[0], new float[0]))
                .hasMessageContaining("a block of 0 items");
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        assertThatThrownBy(() -> new FactorTable.Builder(2).add("a", new float[3], 0, 0))
                .hasMessage("features of 'a' must have length 2, but have 3");
        assertThatThrownBy(() -> new FactorTable.Builder(0)).hasMessageContaining("dimension");
    }

    private static FactorBlock block(String item, int d) {
        return new FactorBlock(new String[] {item}, new float[d], new float[1], new float[1]);
    }

    @Test
    void severalRowsAreScoredToTheBitsOfEach() {
        Random random = Seeds.random("severalRows");
        for (int d = 1; d < 60; d++) {
            FactorTable.Builder builder = new FactorTable.Builder(d);
            for (int i = 0; i < 1500; i++) {
                float[] features = new float[d];
                for (int j = 0; j < d; j++) {
                    features[j] = (float) random.nextGaussian();
                }
                builder.add("i" + i, features, random.nextFloat(), 0);
            }
            FactorTable table = builder.build();
            double[] weights = random.doubles(d, -3, 3).toArray();
            int n = random.nextInt(12);
            int[] rows = random.ints(n, 0, 1500).toArray();

            double[] scores = table.scores(rows, weights);

            for (int i = 0; i < n; i++) {
                assertThat(scores[i]).isEqualTo(table.score(rows[i], weights));
            }
        }
    }
}
