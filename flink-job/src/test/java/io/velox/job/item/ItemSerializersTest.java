package io.velox.job.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemRating;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.ItemUpdateCodec;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.job.log.ItemUpdateSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ItemSerializersTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 3);
    private static final Revision REVISION = new Revision(1, 2, 3);

    @Test
    void contributionsSurviveTheWire() throws IOException {
        ItemRating rating = new ItemRating(new double[] {1.5, -2}, 4.5, 0.7);
        ItemContribution found = roundTrip(
                ItemContributionSerializer.INSTANCE, new ItemContribution(VERSION, "é/1", "u", REVISION, rating));
        assertThat(found.key()).isEqualTo("als/3/é/1");
        assertThat(found.uid()).isEqualTo("u");
        assertThat(found.revision()).isEqualTo(REVISION);
        assertThat(found.rating().weights()).containsExactly(1.5, -2);
        assertThat(found.rating().label()).isEqualTo(4.5);
        assertThat(found.rating().variance()).isEqualTo(0.7);
        ItemContribution takenBack = new ItemContribution(VERSION, "1", "u", REVISION, null);
        assertThat(roundTrip(ItemContributionSerializer.INSTANCE, takenBack)).isEqualTo(takenBack);
    }

    @Test
    void updatesSurviveTheWire() throws IOException {
        ItemUpdate update = new ItemUpdate(
                VERSION,
                "1",
                new ItemUpdate.Value(REVISION, new ItemEvidence(2, new double[] {1, 2, 3}, new double[] {4, 5})));
        assertThat(ItemUpdateCodec.value(roundTrip(ItemUpdateSerializer.INSTANCE, update)))
                .isEqualTo(ItemUpdateCodec.value(update));
        ItemUpdate nothing = new ItemUpdate(VERSION, "1", null);
        assertThat(roundTrip(ItemUpdateSerializer.INSTANCE, nothing)).isEqualTo(nothing);
    }

    @Test
    void aRatingOfANewerSchemaIsRefused() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        ItemRatingSerializer.INSTANCE.serialize(new ItemRating(new double[1], 1, 1), out);
        byte[] bytes = out.getCopyOfBuffer();
        bytes[0]++;
        assertThatThrownBy(() -> ItemRatingSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
                .hasMessage("the item rating has schema 2, but this build reads 1");
    }

    private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
