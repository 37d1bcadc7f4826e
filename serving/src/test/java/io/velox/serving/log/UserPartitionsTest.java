package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.user.Revision;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class UserPartitionsTest {
    @Test
    void aUserIsWhereKafkasOwnPartitionerPutsTheKey() {
        for (int partitions : new int[] {1, 4, 7, 1000}) {
            UserPartitions users = new UserPartitions(0, partitions);
            for (int i = 0; i < 1_000; i++) {
                String uid = "Jürgen-" + i;
                assertThat(users.of(uid))
                        .isEqualTo(
                                BuiltInPartitioner.partitionForKey(uid.getBytes(StandardCharsets.UTF_8), partitions));
            }
        }
    }

    @Test
    void aReceiptOfAnotherPartitionOrEpochIsRefusedWithTheField() {
        UserPartitions users = new UserPartitions(3, 4);
        int own = users.of("u");
        users.checkReceipt("u", new Revision(3, own, 0));
        assertThatThrownBy(() -> users.checkReceipt("u", new Revision(3, (own + 1) % 4, 0)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("after"));
        assertThatThrownBy(() -> users.checkReceipt("u", new Revision(2, own, 0)))
                .hasMessageContaining("epoch 3")
                .hasMessageContaining("rebuilt");
    }
}
