package io.velox.core.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserCodecTest {
    @Test
    void userModelsAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeds.random("userModels");
        for (int trial = 0; trial < 100; trial++) {
            UserModel model = RandomUsers.model(random);
            assertThat(read(bytes(model))).usingRecursiveComparison().isEqualTo(model);
        }
    }

    @Test
    void historyEntriesAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeds.random("historyEntries");
        for (int trial = 0; trial < 100; trial++) {
            HistoryEntry entry = RandomUsers.historyEntry(random);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            UserCodec.write(entry, new DataOutputStream(bytes));
            HistoryEntry read = UserCodec.readHistoryEntry(input(bytes.toByteArray()));
            assertThat(read).isEqualTo(entry);
            assertThat(read.clientId()).isEqualTo(entry.clientId());
        }
    }

    @Test
    void nothingBeyondTheValueIsRead() throws IOException {
        Random random = Seeds.random("nothingBeyond");
        UserModel model = RandomUsers.model(random);
        HistoryEntry entry = RandomUsers.historyEntry(random);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        UserCodec.write(model, out);
        UserCodec.write(entry, out);
        out.writeInt(7);
        DataInputStream in = input(bytes.toByteArray());
        assertThat(UserCodec.readModel(in)).usingRecursiveComparison().isEqualTo(model);
        assertThat(UserCodec.readHistoryEntry(in)).isEqualTo(entry);
        assertThat(in.readInt()).isEqualTo(7);
    }

    @Test
    void aNewerSchemaIsRefused() throws IOException {
        Random random = Seeds.random("aNewerSchema");
        byte[] bytes = bytes(RandomUsers.model(random));
        for (byte schema : new byte[] {0, 2, -1}) {
            bytes[0] = schema;
            assertThatThrownBy(() -> read(bytes))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the user model has schema " + schema + ", but this build reads 1 to 1");
            assertThatThrownBy(() -> UserCodec.readHistoryEntry(input(bytes)))
                    .hasMessageContaining("the history entry has schema " + schema);
        }
    }

    @Test
    void halfAValueIsAnError() throws IOException {
        Random random = Seeds.random("halfAValue");
        for (int trial = 0; trial < 50; trial++) {
            byte[] bytes = bytes(RandomUsers.model(random));
            byte[] half = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            assertThatThrownBy(() -> read(half)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAbsurdLengthIsAnErrorAndNoAllocation() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(1);
        out.writeUTF("u");
        UserCodec.writeRevision(new Revision(0, 0, 0), out);
        out.writeInt(0);
        out.writeBoolean(false);
        out.writeInt(Integer.MAX_VALUE);
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessage("a user model with 2147483647 versions is damaged");
    }

    @Test
    void weightsAreFoundByVersion() {
        UserModel model = RandomUsers.model(Seeds.random("weightsAreFound"));
        for (UserWeights w : model.weights()) {
            assertThat(model.weights(w.version())).containsSame(w);
        }
        assertThat(model.weights(new io.velox.core.model.ModelVersion("absent", 1)))
                .isEmpty();
    }

    private static byte[] bytes(UserModel model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        UserCodec.write(model, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static UserModel read(byte[] bytes) throws IOException {
        return UserCodec.readModel(input(bytes));
    }

    private static DataInputStream input(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
