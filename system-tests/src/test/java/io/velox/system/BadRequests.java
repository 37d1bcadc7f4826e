package io.velox.system;

import java.util.List;

/** Requests that must be refused, each with the status and the field that the refusal must name. */
final class BadRequests {
    private BadRequests() {}

    record Case(String method, String path, String contentType, String body, int status, String field) {
        @Override
        public String toString() {
            String shown = body == null ? "" : " " + (body.length() > 60 ? body.substring(0, 60) + "…" : body);
            return method + " " + path + shown;
        }
    }

    static List<Case> all() {
        String predict = "/v1/models/als/predict";
        String topk = "/v1/models/als/topk";
        String observe = "/v1/observe";
        String longId = "x".repeat(257);
        return List.of(
                post("/v1/models/nosuch/predict", "{'uid':'1','item':'1'}", 404, "model"),
                post("/v1/models/nosuch/retrain", "{}", 404, "model"),
                get("/v1/models/nosuch", 404, "model"),
                get("/v1/models/als/versions/99", 404, "version"),
                get("/v1/models/als/versions/x", 400, "version"),
                get("/v1/models/als/versions/0", 400, "version"),
                get("/v1/models/als/items/1?version=99", 404, "version"),
                get("/v1/models/als/items/no-such-item", 404, "item"),
                post("/v1/models/als/versions/99/activate", "{}", 404, "version"),
                post(predict, "{'uid':'1','item':'no-such-item'}", 404, "item"),
                post(predict, "{'uid':'1'}", 400, "item"),
                post(predict, "{'item':'1'}", 400, "uid"),
                post(predict, "{'uid':'','item':'1'}", 400, "uid"),
                post(predict, "{'uid':'" + longId + "','item':'1'}", 400, "uid"),
                post(predict, "{'uid':'1','item':''}", 400, "item"),
                post(predict, "{'uid':'1','item':'" + longId + "'}", 400, "item"),
                post(predict, "{'uid':1.5,'item':'1'}", 400, "uid"),
                post(predict, "{'uid':null,'item':'1'}", 400, "uid"),
                post(predict, "{'uid':{'a':1},'item':'1'}", 400, "uid"),
                post(predict, "{'uid':'1','item':true}", 400, "item"),
                post(predict, "{'uid':'1','item':[1,2,3]}", 400, "item"),
                post(predict, "{'uid':'1','items':'1'}", 400, "items"),
                post(predict, "{'uid':'1','items':['1',null]}", 400, "items[1]"),
                post(predict, "{'uid':'1','item':'1','nosuch':1}", 400, "nosuch"),
                post(predict, "{'uid':'1','item':'1','after':'nonsense'}", 400, "after"),
                post(predict, "{'uid':'1','item':'1','timeoutMs':-1}", 400, "timeoutMs"),
                post("/v1/models/linear/predict", "{'uid':'1','item':[1,2]}", 400, "item"),
                post("/v1/models/linear/predict", "{'uid':'1','item':'1'}", 400, "item"),
                post("/v1/models/linear/predict", "{'uid':'1','item':[1,2,1e400]}", 400, "item"),
                post("/v1/models/linear/topk", "{'uid':'1','k':3}", 400, "items"),
                post("/v1/models/linear/retrain", "{}", 409, "model"),
                post(topk, "{'uid':'1','k':0}", 400, "k"),
                post(topk, "{'uid':'1','k':-1}", 400, "k"),
                post(topk, "{'uid':'1','k':1000000000}", 422, "k"),
                post(topk, "{'uid':'1','k':1.5}", 400, "k"),
                post(topk, "{'uid':'1','k':'ten'}", 400, "k"),
                post(topk, "{'uid':'1','k':5,'exclude':'unseen'}", 400, "exclude"),
                post(observe, "{'uid':'1','item':'1'}", 400, "label"),
                post(observe, "{'uid':'1','item':'1','label':'good'}", 400, "label"),
                post(observe, "{'uid':'1','item':'1','label':NaN}", 400, "label"),
                post(observe, "{'uid':'1','item':'1','label':1e999}", 400, "label"),
                post(observe, "{'uid':'1','item':'1','label':null}", 400, "label"),
                post(observe, "{'uid':'1','item':'1','label':1,'timestamp':'yesterday'}", 400, "timestamp"),
                post(observe, "{'uid':'1','item':[1,2,3,4,5,6],'label':1}", 400, "item"),
                post(observe, "[{'uid':'1','item':'1','label':1},{'uid':'1','item':'1'}]", 400, "[1].label"),
                post(observe, "'text'", 400, "body"),
                post(observe, "{'uid':'1','item':'1','label':", 400, "label"),
                post(observe, "", 400, "body"),
                post(observe, "[".repeat(100_000), 400, "[0]".repeat(33)),
                post(observe, "{'uid':'" + "x".repeat(5_000_000) + "'}", 413, "body"),
                post("/v1/nosuch", "{}", 404, "path"),
                get("/v2/models", 404, "path"),
                get(predict, 405, "method"),
                new Case("DELETE", "/v1/models/als", null, null, 405, "method"),
                new Case("PUT", observe, "application/json", "{}", 405, "method"),
                new Case(
                        "POST",
                        observe,
                        "text/plain",
                        "{\"uid\":\"1\",\"item\":\"1\",\"label\":1}",
                        415,
                        "Content-Type"));
    }

    private static Case get(String path, int status, String field) {
        return new Case("GET", path, null, null, status, field);
    }

    private static Case post(String path, String body, int status, String field) {
        return new Case("POST", path, "application/json", body.replace('\'', '"'), status, field);
    }
}
