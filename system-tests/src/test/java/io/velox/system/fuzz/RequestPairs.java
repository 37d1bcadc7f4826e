package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.velox.system.wire.WireRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Draws, of an operation and a seed, a request that fits the document, and the same one spoilt in one way. Immutable. */
public final class RequestPairs {
    private static final int MOST_LINES = 12;
    private static final int MOST_BYTES = 5_000_000;

    private final ApiDocument document;
    private final Vocabulary vocabulary;

    public RequestPairs(ApiDocument document, Vocabulary vocabulary) {
        this.document = document;
        this.vocabulary = vocabulary;
    }

    /**
     * The two requests.
     *
     * @param lines the numbers of the spoilt lines, where the body is a stream of them
     * @param isStillJson whether the spoilt body is JSON for all that, so that the schema can judge it
     */
    public record Pair(WireRequest fit, WireRequest spoilt, Spoilt how, Set<Long> lines, boolean isStillJson) {}

    public Pair draw(ApiOperation operation, long seed) {
        Random random = new Random(seed);
        String model = vocabulary.model(random, operation);
        Draft draft = fit(operation, model, random);
        WireRequest fit = draft.request();
        if (random.nextInt(1000) == 0 && !draft.body.isNone()) {
            draft.body = new Draft.Body(draft.body.mediaType(), List.of(), " ".repeat(MOST_BYTES));
            return new Pair(fit, draft.request(), Spoilt.anywhere("a body of 5 MB"), Set.of(), false);
        }
        boolean spoilsValues = !draft.body.lines().isEmpty() && random.nextInt(3) > 0;
        if (!spoilsValues) {
            Spoilt how = new WireSpoiler(random).spoil(draft);
            return new Pair(fit, draft.request(), how, Set.of(), false);
        }
        return spoilValues(fit, draft, random);
    }

    private static Pair spoilValues(WireRequest fit, Draft draft, Random random) {
        List<JsonNode> lines = new ArrayList<>(draft.body.lines());
        Set<Long> spoilt = new TreeSet<>();
        Spoilt how = Spoilt.anywhere("nothing");
        for (int i = 0; i < (lines.size() == 1 ? 1 : 2); i++) {
            int line = random.nextInt(lines.size());
            JsonSpoiler.Result result = new JsonSpoiler(random).spoil(lines.get(line));
            lines.set(line, result.json());
            spoilt.add(firstLine(draft) + line);
            how = result.spoilt();
        }
        draft.body = BodyForm.of(draft.body.mediaType()).body(draft.body.mediaType(), lines);
        boolean isJson = draft.body.mediaType().equals("application/json");
        return new Pair(fit, draft.request(), isJson ? how : Spoilt.anywhere("lines " + spoilt), spoilt, isJson);
    }

    /** The number of the first line with a value. */
    private static long firstLine(Draft draft) {
        return draft.query.stream()
                .filter(parameter -> parameter.startsWith("first-line="))
                .map(parameter -> Long.valueOf(parameter.substring("first-line=".length())))
                .findFirst()
                .orElse(draft.body.mediaType().equals("text/csv") ? 2L : 1L);
    }

    private Draft fit(ApiOperation operation, String model, Random random) {
        Samples samples = samples(model.equals("linear"), random);
        boolean isGzip = false;
        Map<String, String> path = new LinkedHashMap<>();
        List<String> query = new ArrayList<>();
        for (ApiOperation.Parameter parameter : operation.parameters()) {
            JsonNode value = parameter.name().equals("model")
                    ? JsonNodeFactory.instance.textNode(model)
                    : samples.sample(parameter.name(), parameter.schema());
            String text = encoded(value);
            if (parameter.isIn("path")) {
                path.put(parameter.name(), text);
            } else if (parameter.isIn("query") && (parameter.isRequired() || random.nextInt(3) == 0)) {
                query.add(parameter.name() + "=" + text);
            } else if (parameter.name().equals("Content-Encoding")) {
                isGzip = text.equals("gzip");
            }
        }
        if (query.stream().anyMatch(given -> given.startsWith("after="))) {
            query.removeIf(given -> given.startsWith("timeoutMs="));
            query.add("timeoutMs=" + vocabulary.shortTimeout(new Vocabulary.Context(random, false)));
        }
        Draft draft = new Draft(operation, path);
        draft.query.addAll(query);
        if (!operation.bodies().isEmpty()) {
            List<String> types = List.copyOf(operation.bodies().keySet());
            String type = types.get(random.nextInt(types.size()));
            boolean isComputed = model.equals("linear") && !type.equals("text/csv");
            draft.body = body(type, operation.bodies().get(type), samples(isComputed, random), random);
            draft.isGzip = isGzip;
        }
        return draft;
    }

    private Draft.Body body(String type, JsonNode schema, Samples samples, Random random) {
        BodyForm form = BodyForm.of(type);
        List<JsonNode> lines = new ArrayList<>();
        int count = form == BodyForm.JSON ? 1 : 1 + random.nextInt(MOST_LINES);
        for (int i = 0; i < count; i++) {
            lines.add(samples.sample("", form == BodyForm.JSON ? schema : document.schema("Observation")));
        }
        return form.body(type, lines);
    }

    private Samples samples(boolean isComputed, Random random) {
        return new Samples(document, vocabulary, new Vocabulary.Context(random, isComputed));
    }

    private static String encoded(JsonNode value) {
        String text = value.isContainerNode() ? value.toString() : value.asText();
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
