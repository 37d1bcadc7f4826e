package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import io.velox.core.user.RandomUsers;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserUpdateCodecTest {
    @Test
    void updatesAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeds.random("updates");
        for (int trial = 0; trial < 100; trial++) {
            UserUpdate update = update(random);
            UserUpdate read = UserUpdateCodec.read(UserUpdateCodec.write(update));
            assertThat(read).usingRecursiveComparison().isEqualTo(update);
            assertThat(read.previous()).isEqualTo(update.previous());
            assertThat(read.learnt()).isEqualTo(update.learnt());
        }
    }

    @Test
    void anotherSchemaIsRefused() {
        byte[] bytes = UserUpdateCodec.write(update(Seeds.random("anotherSchema")));
        bytes[0] = 2;
        assertThatThrownBy(() -> UserUpdateCodec.read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessage("the user update has schema 2, but this build reads 1");
    }

    @Test
    void halfAnUpdateIsAnError() {
        Random random = Seeds.random("halfAnUpdate");
        byte[] bytes = UserUpdateCodec.write(update(random));
        for (int length = 0; length < bytes.length; length++) {
            byte[] half = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> UserUpdateCodec.read(half)).isInstanceOf(IOException.class);
        }
    }

    private static UserUpdate update(Random random) {
        return new UserUpdate(
                RandomUsers.model(random),
                random.nextBoolean() ? RandomUsers.revision(random) : null,
                random.nextBoolean() ? RandomUsers.historyEntry(random) : null);
    }
}
