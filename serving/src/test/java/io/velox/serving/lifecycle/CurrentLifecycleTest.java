package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.TrainingKind;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentLifecycleTest {
    @TempDir
    Path folder;

    private LifecycleWorld world;
    private CurrentLifecycle current;

    @BeforeEach
    void create() {
        world = new LifecycleWorld(folder);
        current = new CurrentLifecycle(world.nodes());
    }

    private static void assertRefused(CompletableFuture<CatalogueEntry> answer, String cure) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_THE_LIFECYCLE))
                .hasMessageContaining(cure);
    }

    @Test
    void withoutTheRoleTheNodeThatHasItIsNamed() {
        assertRefused(current.retrain("als", TrainingKind.FULL, "test"), "none is known to yet; retry in a moment");
        world.nodes().lifecycleNode = "http://other:8080";
        assertRefused(current.retrain("als", TrainingKind.FULL, "test"), "ask the one at http://other:8080");
        assertRefused(current.activate("als", 1, false), "ask the one at http://other:8080");
        assertThat(world.requests).isEmpty();
        assertThat(current.isHere()).isFalse();
        assertThat(current.isSettledHere()).isFalse();
    }

    @Test
    void withTheRoleTheLifecycleAnswers() {
        current.begin(world.lifecycle());
        assertThat(current.isHere()).isTrue();
        assertThat(current.retrain("als", TrainingKind.FULL, "test").join().currentTraining())
                .isPresent();
        assertThat(current.isSettledHere()).isFalse();
        world.tick();
        assertThat(current.isSettledHere()).isTrue();
        current.end();
        assertRefused(current.retrain("als", TrainingKind.FULL, "test"), "does not run the lifecycle");
        assertThat(world.requests).hasSize(1);
    }

    @Test
    void whatIsAskedWhenTheRoleIsLostIsRefused() {
        current.begin(world.lifecycle());
        world.isCatalogueReadBack = false;
        CompletableFuture<CatalogueEntry> open = current.retrain("als", TrainingKind.FULL, "test");
        assertThat(open).isNotDone();
        current.end();
        assertRefused(open, "does not run the lifecycle");
    }
}
