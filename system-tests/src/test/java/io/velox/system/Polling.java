package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A client that asks for one prediction again and again, on a thread of its own, and minds who answers. */
final class Polling implements AutoCloseable {
    private final Api api;
    private final String path;
    private final String body;
    private final int version;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "polling");
    private int answers;

    private Polling(Api api, String model, String uid, String item, int version) {
        this.api = api;
        this.path = "/v1/models/" + model + "/predict";
        this.body =
                Api.JSON.createObjectNode().put("uid", uid).put("item", item).toString();
        this.version = version;
    }

    /** Begins to ask; every answer must be one of the given version. */
    static Polling start(Api api, String model, String uid, String item, int version) {
        Polling polling = new Polling(api, model, uid, item, version);
        polling.thread.start();
        return polling;
    }

    private void run() {
        try {
            while (!isOver.get()) {
                JsonNode answer = api.post(path, body).ok();
                if (answer.get("version").asInt() != version) {
                    throw new AssertionError("answered from version " + answer.get("version"));
                }
                answers++;
            }
        } catch (AssertionError | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Ends it, and fails if an answer failed or came from another version. */
    @Override
    public void close() {
        isOver.set(true);
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        if (failure.get() != null || thread.isAlive() || answers == 0) {
            throw new AssertionError("after " + answers + " answers of version " + version, failure.get());
        }
    }
}
