package io.velox.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorTable;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.CatalogueScan;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.Wanted;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedPassesTest {
    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final FactorTable table = table();
    private final CatalogueIndex catalogue = CatalogueIndex.of(table);

    private FactorTable table() {
        FactorTable.Builder builder = new FactorTable.Builder(3);
        for (int i = 0; i < 5_000; i++) {
            builder.add(
                    "i" + i,
                    new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1},
                    random.nextFloat(),
                    0);
        }
        return builder.build();
    }

    private Wanted wanted() {
        return new Wanted(random.doubles(3, -1, 1).toArray(), 1 + random.nextInt(10), new BitSet());
    }

    private void check(Wanted wanted, CompletableFuture<Ranking> ranking) {
        Ranking expected = CatalogueScan.best(table, wanted.weights(), wanted.k(), wanted.excluded());
        assertThat(ranking.orTimeout(20, TimeUnit.SECONDS).join().rows())
                .as("-Dvelox.seed=%s", seed)
                .isEqualTo(expected.rows());
    }

    @Test
    void everybodyGetsTheirOwnRankingHoweverManyWait() {
        try (CpuPool cpu = new CpuPool(2, 1000)) {
            SharedPasses passes = new SharedPasses(cpu);
            List<Wanted> questions = new ArrayList<>();
            List<CompletableFuture<Ranking>> rankings = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                questions.add(wanted());
                rankings.add(passes.best(catalogue, questions.get(i)));
            }
            for (int i = 0; i < questions.size(); i++) {
                check(questions.get(i), rankings.get(i));
            }
        }
    }

    @Test
    void whoFindsTheQueueFullIsRefusedAndTheOthersAreAnswered() throws Exception {
        try (CpuPool cpu = new CpuPool(1, 2)) {
            SharedPasses passes = new SharedPasses(cpu);
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Boolean> busy = cpu.submit(() -> {
                begun.countDown();
                try {
                    return release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            List<Wanted> questions = List.of(wanted(), wanted(), wanted());

            List<CompletableFuture<Ranking>> rankings = new ArrayList<>();
            questions.forEach(question -> rankings.add(passes.best(catalogue, question)));
            release.countDown();

            assertThat(busy.get(20, TimeUnit.SECONDS)).isTrue();
            check(questions.get(0), rankings.get(0));
            check(questions.get(1), rankings.get(1));
            assertThatThrownBy(() -> rankings.get(2).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VeloxException.class);
        }
    }

    @Test
    void aQuestionThatCannotBeAnsweredFailsAlone() {
        try (CpuPool cpu = new CpuPool(1, 10)) {
            SharedPasses passes = new SharedPasses(cpu);
            CompletableFuture<Ranking> wrong = passes.best(catalogue, new Wanted(new double[2], 1, new BitSet()));
            Wanted right = wanted();

            assertThatThrownBy(() -> wrong.orTimeout(20, TimeUnit.SECONDS).join())
                    .hasMessageContaining("weights must have length 3");
            check(right, passes.best(catalogue, right));
        }
    }
}
