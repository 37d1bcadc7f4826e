package io.velox.core.log;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The JSON form of {@link UserRecord}, {@link CatalogueEntry}, {@link HealthRecord}, {@link NodeRecord} and {@link ItemRecord}: readable with
 * any Kafka tool, and open to new fields, which older readers pass over.
 */
public final class RecordCodec {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModules(new JavaTimeModule(), new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private RecordCodec() {}

    /** The mapper for all of Velox's own JSON: ISO times, absent instead of null. */
    public static ObjectMapper mapper() {
        return JSON;
    }

    public static byte[] write(Object record) {
        try {
            return record instanceof UserRecord.Observed observed
                    ? ObservedCodec.write(observed)
                    : JSON.writeValueAsBytes(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one record; an {@link IOException} means that the bytes are no such record. */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        if (type == UserRecord.class) {
            Optional<UserRecord.Observed> observed = ObservedCodec.readIfPlain(json);
            if (observed.isPresent()) {
                return type.cast(observed.get());
            }
        }
        T value = JSON.readValue(json, type);
        if (value == null) {
            throw new IOException("expected a " + type.getSimpleName() + ", but got the JSON value null");
        }
        return value;
    }
}
