package io.velox.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.core.Seeds;
import io.velox.core.item.Metadata;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.model.Item;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import io.velox.core.user.RandomUsers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    private static final Instant NOW = Instant.parse("2024-02-29T12:00:00.123456Z");

    @Test
    void userRecordsAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeds.random("userRecords");
        for (int trial = 0; trial < 300; trial++) {
            Observation observation = RandomUsers.observation(random);
            UserRecord.Observed observed = UserRecord.Observed.of(observation);
            assertThat(observed.observation()).isEqualTo(observation);
            for (UserRecord record : List.of(
                    observed,
                    new UserRecord.Withdrawn(observation.uid(), observation.item()),
                    new UserRecord.Rebased(observation.uid(), "als", 3, "models/als/3/manifest.json"),
                    new UserRecord.Forgotten(observation.uid()))) {
                assertRoundTrip(record, UserRecord.class);
            }
        }
    }

    @Test
    void recordsAreReadableJson() {
        assertThat(RecordCodec.write(new ItemRecord(
                        "als",
                        "50",
                        Metadata.ofJson(RecordCodec.mapper().createObjectNode().put("year", 1999)),
                        Instant.EPOCH)))
                .asString(UTF_8)
                .isEqualTo("{\"model\":\"als\",\"item\":\"50\",\"metadata\":{\"year\":[\"1999\"]},"
                        + "\"registeredAt\":\"1970-01-01T00:00:00Z\"}");
        assertThat(RecordCodec.write(new UserRecord.Observed("u1", Item.ofId("50"), 4.5, 1000, null, null)))
                .asString(UTF_8)
                .isEqualTo("{\"type\":\"observed\",\"uid\":\"u1\",\"item\":\"50\",\"label\":4.5,\"timestamp\":1000}");
        assertThat(RecordCodec.write(new UserRecord.Rebased("u1", "als", 3, "m")))
                .asString(UTF_8)
                .isEqualTo("{\"type\":\"rebased\",\"uid\":\"u1\",\"model\":\"als\",\"version\":3,\"manifest\":\"m\"}");
        assertThat(RecordCodec.write(new UserRecord.Forgotten("u1")))
                .asString(UTF_8)
                .isEqualTo("{\"type\":\"forgotten\",\"uid\":\"u1\"}");
    }

    @Test
    void observationsAreTheSameBytesAndValuesAsByBinding() throws IOException {
        Random random = Seeds.random("byBinding");
        for (int trial = 0; trial < 300; trial++) {
            UserRecord.Observed observed = UserRecord.Observed.of(RandomUsers.observation(random));
            byte[] json = RecordCodec.write(observed);
            assertThat(json).isEqualTo(RecordCodec.mapper().writeValueAsBytes(observed));
            assertThat(RecordCodec.read(json, UserRecord.class)).isEqualTo(observed);
            assertThat(RecordCodec.mapper().readValue(json, UserRecord.class)).isEqualTo(observed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'item':50,'label':4,'type':'observed','timestamp':1,'uid':'u'}",
                "{'type':'observed','uid':'u','item':'50','label':4,'timestamp':1,'id':null,'more':{'a':[1,'x']}}",
                "{'type':'observed','uid':7,'item':'50','label':4,'timestamp':1}",
                "{'type':'observed','uid':'u','item':[1,2.0],'label':4e0,'timestamp':1}"
            })
    void observationsAreReadInWhateverFormTheyHave(String json) throws IOException {
        byte[] bytes = json.replace("'", "\"").getBytes(UTF_8);
        assertThat(RecordCodec.read(bytes, UserRecord.class))
                .isEqualTo(RecordCodec.mapper().readValue(bytes, UserRecord.class));
    }

    @Test
    void catalogueEntriesAreReadAsTheyWereWritten() throws IOException {
        CatalogueEntry entry = entry();
        assertRoundTrip(entry, CatalogueEntry.class);
        assertRoundTrip(CatalogueEntry.of("linear", ModelKind.LINEAR), CatalogueEntry.class);
        assertThat(RecordCodec.mapper()
                        .<JsonNode>valueToTree(entry)
                        .at("/training")
                        .fieldNames())
                .toIterable()
                .containsExactly("version", "startedAt", "cut", "origin", "attempt");
    }

    @Test
    void anEntryOfBeforeThereWasAGateIsRead() throws IOException {
        String json = """
                {"model":"als","kind":"als","versions":[{"version":1,"state":"ACTIVE","manifest":"m",
                 "publishedAt":"2026-01-01T00:00:00Z","activatedAt":"2026-01-01T00:00:00Z"}],
                 "training":{"version":2,"startedAt":"2026-01-01T00:00:00Z","cut":{"epoch":0,"endOffsets":{"0":5}}}}""";
        CatalogueEntry entry = RecordCodec.read(json.getBytes(UTF_8), CatalogueEntry.class);
        CatalogueEntry.Version version = entry.active().orElseThrow();
        assertThat(version.admission()).isEqualTo(Admission.GATED);
        assertThat(version.watermark()).isNull();
        assertThat(version.origin()).isNull();
        CatalogueEntry.Training training = entry.currentTraining().orElseThrow();
        assertThat(training.attempt()).isEqualTo(1);
        assertThat(training.origin().kind()).isEqualTo(TrainingKind.FULL);
    }

    @Test
    void aHealthReportOfAnOlderBuildIsRead() throws Exception {
        String json = """
                {"job":"j","subtask":0,"parallelism":1,"at":"2026-01-31T12:00:00Z","versions":[
                {"model":"als","version":1,"loss":{"count":3,"sum":1.5}}]}""";
        HealthRecord read = RecordCodec.read(json.getBytes(UTF_8), HealthRecord.class);
        assertThat(read.pairs()).isEmpty();
        assertThat(read.delays()).isNull();
        assertThat(read.versions())
                .containsExactly(new HealthRecord.Version("als", 1, new LossMoments(3, 1.5, 0), null));
    }

    @Test
    void healthRecordsAreReadAsTheyWereWritten() throws IOException {
        HealthRecord record = new HealthRecord(
                "0123abcd",
                1,
                2,
                NOW,
                List.of(
                        new HealthRecord.Version("als", 1, new LossMoments(3, 1.5, 0), null),
                        new HealthRecord.Version("als", 2, LossMoments.NONE, "its checksum does not fit")));
        assertRoundTrip(record, HealthRecord.class);
        assertThat(record.versions().get(1).id()).isEqualTo(new ModelVersion("als", 2));
        assertThat(new HealthRecord("j", 0, 1, NOW, new ArrayList<>()).versions())
                .isEmpty();
    }

    @Test
    void fieldsOfNewerBuildsArePassedOver() throws IOException {
        Random random = Seeds.random("fieldsOfNewerBuilds");
        UserRecord record = UserRecord.Observed.of(RandomUsers.observation(random));
        ObjectNode json = (ObjectNode) RecordCodec.mapper().readTree(RecordCodec.write(record));
        json.put("weight", 2).putObject("context").put("device", "phone");
        assertThat(RecordCodec.read(RecordCodec.write(json), UserRecord.class)).isEqualTo(record);

        ObjectNode entry = (ObjectNode) RecordCodec.mapper().readTree(RecordCodec.write(entry()));
        ((ObjectNode) entry.at("/versions/0")).put("trafficShare", 0.5);
        ((ObjectNode) entry.get("training")).put("progress", 0.5);
        entry.put("owner", "me");
        assertThat(RecordCodec.read(RecordCodec.write(entry), CatalogueEntry.class))
                .isEqualTo(entry());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "17",
                "{}",
                "{'type':'observed'}",
                "{'type':'elsewhere','uid':'u'}",
                "{'type':'forgotten'}",
                "{'type':'forgotten','uid':''}",
                "{'type':'withdrawn','uid':'u'}",
                "{'type':'withdrawn','uid':'u','item':null}",
                "{'type':'withdrawn','uid':'u','item':1.5}",
                "{'type':'observed','uid':'u','item':'1','timestamp':1}",
                "{'type':'observed','uid':'u','item':'1','label':null,'timestamp':1}",
                "{'type':'observed','uid':'u','item':'1','label':1}",
                "{'type':'observed','uid':'u','item':'1','label':'NaN','timestamp':1}",
                "{'type':'observed','uid':'u','item':'1','label':1e10,'timestamp':1}",
                "{'type':'observed','uid':'u','item':'1','label':1,'timestamp':9223372036854775807}",
                "{'type':'observed','uid':'u','label':1,'timestamp':1}",
                "{'type':'observed','uid':'u','item':'','label':1,'timestamp':1}",
                "{'type':'observed','uid':'u','item':[1,'label':1}",
                "{'type':'rebased','uid':'u','model':'als','version':0,'manifest':'m'}",
                "{'type':'rebased','uid':'u','model':'als','version':1}",
                "{'type':'rebased','uid':'u','version':1,'manifest':'m'}"
            })
    void whatIsNoUserRecordIsAnIoException(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
        assertThatThrownBy(() -> RecordCodec.read(bytes, UserRecord.class)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'kind':'als','versions':[]}|model",
                "{'model':'als','versions':[]}|kind",
                "{'model':'als','kind':'als'}|versions",
                "{'model':'A','kind':'als','versions':[]}|model must match",
                "{'model':'als','kind':'als','versions':[{'version':0}]}|version must be at least 1",
                "{'model':'als','kind':'als','versions':[{'version':1,'state':'GONE'}]}|GONE",
                "{'model':'als','kind':'als','versions':[{'version':1,'state':'ACTIVE'}]}|manifest"
            })
    void whatIsNoCatalogueEntryIsAnIoException(String json, String message) {
        byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
        assertThatThrownBy(() -> RecordCodec.read(bytes, CatalogueEntry.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private static <T> void assertRoundTrip(T record, Class<T> type) throws IOException {
        assertThat(RecordCodec.read(RecordCodec.write(record), type)).isEqualTo(record);
    }

    private static CatalogueEntry entry() {
        return CatalogueEntry.of("als", ModelKind.ALS)
                .with(new CatalogueEntry.Version(
                        2, VersionState.REJECTED, "models/als/2/manifest.json", NOW, null, "worse"))
                .with(new CatalogueEntry.Version(1, VersionState.ACTIVE, "models/als/1/manifest.json", NOW, NOW, null)
                        .with(Admission.FORCED)
                        .with(new Watermark(3, new LossMoments(2, 1, 1), new PairedLoss(4, 1, 2, 3), 6L))
                        .with(new CatalogueEntry.Origin(
                                TrainingKind.REFRESH, new Cause(Cause.Trigger.DRIFT, "it rose"))))
                .with(new CatalogueEntry.Training(3, NOW, new LogCut(0, Map.of(0, 5L, 1, 7L)), null));
    }
}
