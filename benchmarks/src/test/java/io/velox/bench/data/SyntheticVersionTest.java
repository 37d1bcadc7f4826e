package io.velox.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticVersionTest {
    @TempDir
    private Path folder;

    @Test
    void theStoreReadsItBackAsAVersionOfEveryItem() throws Exception {
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of())) {
            var manifest = SyntheticVersion.write(store, 1);
            VeloxModel model = store.open(store.readManifest(ModelStore.manifestAddress(manifest.id())));
            assertThat(model.dimension()).isEqualTo(51);
            assertThat(model.features(Item.ofId("1"))).isPresent();
            assertThat(model.features(Item.ofId("10677"))).isPresent();
            assertThat(model.features(Item.ofId("10678"))).isEmpty();
        }
    }
}
