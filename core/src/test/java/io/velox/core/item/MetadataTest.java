package io.velox.core.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.velox.core.error.VeloxException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetadataTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void keepsEachValueOnceInOrderAsText() throws Exception {
        Metadata metadata = of("{'year':1999.0,'genre':['Drama','Comedy','Drama'],'adult':false,'empty':[]}");

        assertThat(metadata.values("year")).containsExactly("1999");
        assertThat(metadata.values("genre")).containsExactly("Comedy", "Drama");
        assertThat(metadata.values("adult")).containsExactly("false");
        assertThat(metadata.values("nothing")).isEmpty();
        assertThat(metadata.fields()).containsOnlyKeys("adult", "genre", "year");
    }

    @Test
    void isTheSameAfterJson() throws Exception {
        Metadata metadata = of("{'year':1e3,'title':'Être et avoir','big':1e300,'tiny':0.001}");

        String json = JSON.writeValueAsString(metadata);

        assertThat(JSON.readValue(json, Metadata.class)).isEqualTo(metadata);
        assertThat(Metadata.ofJson(JSON.readTree(json))).isEqualTo(metadata);
        assertThat(metadata.values("year")).isEqualTo(List.of("1000"));
        assertThat(metadata.values("big")).isEqualTo(List.of("1E+300"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|metadata",
                "{'genre':{'a':1}}|metadata.genre",
                "{'genre':null}|metadata.genre",
                "{'genre':['']}|metadata.genre",
                "{'genre':[['a']]}|metadata.genre",
                "{'':1}|metadata",
            })
    void refusesWhatIsNoMetadataAndNamesTheField(String json, String field) {
        assertThatThrownBy(() -> of(json)).isInstanceOfSatisfying(VeloxException.class, e -> assertThat(e.field())
                .contains(field));
    }

    @Test
    void countsAValueThatIsGivenOftenOnce() throws Exception {
        assertThat(of("{'a':['" + String.join("','", Collections.nCopies(300, "x")) + "']}")
                        .values("a"))
                .containsExactly("x");
    }

    @Test
    void refusesTooMuch() {
        assertThatThrownBy(() -> of("{'text':'" + "x".repeat(257) + "'}")).hasMessageContaining("at most 256");
        String long250 = "y".repeat(250);
        String many =
                IntStream.range(0, 70).mapToObj(i -> "'" + long250 + i + "'").collect(Collectors.joining(","));
        assertThatThrownBy(() -> of("{'text':[" + many + "]}")).hasMessageContaining("16384 characters");
    }

    private static Metadata of(String json) throws Exception {
        return Metadata.ofJson(JSON.readTree(json.replace('\'', '"')));
    }
}
