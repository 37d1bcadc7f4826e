package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ItemDictionaryTest {
    /** In the order of their UTF-8 bytes, which is not that of their UTF-16 units. */
    private static final List<String> SORTED =
            List.of("\"quoted\"", "1", "10", "2", "a\\b", "z".repeat(256), "é", "\uFFFD", "😀");

    @Test
    void indexesFollowTheBytesInWhateverOrderTheIdsCome() {
        List<String> shuffled = new ArrayList<>(SORTED);
        Collections.shuffle(shuffled, new Random(3));
        ItemDictionary dictionary = new ItemDictionary(shuffled);

        assertThat(IntStream.range(0, dictionary.size()).mapToObj(dictionary::id))
                .isEqualTo(SORTED);
        SORTED.forEach(id -> assertThat(dictionary.index(id)).isEqualTo(SORTED.indexOf(id)));
    }

    @Test
    void survivesTheWayToAnExecutor() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ItemDictionary(SORTED));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((ItemDictionary) in.readObject()).index("😀")).isEqualTo(8);
        }
    }

    @Test
    void anUnknownIdIsNamed() {
        ItemDictionary dictionary = new ItemDictionary(SORTED);
        assertThatThrownBy(() -> dictionary.index("other")).hasMessageContaining("'other'");
    }
}
