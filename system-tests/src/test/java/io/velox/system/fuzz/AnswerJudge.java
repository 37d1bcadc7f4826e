package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.system.wire.WireAnswer;
import io.velox.system.wire.WireRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds answers against the document: a status that the operation has, the media type and schema of that status, refusals that name
 * what is wrong, nothing that says that the server failed. For use by one thread.
 */
public final class AnswerJudge {
    private static final String PROBLEM = "application/problem+json";

    /** What any request may come to before it is one of an operation: the document's {@code default}. */
    private static final Set<Integer> OF_HTTP = Set.of(405, 408, 414, 417, 431);

    private final ApiDocument document;
    private final SchemaJudge schemas;

    public AnswerJudge(ApiDocument document) {
        this.document = document;
        this.schemas = new SchemaJudge(document);
    }

    /** What is wrong with the answer to any request, well-formed or not; empty if nothing is. */
    public List<String> complaints(WireRequest request, WireAnswer answer) {
        List<String> complaints = new ArrayList<>();
        if (answer.status() >= 500 && !isTimeout(request, answer) && !isOneImportTooMany(request, answer)) {
            complaints.add("the server failed");
        }
        String path = request.target().split("\\?", 2)[0];
        Optional<ApiOperation> operation = document.at(request.method(), path);
        if (operation.isPresent()) {
            judge(operation.get(), request, answer, complaints);
        } else if (request.method().equals("OPTIONS") && answer.status() == 204) {
            require(!answer.header("allow").isEmpty(), "without the header Allow", complaints);
        } else {
            require(answer.status() >= 400, "nothing is documented here", complaints);
        }
        if (answer.status() >= 400 && answer.status() < 500 && !request.method().equals("HEAD")) {
            judgeRefusal(answer, complaints);
        }
        return complaints;
    }

    /** What is wrong with the answer to a request that fits the document. */
    public List<String> complaintsOfFit(WireRequest request, WireAnswer answer) {
        List<String> complaints = complaints(request, answer);
        boolean isBad = Set.of(400, 405, 408, 413, 414, 415, 417, 431).contains(answer.status());
        if (isBad && !Set.of("INVALID_ITEM", "INVALID_RECEIPT").contains(code(answer))) {
            complaints.add("the request fits the document, but is refused");
        }
        if (answer.status() == 200 && answer.mediaType().equals("application/json")) {
            require(answer.json().path("refused").asInt() == 0, "refuses lines that fit the document", complaints);
        }
        return complaints;
    }

    /** What is wrong with the answer to a spoilt request whose other half was accepted. */
    public List<String> complaintsOfSpoilt(RequestPairs.Pair pair, ApiOperation operation, WireAnswer answer) {
        List<String> complaints = complaints(pair.spoilt(), answer);
        boolean isAccepted = answer.status() < 300;
        if (pair.isStillJson() && isAccepted) {
            schemas.complaint(
                            operation.bodies().get("application/json"),
                            pair.spoilt().text())
                    .ifPresent(why -> complaints.add("accepted, though it does not fit the document: " + why));
        }
        if (answer.status() == 400) {
            String field = answer.json().path("field").asText();
            // the receipt of one user is no other user's
            boolean isOfAnother =
                    pair.how().field().equals("uid") && code(answer).equals("INVALID_RECEIPT");
            require(
                    isOfAnother || pair.how().isNamedBy(field),
                    "names " + field + ", not " + pair.how().field(),
                    complaints);
        }
        if (isAccepted && !pair.lines().isEmpty() && answer.json().has("problems")) {
            answer.json()
                    .get("problems")
                    .forEach(problem -> require(
                            pair.lines().contains(problem.path("line").asLong()),
                            "names line " + problem.path("line") + ", but spoilt were " + pair.lines(),
                            complaints));
        }
        return complaints;
    }

    /** Whether a read waited in vain for a receipt, as it must for one that was made up, or had too little time to begin with. */
    public static boolean isTimeout(WireRequest request, WireAnswer answer) {
        if (answer.status() != 503) {
            return false;
        }
        String said = request.target() + request.text();
        if (request.method().equals("HEAD")) { // which has no body to say why
            return said.contains("timeoutMs");
        }
        return (code(answer).equals("RECEIPT_TIMEOUT") && said.contains("after"))
                || (code(answer).equals("STATE_UNAVAILABLE") && said.contains("timeoutMs"));
    }

    /** As documented: imports that were broken off may take a moment to end. */
    private static boolean isOneImportTooMany(WireRequest request, WireAnswer answer) {
        return answer.status() == 503
                && request.target().startsWith("/v1/observe/bulk")
                && code(answer).equals("OVERLOADED");
    }

    private void judge(ApiOperation operation, WireRequest request, WireAnswer answer, List<String> complaints) {
        JsonNode response = operation.responses().get(Integer.toString(answer.status()));
        if (response == null && OF_HTTP.contains(answer.status())) {
            response = operation.responses().get("default");
        }
        if (response == null) {
            complaints.add("the status is not documented for " + operation);
            return;
        }
        if (request.method().equals("HEAD")) {
            return;
        }
        String due = answer.status() == 503 ? "retry-after" : answer.status() == 405 ? "allow" : "";
        require(due.isEmpty() || !answer.header(due).isEmpty(), "without the header " + due, complaints);
        JsonNode content = response.path("content").path(answer.mediaType());
        if (content.isMissingNode()) {
            complaints.add("the media type is not documented for " + operation);
        } else if (answer.mediaType().endsWith("json")) {
            schemas.complaint(content.get("schema"), answer.body())
                    .ifPresent(why -> complaints.add("does not fit its schema: " + why));
        }
    }

    private void judgeRefusal(WireAnswer answer, List<String> complaints) {
        if (!answer.mediaType().equals(PROBLEM)) {
            complaints.add("a refusal that is no problem document");
            return;
        }
        schemas.complaint(document.schema("Problem"), answer.body())
                .ifPresent(why -> complaints.add("no problem as documented: " + why));
        JsonNode problem = answer.json();
        require(problem.path("status").asInt() == answer.status(), "another status inside", complaints);
        require(!problem.path("field").asText().isEmpty(), "names no field", complaints);
        require(!problem.path("detail").asText().isEmpty(), "says nothing", complaints);
    }

    private static String code(WireAnswer answer) {
        return answer.mediaType().equals(PROBLEM) ? answer.json().path("code").asText() : "";
    }

    private static void require(boolean holds, String otherwise, List<String> complaints) {
        if (!holds) {
            complaints.add(otherwise);
        }
    }
}
