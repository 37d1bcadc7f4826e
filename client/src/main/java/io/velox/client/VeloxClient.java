package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.client.Transport.Call;
import io.velox.client.Transport.Upload;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Velox from Java: one method per call of the REST API. Safe for use from any thread; methods block until the answer is there.
 *
 * <p>Every method throws {@link VeloxClientException} when the server refuses or does not answer. Reads are tried again for some
 * seconds while the server is away or overloaded; observations only when they carry an id or cannot have arrived.
 */
public final class VeloxClient {
    private static final Duration READ = Duration.ofSeconds(30);
    private static final Duration WRITE = Duration.ofSeconds(60);

    private final Transport transport;

    /**
     * A client of the API at an address.
     *
     * @param api such as {@code http://127.0.0.1:8080}
     */
    public VeloxClient(URI api) {
        this(api, Credentials.NONE);
    }

    /**
     * A client that shows a key, or trusts a certificate of its own.
     *
     * @param api such as {@code https://velox.example:8080}
     */
    public VeloxClient(URI api, Credentials credentials) {
        if (api.getHost() == null || api.getScheme() == null || !api.getScheme().startsWith("http")) {
            throw new IllegalArgumentException(
                    "the address must look like http://127.0.0.1:8080, but is '" + api + "'");
        }
        this.transport = new Transport(api, credentials);
    }

    /** The scores of items; those that the version does not know are named in the answer. */
    public Predictions predict(String model, PredictRequest request) {
        return transport.send(read("POST", pathOf(model) + "/predict", request), Predictions.class);
    }

    /** The user's best items, exactly. */
    public TopItems topK(String model, TopKRequest request) {
        return transport.send(read("POST", pathOf(model) + "/topk", request), TopItems.class);
    }

    /** Tells what a user did; returns the receipt. */
    public String observe(Observation observation) {
        Call call = new Call("POST", "/v1/observe", observation, WRITE, observation.id() != null);
        return transport.send(call).path("receipt").asText();
    }

    /** Tells what users did, in one request that is accepted as a whole; returns the receipts in the same order. */
    public List<String> observe(List<Observation> observations) {
        boolean named = observations.stream().allMatch(o -> o.id() != null);
        JsonNode answer = transport.send(new Call("POST", "/v1/observe", observations, WRITE, named));
        List<String> receipts = new ArrayList<>(observations.size());
        answer.path("receipts").forEach(receipt -> receipts.add(receipt.asText()));
        if (receipts.size() != observations.size()) {
            throw new VeloxClientException(
                    200,
                    "NOT_VELOX",
                    null,
                    observations.size() + " observations were answered with " + receipts.size() + " receipts",
                    true,
                    null);
        }
        return receipts;
    }

    /**
     * Tells what users did, a line each, by the stream: nothing is kept but what is on its way. Lines that are no observations are
     * refused and stop nothing.
     *
     * <p>What breaks off is tried again for some seconds only if it has a name; else {@link VeloxClientException#firstLine} says
     * where to go on.
     *
     * @param lines asked for a new stream from the beginning for each attempt
     */
    public BulkResult observeBulk(BulkRequest request, Supplier<? extends InputStream> lines) {
        StringBuilder path = new StringBuilder("/v1/observe/bulk");
        request.name().ifPresent(name -> path.append(path("?name=", name)));
        request.firstLine().ifPresent(line -> path.append(request.name().isPresent() ? "&" : "?")
                .append("first-line=")
                .append(line));
        Upload upload = new Upload(lines, request.format().mediaType(), request.isGzip());
        boolean named = request.name().isPresent();
        return transport.send(new Call("POST", path.toString(), upload, request.timeout(), named), BulkResult.class);
    }

    /** Every model of the catalogue. */
    public List<Model> models() {
        JsonNode answer = transport.send(read("GET", "/v1/models", null));
        List<Model> models = new ArrayList<>();
        (answer.isArray() ? answer : answer.path("models")).forEach(m -> models.add(transport.read(m, Model.class)));
        return models;
    }

    /** One model: its versions, which one is active, whether it is being trained. */
    public Model model(String name) {
        return transport.send(read("GET", path("/v1/models/", name), null), Model.class);
    }

