package io.velox.core.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.model.Item;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
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
        }
        for (byte schema : new byte[] {0, 3, -1}) {
            bytes[0] = schema;
            assertThatThrownBy(() -> UserCodec.readHistoryEntry(input(bytes)))
                    .hasMessageContaining("the history entry has schema " + schema + ", but this build reads 1 to 2");
        }
    }

    @Test
    void historyEntriesOfTheFirstSchemaAreStillRead() throws IOException {
        Random random = Seeds.random("historyEntriesOfTheFirstSchema");
        for (int trial = 0; trial < 100; trial++) {
            HistoryEntry entry = RandomUsers.historyEntry(random);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(1);
            out.writeLong(entry.offset());
            out.writeBoolean(entry.item().isId());
            out.writeUTF(entry.item().text());
            out.writeDouble(entry.label());
            out.writeLong(entry.timestamp().toEpochMilli());
            out.writeBoolean(entry.clientId().isPresent());
            if (entry.clientId().isPresent()) {
                out.writeUTF(entry.clientId().get());
            }
            assertThat(UserCodec.readHistoryEntry(input(bytes.toByteArray()))).isEqualTo(entry);
        }
    }

    @Test
    void anEntryTakesNoMoreBytesThanItsNumbersNeed() throws IOException {
        HistoryEntry rating =
                new HistoryEntry(1_000_000, Item.ofId("1234"), 4.5, Instant.parse("2026-09-01T08:00:00Z"), null);
        assertThat(bytes(rating)).hasSize(1 + 1 + 3 + 6 + 4 + 6);
        for (long number : new long[] {0, 1, 63, 64, Long.MAX_VALUE, Long.MAX_VALUE >> 1}) {
            HistoryEntry entry =
                    new HistoryEntry(number, Item.ofId("i"), 0.1, Instant.ofEpochMilli(-1 - (number >> 10)), "id");
            assertThat(UserCodec.readHistoryEntry(input(bytes(entry)))).isEqualTo(entry);
        }
    }

    @Test
    void aNumberWithoutEndIsAnError() {
        byte[] bytes = new byte[30];
        Arrays.fill(bytes, (byte) -1);
        bytes[0] = 2;
        assertThatThrownBy(() -> UserCodec.readHistoryEntry(input(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void spentIdsAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeds.random("spentIds");
        for (int trial = 0; trial < 100; trial++) {
            SpentId spent = new SpentId(RandomUsers.item(random), RandomUsers.id(random));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            UserCodec.write(spent, new DataOutputStream(bytes));
            assertThat(UserCodec.readSpentId(input(bytes.toByteArray()))).isEqualTo(spent);
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

    private static byte[] bytes(HistoryEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        UserCodec.write(entry, new DataOutputStream(bytes));
        return bytes.toByteArray();
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
