package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;

/** What is rated: an id, or an array of numbers as canonical JSON. */
record RatedItem(String text, boolean isData) {
    static RatedItem ofId(String id) {
        return new RatedItem(id, false);
    }

    /** Of what the API answers, which spells data canonically. */
    static RatedItem ofJson(JsonNode json) {
        return json.isTextual() ? ofId(json.asText()) : new RatedItem(json.toString(), true);
    }

    JsonNode json() {
        return isData ? Api.json(text) : Api.JSON.getNodeFactory().textNode(text);
    }
}
