package io.velox.core.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.Seeds;
import io.velox.core.item.MetadataInput.Kind;
import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetadataVocabularyTest {
    @Test
    void takesFrequentValuesWordsAbsencesAndNumbers() {
        List<Metadata> items = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Map<String, List<String>> fields = new TreeMap<>();
            fields.put("genre", i < 6 ? List.of("Comedy", "Drama") : List.of("Drama"));
            fields.put("year", List.of(Integer.toString(1990 + i)));
            if (i < 7) {
                fields.put("title", List.of(i < 5 ? "The Night " + i : "Day"));
            }
            items.add(new Metadata(new TreeMap<>(fields)));
        }

        MetadataVocabulary vocabulary = MetadataVocabulary.of(items);

        // Every item has Drama, and four or fewer a year, a title or the word Day: these say nothing.
        assertThat(vocabulary.inputs().stream().map(input -> input.kind() + " " + input.field() + " " + input.text()))
                .containsExactly(
                        "NUMBER year ", "VALUE genre Comedy", "WORD title night", "WORD title the", "ABSENT title ");
        assertThat(encoded(vocabulary, Map.of("genre", List.of("Comedy", "Unheard"), "year", List.of("1995.5"))))
                .containsExactly(0, 1, 0, 0, 1);
        assertThat(encoded(vocabulary, Map.of("title", List.of("NIGHT and day"))))
                .containsExactly(0, 0, 1, 0, 0);
    }

    @Test
    void aNumberHasMeanZeroAndVarianceOneAndIsAverageWhereItIsMissingOrNone() {
        Random random = Seeds.random("aNumberHasMeanZero");
        List<Metadata> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            items.add(metadata(Map.of("price", List.of(Double.toString(100 * random.nextDouble())))));
        }
        MetadataVocabulary vocabulary = MetadataVocabulary.of(items);
        assertThat(vocabulary.size()).isEqualTo(1);
        double mean = 0;
        double square = 0;
        for (Metadata item : items) {
            double value = vocabulary.encode(item).values()[0];
            mean += value / items.size();
            square += value * value / items.size();
        }
        assertThat(mean).isCloseTo(0, within(1e-12));
        assertThat(square).isCloseTo(1, within(1e-12));
        assertThat(vocabulary.encode(Metadata.NONE).places()).isEmpty();
        assertThat(vocabulary
                        .encode(metadata(Map.of("price", List.of("on request"))))
                        .places())
                .isEmpty();
    }

    @Test
    void aFieldWithAnythingButNumbersIsNoNumber() {
        List<Metadata> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            items.add(metadata(Map.of("size", List.of(i == 7 ? "NaN" : Integer.toString(i)))));
        }
        assertThat(MetadataVocabulary.of(items).inputs()).noneMatch(input -> input.kind() == Kind.NUMBER);
    }

    @Test
    void isTheSameForTheSameItemsInAnyOrderAndHasTheMostFrequentUpToALimit() {
        Random random = Seeds.random("isTheSameInAnyOrder");
        List<Metadata> items = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            List<String> tags = new ArrayList<>();
            for (int t = 0; t < 5; t++) {
                tags.add("t" + (int) (700 * Math.pow(random.nextDouble(), 2)));
            }
            items.add(metadata(Map.of("tag", tags)));
        }
        MetadataVocabulary vocabulary = MetadataVocabulary.of(items);
        Collections.shuffle(items, random);
        assertThat(MetadataVocabulary.of(items)).isEqualTo(vocabulary);
        assertThat(vocabulary.size()).isEqualTo(MetadataVocabulary.MAX_INPUTS);
        long[] counts = vocabulary.inputs().stream()
                .mapToLong(input -> items.stream()
                        .filter(item -> item.values("tag").contains(input.text()))
                        .count())
                .toArray();
        for (int i = 1; i < counts.length; i++) {
            assertThat(counts[i]).isLessThanOrEqualTo(counts[i - 1]);
        }
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        List<Metadata> items = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            items.add(metadata(Map.of("odd = ~", List.of(i % 2 == 0 ? "a=b" : "é 😀 x"), "n", List.of("" + i))));
        }
        MetadataVocabulary vocabulary = MetadataVocabulary.of(items);
        assertThat(vocabulary.size()).isEqualTo(3);
        assertThat(RecordCodec.read(RecordCodec.write(vocabulary), MetadataVocabulary.class))
                .isEqualTo(vocabulary);
    }

    private static Metadata metadata(Map<String, List<String>> fields) {
        return new Metadata(new TreeMap<>(fields));
    }

    private static double[] encoded(MetadataVocabulary vocabulary, Map<String, List<String>> fields) {
        SparseInputs x = vocabulary.encode(metadata(fields));
        double[] dense = new double[vocabulary.size()];
        for (int i = 0; i < x.places().length; i++) {
            dense[x.places()[i]] = x.values()[i];
        }
        return dense;
    }
}
