package io.velox.core.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Item;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@link UserRecord.Observed} as {@link RecordCodec} has it, token by token: nearly every record of the log is one, and
 * binding costs several times as much.
 */
final class ObservedCodec {
    private static final JsonFactory JSON = RecordCodec.mapper().getFactory();
    private static final String TYPE = "observed";
    private static final SerializedString TYPE_FIELD = new SerializedString("type");

    private @Nullable String uid;
    private @Nullable Item item;
    private @Nullable Double label;
    private @Nullable Long timestamp;
    private @Nullable String id;
    private @Nullable String impression;
    private boolean isObserved;

    private ObservedCodec() {}

    static byte[] write(UserRecord.Observed observed) throws IOException {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(160);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName(TYPE_FIELD);
            json.writeString(TYPE);
            json.writeStringField("uid", observed.uid());
            json.writeFieldName("item");
            if (observed.item().isId()) {
                json.writeString(observed.item().text());
            } else {
                json.writeRawValue(observed.item().text());
            }
            json.writeNumberField("label", observed.label());
            json.writeNumberField("timestamp", observed.timestamp());
            writeIfGiven("id", observed.id(), json);
            writeIfGiven("impression", observed.impression(), json);
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        }
    }

    private static void writeIfGiven(String field, @Nullable String value, JsonGenerator json) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    /** The record, if it is an observation of an item id in the form that {@link #write} gives it; all else is for the binding. */
    static Optional<UserRecord.Observed> readIfPlain(byte[] bytes) throws IOException {
        ObservedCodec read = new ObservedCodec();
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (value == null || !read.take(field, value, json)) {
                    return Optional.empty();
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT ? read.record() : Optional.empty();
        } catch (VeloxException e) {
            return Optional.empty(); // the binding says what is wrong
        }
    }

    private Optional<UserRecord.Observed> record() {
        if (!isObserved || uid == null || item == null || label == null || timestamp == null) {
            return Optional.empty();
        }
        return Optional.of(new UserRecord.Observed(uid, item, label, timestamp, id, impression));
    }

    /** Takes one field in; false where it is not as {@link #write} writes it. */
    private boolean take(String field, JsonToken value, JsonParser json) throws IOException {
        boolean isText = value == JsonToken.VALUE_STRING;
        switch (field) {
            case "label" -> {
                label = value.isNumeric() ? Double.valueOf(json.getDoubleValue()) : null;
                return label != null;
            }
            case "timestamp" -> {
                timestamp = isLong(value, json) ? Long.valueOf(json.getLongValue()) : null;
                return timestamp != null;
            }
            case "type" -> isObserved = isText && json.getText().equals(TYPE);
            case "uid" -> uid = isText ? json.getText() : null;
            case "item" -> item = isText ? Item.ofId(json.getText()) : null;
            case "id" -> id = isText ? json.getText() : null;
            case "impression" -> impression = isText ? json.getText() : null;
            default -> {
                json.skipChildren();
                return true;
            }
        }
        return isText;
    }

    private static boolean isLong(JsonToken value, JsonParser json) throws IOException {
        return value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    }
}
