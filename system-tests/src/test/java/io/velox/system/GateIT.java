package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A version that was trained on labels that somebody shuffled, as one story with live traffic all the while: the gate refuses it; forced
 * to go live, it is taken back without anybody's doing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GateIT {
    private static final int TRAINED = 20_000;
    private static final int LIVE = 40_000;
    private static final Duration TRAINING = Duration.ofMinutes(4);
    private static final Duration JUDGEMENT = Duration.ofMinutes(2);

    private Path folder;
    private List<Rating> trained;
    private VeloxProcess velox;
    private Loop loop;
    private Catalogue als;
    private LiveTraffic traffic;

    @BeforeAll
    void aLiveVersion(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Path configuration = Files.writeString(folder.resolve("velox.yaml"), """
                lifecycle:
                  gate: {live-observations: 1000, patience-seconds: 300}
                  rollback: {observations: 500}
                  staleness: {ratio: 0, drift-threshold: 0}
                models:
                  als: {kind: als, rank: 10, regularization: 0.1, iterations: 6, item-bias: true, prior: gaussian}
                """);
        velox = VeloxProcess.start(folder.resolve("data"), "file", configuration, Map.of());
        loop = new Loop(velox.api());
        als = new Catalogue(velox.api(), "als");
        List<Rating> ratings = Ratings.ofPopularItems(20, new Random(7));
        trained = ratings.subList(0, TRAINED);
        loop.observe(trained);
        assertThat(loop.retrain("als")).isEqualTo(1);
        // The training has waited for the archive of all of them.
        assertThat(DoctoredArchive.shuffleLabels(folder.resolve("data/store"), new Random(8)))
                .isEqualTo(TRAINED);
        assertThat(als.retrain()).isEqualTo(2);
        traffic = LiveTraffic.start(loop, ratings.subList(TRAINED, TRAINED + LIVE), 500);
    }

    @AfterAll
    void end() {
        velox.close();
    }

    @Test
    @Order(1)
    void theGateRefusesWhatIsWorseOnLiveTrafficAndSaysByHowMuch() {
        JsonNode refused = als.awaitState(2, "REFUSED", TRAINING);
        assertThat(refused.get("reason").asText())
                .contains("worse than the live version")
                .containsPattern("error \\d\\.\\d{4} against \\d\\.\\d{4} on \\d{4,} live observations");
        assertThat(als.active()).isEqualTo(1);
        Answer answer = als.activate(2, false);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().get("code").asText()).isEqualTo("VERSION_REFUSED");
        System.out.println("refused: " + refused.get("reason").asText());
    }

    @Test
    @Order(2)
    void forcedItGoesLiveAndIsTakenBackByItself() {
        assertThat(als.activate(2, true).status()).isEqualTo(202);
        Await.until(
                "version 2 to have been live", JUDGEMENT, () -> als.history(2).contains("LIVE"));
        JsonNode takenBack = als.awaitState(2, "REFUSED", JUDGEMENT);
        assertThat(takenBack.get("reason").asText())
                .startsWith("rolled back: ")
                .containsPattern("on \\d{3,} live observations was \\d\\.\\d{4}, the previous version's \\d\\.\\d{4}");
        assertThat(takenBack.get("admission").asText()).isEqualTo("FORCED");
        assertThat(als.active()).isEqualTo(1);
        System.out.println("rolled back: " + takenBack.get("reason").asText());
    }

    @Test
    @Order(3)
    void theHistoryTellsItAll() {
        Await.until("the last event to be taken into the history", JUDGEMENT, () -> als.history(2)
                .contains("ROLLED_BACK"));
        assertThat(als.history(2))
                .containsSubsequence(
                        "TRAINING",
                        "PUBLISHED",
                        "LOADED",
                        "JUDGED",
                        "REFUSED",
                        "PUBLISHED",
                        "LOADED",
                        "LIVE",
                        "ROLLED_BACK");
        JsonNode events = als.events(2);
        JsonNode check = events.findValue("checks").get(0);
        assertThat(check.get("name").asText()).isEqualTo("live");
        assertThat(check.get("passed").asBoolean()).isFalse();
        assertThat(check.get("candidate").asDouble())
                .isGreaterThan(1.02 * check.get("live").asDouble());
        assertThat(check.get("count").asInt()).isGreaterThanOrEqualTo(1000);
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.get("detail").asText()).startsWith("rolled back: ");
        assertThat(als.history(1)).containsSubsequence("LIVE", "REPLACED", "LIVE");
    }

    @Test
    @Order(4)
    void noObservationWasLostOnTheWay() {
        traffic.close();
        List<Rating> live = traffic.sentRatings();
        System.out.println(live.size() + " observations while the versions changed");
        loop.checkEveryUser("als", 1, Histories.of(List.of(trained, live)));
    }
}
