package io.velox.serving.http;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.serving.access.Keys;
import io.velox.serving.access.Role;
import io.velox.serving.http.Connections.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever is asked, however it ends: of what users sent, nothing is in any log. */
class LogPrivacyTest {
    /** In every part of every request. */
    private static final String MARK = "zebra7";

    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private static final Logger VELOX = (Logger) LoggerFactory.getLogger("io.velox");

    @TempDir
    private Path folder;

    private final Captured captured = new Captured();
    private Level rootLevel = Level.WARN;
    private ApiFixture api;

    private static final class Captured extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            String trace =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLoggerName() + " " + event.getThreadName() + " " + event.getFormattedMessage() + " "
                    + trace);
        }
    }

    @BeforeEach
    void start() {
        api = new ApiFixture(
                new AccessConfiguration(Keys.file(folder).toString(), "", "", false, "127.0.0.1", 0, 100),
                Limits.of(100));
        captured.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        captured.start();
        rootLevel = ROOT.getLevel();
        ROOT.setLevel(Level.INFO); // as in the shipped configurations
        VELOX.setLevel(Level.TRACE);
        ROOT.addAppender(captured);
    }

    @AfterEach
    void stop() {
        ROOT.detachAppender(captured);
        VELOX.setLevel(null);
        ROOT.setLevel(rootLevel);
        api.close();
    }

    @Test
    void nothingThatUsersSentIsLogged() {
        api.users.models.put(MARK, user(MARK, 2, weights(ALS_3, 2, 1, 2, 3)));
        askEverything();
        api.log.isDown = true;
        api.users.failure = new VeloxException(ErrorCode.INTERNAL, "the state of " + MARK + " is damaged");
        askEverything();
        api.users.failure = new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the state of " + MARK + " is away");
        askEverything();

        assertThat(captured.lines)
                .as("failures are told")
                .anyMatch(line -> line.contains("answered 500"))
                .anyMatch(line -> line.contains("answered 503"));
        assertThat(captured.lines).noneMatch(line -> line.contains(MARK) || line.contains("velox_" + Role.ADMIN));
    }

    private void askEverything() {
        for (String path : List.of("/v1/models/als/predict", "/v1/models/als/topk", "/v1/observe", "/v1/" + MARK)) {
            for (String body : bodies()) {
                ask("POST", path, body, "application/json");
            }
            ask("POST", path, bodies().get(0), "text/" + MARK);
        }
        for (String path : List.of(
                "/v1/users/" + MARK,
                "/v1/users/" + MARK + "%",
                "/v1/users/" + MARK + "%00",
                "/v1/users/" + MARK + "?" + MARK + "=1",
                "/v1/users/" + MARK + "?after=" + MARK,
                "/v1/users/" + MARK + "?after=0:2:99&timeoutMs=50",
                "/v1/users/" + MARK + "?version=" + MARK,
                "/v1/users/" + MARK.repeat(3_000),
                "/v1/users/" + MARK + "/items/" + MARK,
                "/v1/users/" + MARK + "/items/%7B%22" + MARK + "%22?data=true",
                "/v1/models/" + MARK,
                "/v1/models/als/items/" + MARK,
                "/v1/models/als/versions/" + MARK)) {
            ask("GET", path, "", MARK);
            ask("DELETE", path, "", MARK);
            ask("PATCH", path, MARK, MARK);
        }
        for (String authorization : List.of(MARK, "Bearer " + MARK, "Basic " + MARK)) {
            api.send("GET", "/v1/users/" + MARK, "", Map.of("Authorization", authorization));
        }
    }

    private void ask(String method, String path, String body, String contentType) {
        Map<String, String> headers = Map.of(
                "Authorization",
                Keys.header(Role.ADMIN),
                "Content-Type",
                contentType,
                "X-Request-Id",
                MARK,
                "Cookie",
                MARK + "=" + MARK);
        api.send(method, path, body, headers);
    }

    private static List<String> bodies() {
        String observation = "{'uid':'%1$s','item':'%1$s','label':4,'id':'%1$s','impression':'%1$s'}";
        return List.of(
                        observation,
                        "[" + observation + "]",
                        "{'uid':'%1$s','item':'1'}",
                        "{'uid':'%1$s','items':['1','%1$s',{'%1$s':1}]}",
                        "{'uid':'%1$s','k':3,'exclude':'seen'}",
                        "{'uid':'%1$s','k':'%1$s'}",
                        "{'uid':'%1$s','item':'1','label':'%1$s'}",
                        "{'uid':'%1$s','item':'1','label':1,'timestamp':'%1$s'}",
                        "{'uid':'%1$s','item':{'%1$s':1e999},'label':1}",
                        "{'%1$s':'%1$s'}",
                        "{'uid':'%1$s','uid':'%1$s'}",
                        "{'uid':'%1$s\u0000','item':'1'}",
                        "{'uid':%1$s}",
                        "%1$s",
                        "'" + "%1$s".repeat(20_000) + "'")
                .stream()
                .map(body -> body.replace('\'', '"').formatted(MARK))
                .toList();
    }
}
