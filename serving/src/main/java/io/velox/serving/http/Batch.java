package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.VeloxException;
import io.velox.serving.predict.CpuPool;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Several requests in one body: {@code {"requests":[…]}}. All are checked before any is answered; they are answered in no order, and the
 * answers stand in that of the requests. Where one cannot be answered, none is.
 */
final class Batch {
    static final String NAME = "requests";
    static final int MOST = 1000;

    private Batch() {}

    /** In the order of the requests. */
    record Answers(List<PredictAnswer> answers) {}

    static boolean is(JsonNode body) {
        return body.isObject() && body.has(NAME);
    }

    /**
     * @param cpu where the requests are answered
     * @param reader reads one request, given its place in the body
     */
    static <R> Future<Reply> answer(
            CpuPool cpu,
            Call call,
            JsonNode body,
            BiFunction<String, JsonNode, R> reader,
            Function<R, CompletableFuture<PredictAnswer>> answer) {
        List<JsonNode> given = Fields.of("body", body, Set.of(NAME)).elements(NAME, MOST);
        List<R> requests = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            requests.add(reader.apply(place(i), given.get(i)));
        }
        // Each may be little, and all of them more than an event loop may be held up for.
        return call.await(cpu.submit(() -> begin(requests, answer)).thenCompose(Batch::all));
    }

    private static String place(int i) {
        return NAME + "[" + i + "]";
    }

    private static <R> List<CompletableFuture<PredictAnswer>> begin(
            List<R> requests, Function<R, CompletableFuture<PredictAnswer>> answer) {
        List<CompletableFuture<PredictAnswer>> answers = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            String place = place(i);
            answers.add(CompletableFuture.completedFuture(requests.get(i))
                    .thenCompose(answer)
                    .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(inside(place, thrown))));
        }
        return answers;
    }

    /** The same failure, its field named from the body's root. */
    private static Throwable inside(String place, Throwable thrown) {
        Throwable cause = Problem.cause(thrown);
        return cause instanceof VeloxException e && e.field().isPresent()
                ? VeloxException.ofField(e.code(), place + "." + e.field().get(), place + ": " + e.getMessage())
                : cause;
    }

    private static CompletableFuture<Reply> all(List<CompletableFuture<PredictAnswer>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> Reply.ok(new Answers(
                        answers.stream().map(CompletableFuture::join).toList())));
    }
}
