package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.system.fuzz.AnswerJudge;
import io.velox.system.fuzz.ApiDocument;
import io.velox.system.fuzz.ApiOperation;
import io.velox.system.fuzz.RequestPairs;
import io.velox.system.fuzz.Vocabulary;
import io.velox.system.wire.Wire;
import io.velox.system.wire.WireAnswer;
import io.velox.system.wire.WireRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Requests of every operation that the served OpenAPI document has, half of them spoilt, from eight connections at once.
 *
 * <p>{@code -Dvelox.fuzz=} sets the number of requests of each operation, {@code -Dvelox.seed=} repeats them.
 */
@ExtendWith(TrainedVelox.Shared.class)
class ApiFuzzIT {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = Integer.getInteger("velox.fuzz", 2_000);
    private static final Duration QUIET = Duration.ofMinutes(5);

    /** Of versions that may answer before long. */
    private static final Set<String> COMING = Set.of("PUBLISHED", "REBASING", "CANDIDATE");

    private final long seed = Seeds.next();
    private final Map<String, Integer> answers = new ConcurrentSkipListMap<>();
    private final Map<String, Complaint> complaints = new ConcurrentSkipListMap<>();
    private ApiDocument document;
    private RequestPairs pairs;

    private record Task(ApiOperation operation, int number) {}

    /** One of each kind, and how many there were. */
    private record Complaint(int count, String example) {
        Complaint plus(Complaint other) {
            return new Complaint(count + other.count, example);
        }
    }

    @Test
    void everyAnswerIsAsDocumentedAndWhatIsRefusedChangesNothing(TrainedVelox velox) {
        document = ApiDocument.ofYaml(velox.process().api().get("/openapi.yaml").body());
        List<String> items =
                velox.ratings().stream().map(Rating::item).distinct().limit(200).toList();
        pairs = new RequestPairs(document, new Vocabulary(items, TrainedVelox.LINEAR_INPUTS));
        JsonNode bystander = observeBystander(velox);
        Queue<Task> tasks = new ConcurrentLinkedQueue<>(tasks());
        int port = velox.process().port();

        Crowd.each(CLIENTS, client -> () -> {
            AnswerJudge judge = new AnswerJudge(document);
            try (Wire wire = new Wire(port)) {
                for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                    run(task, wire, judge);
                }
            }
            return client;
        });

        System.out.println(REQUESTS + " requests of each operation were answered: " + answers);
        assertThat(complaints.entrySet())
                .as("replay with -Dvelox.seed=%d -Dvelox.fuzz=%d", seed, REQUESTS)
                .isEmpty();
        assertHealthyAndUntouched(velox, bystander);
    }

    private List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (ApiOperation operation : document.operations()) {
            for (int i = 0; i < REQUESTS / 2; i++) {
                tasks.add(new Task(operation, i));
            }
        }
        Collections.shuffle(tasks, new Random(seed));
        return tasks;
    }

    private void run(Task task, Wire wire, AnswerJudge judge) throws IOException {
        RequestPairs.Pair pair = pairs.draw(
                task.operation,
                seed + 1_000_003L * task.number + task.operation.id().hashCode());
        WireAnswer first = wire.send(pair.fit());
        count(task.operation, pair.fit(), first);
        report(task, "as documented", pair.fit(), first.toString(), judge.complaintsOfFit(pair.fit(), first));
        try {
            WireAnswer second = wire.send(pair.spoilt());
            count(task.operation, pair.spoilt(), second);
            List<String> found = first.status() < 300
                    ? judge.complaintsOfSpoilt(pair, task.operation, second)
                    : judge.complaints(pair.spoilt(), second);
            report(task, pair.how().toString(), pair.spoilt(), second.toString(), found);
        } catch (IOException e) {
            answers.merge(task.operation + " none", 1, Integer::sum);
            if (!pair.spoilt().isTruncated()) {
                report(task, pair.how().toString(), pair.spoilt(), e.toString(), List.of("no answer"));
            }
        }
        // Whatever a spoilt request left on its connection is not to spoil the next one.
        wire.close();
    }

    private void count(ApiOperation operation, WireRequest request, WireAnswer answer) {
        boolean isTimeout = AnswerJudge.isTimeout(request, answer);
        answers.merge(operation + " " + answer.status() + (isTimeout ? " (time-out)" : ""), 1, Integer::sum);
    }

    private void report(Task task, String how, WireRequest request, String answer, List<String> found) {
        if (!found.isEmpty()) {
            String example = how + "\n  " + request + "\n  -> " + answer;
            complaints.merge(
                    task.operation + ": " + String.join("; ", found), new Complaint(1, example), Complaint::plus);
        }
    }

    /** A user of both models whom no request names. */
    private static JsonNode observeBystander(TrainedVelox velox) {
        String receipt = "";
        for (String item :
                List.of("[1,2,3]", "[0.5,-1,4]", "\"" + velox.ratings().get(0).item() + "\"")) {
            receipt = velox.process()
                    .api()
                    .post("/v1/observe", "{\"uid\":\"bystander\",\"label\":3,\"item\":" + item + "}")
                    .ok()
                    .get("receipt")
                    .asText();
        }
        return velox.loop().userAfter("bystander", receipt);
    }

    private void assertHealthyAndUntouched(TrainedVelox velox, JsonNode bystander) {
        assertThat(velox.process().management().get("/health/live").status()).isEqualTo(200);
        assertThat(velox.process().management().get("/health/ready").status()).isEqualTo(200);
        int version = Await.value("trainings and activations to end", QUIET, () -> quietVersion(velox));
        JsonNode after = velox.loop().user("bystander");
        assertThat(after.get("history")).isEqualTo(bystander.get("history"));
        assertThat(after.at("/models/linear")).isEqualTo(bystander.at("/models/linear"));
        velox.loop().checkEveryUser("als", version, new TreeMap<>(velox.histories()));
    }

    /** The live version of als, once none is on its way. */
    private static Optional<Integer> quietVersion(TrainedVelox velox) {
        JsonNode model = velox.process().api().get("/v1/models/als").ok();
        boolean isTraining = model.has("training") && !model.at("/training").has("failure");
        for (JsonNode version : model.get("versions")) {
            if (isTraining || COMING.contains(version.get("state").asText())) {
                return Optional.empty();
            }
        }
        return Optional.of(model.get("active").asInt());
    }
}