    /** The versions of a model, in ascending order. */
    public List<Model.Version> versions(String model) {
        JsonNode answer = transport.send(read("GET", pathOf(model) + "/versions", null));
        List<Model.Version> versions = new ArrayList<>();
        (answer.isArray() ? answer : answer.path("versions"))
                .forEach(v -> versions.add(transport.read(v, Model.Version.class)));
        return versions;
    }

    /** What a version is: prior, noise, metrics. */
    public Manifest manifest(String model, int version) {
        return transport.send(read("GET", pathOf(model) + "/versions/" + version, null), Manifest.class);
    }

    /** What happened to a version, as the server words it. */
    public JsonNode history(String model, int version) {
        return transport.send(read("GET", pathOf(model) + "/versions/" + version + "/history", null));
    }

    /** The features and offset of an item in one version. */
    public ItemFeatures item(String model, String item, int version) {
        return transport.send(
                read("GET", path(pathOf(model) + "/items/", item) + "?version=" + version, null), ItemFeatures.class);
    }

    /**
     * Registers items with what is known of them, in one request that is accepted as a whole; returns their revisions in the same order.
     * Registering an item again replaces its metadata.
     */
    public List<Long> register(String model, List<ItemRegistration> items) {
        JsonNode answer = transport.send(new Call("POST", pathOf(model) + "/items", items, WRITE, true));
        List<Long> revisions = new ArrayList<>(items.size());
        answer.path("revisions").forEach(revision -> revisions.add(revision.asLong()));
        return revisions;
    }

    /** Takes the registration of an item back. */
    public void unregister(String model, String item) {
        transport.send(new Call("DELETE", path(pathOf(model) + "/items/", item), null, WRITE, true));
    }

    /** Loss and staleness of a model, as the server words them. */
    public JsonNode health(String model) {
        return transport.send(read("GET", pathOf(model) + "/health", null));
    }

    /** A user's weights in the active versions, loss and history. */
    public UserState user(String uid) {
        return transport.send(read("GET", path("/v1/users/", uid), null), UserState.class);
    }

    /**
     * The same, no older than the observation with this receipt.
     *
     * @throws VeloxClientException {@code RECEIPT_TIMEOUT} if the server cannot know it in time
     */
    public UserState userAfter(String uid, String receipt) {
        return transport.send(read("GET", path("/v1/users/", uid) + path("?after=", receipt), null), UserState.class);
    }

    /** A user's weights in another loaded version. */
    public UserState userIn(String uid, int version) {
        return transport.send(read("GET", path("/v1/users/", uid) + "?version=" + version, null), UserState.class);
    }

    /** Starts a training on everything observed so far; returns the number of the version to come. */
    public int retrain(String model) {
        return retrain(model, "full");
    }

    /** Starts a training that goes on from the live version; returns the number of the version to come. */
    public int refresh(String model) {
        return retrain(model, "refresh");
    }

    private int retrain(String model, String kind) {
        Call call = new Call("POST", pathOf(model) + "/retrain?kind=" + kind, null, WRITE, false);
        return transport.send(call).path("training").path("version").asInt();
    }

    /** Makes a version the one that answers; one that is not loaded is loaded and rebased first, after this call has returned. */
    public Model activate(String model, int version) {
        return activate(model, version, false);
    }

    /** The same; by force also a version that was judged worse. */
    public Model activate(String model, int version, boolean force) {
        String path = pathOf(model) + "/versions/" + version + "/activate" + (force ? "?force=true" : "");
        Call call = new Call("POST", path, null, WRITE, true);
        return transport.send(call, Model.class);
    }

    /** Forgets all about a user; a read with the receipt that is returned no longer knows anything. */
    public Forgotten forget(String uid) {
        return transport.send(new Call("DELETE", path("/v1/users/", uid), null, WRITE, true), Forgotten.class);
    }

    /** Takes back what a user did with one item. */
    public Forgotten withdraw(String uid, String item) {
        Call call = new Call("DELETE", path(path("/v1/users/", uid) + "/items/", item), null, WRITE, true);
        return transport.send(call, Forgotten.class);
    }

    private static Call read(String method, String path, @Nullable Object body) {
        return new Call(method, path, body, READ, true);
    }

    private static String pathOf(String name) {
        return path("/v1/models/", name);
    }

    private static String path(String prefix, String segment) {
        return prefix + URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
