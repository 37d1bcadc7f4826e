package io.velox.system.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils what is around the values of a request: bytes of the body, path, query, method, headers. For use by one thread. */
final class WireSpoiler {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW", "M-SEARCH");
    private static final List<String> SEGMENTS = List.of(
            "%",
            "%zz",
            "%C3%28",
            "%00",
            "%FF",
            "..",
            ".",
            "%2e%2e",
            "%2F",
            "a%2Fb",
            "",
            "+",
            "%20",
            "%EF%BC%91",
            "0",
            "-1",
            "+1",
            "1.5",
            "1e3",
            "99999999999",
            "2147483648",
            "null",
            "%7B%7D",
            "%5B1,2",
            "%22",
            "ü",
            "\u0001",
            "%ED%A0%80",
            "%F0%9F%98%80",
            "a;b=c",
            "%25",
            "%0d%0aX:1",
            "*",
            "'%22--");
    private static final List<String> QUERIES = List.of(
            "nosuch=1",
            "nosuch",
            "=",
            "&&&",
            "%zz=1",
            "version=0",
            "version=1&version=2",
            "version=",
            "version=1e2",
            "version=99999",
            "after=x",
            "after=0:0:",
            "after=-1:0:0",
            "after=9:9:9",
            "after=0%3A0%3A999999999999999999",
            "timeoutMs=0",
            "timeoutMs=-5",
            "timeoutMs=60001",
            "timeoutMs=abc",
            "data=maybe",
            "data=TRUE",
            "%00=%00",
            "a=%C3%28",
            "uid=1",
            "ü=1",
            "name=",
            "first-line=0",
            "first-line=x",
            "first-line=1&first-line=1");
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/xml",
            "application/json; charset=iso-8859-1",
            "application/json; charset=\"utf-8\"",
            "application/json;",
            "APPLICATION/JSON",
            "application/jsonp",
            "multipart/form-data; boundary=x",
            "",
            ";;;",
            "application/x-www-form-urlencoded",
            "text/csv",
            "application/x-ndjson",
            "application/json, text/csv",
            "ü");
    private static final List<String> HEADERS = List.of(
            "Accept: image/png",
            "Accept-Encoding: gzip, br",
            "Range: bytes=0-1",
            "If-None-Match: *",
            "Connection: close",
            "X-HTTP-Method-Override: DELETE",
            "Content-Encoding: gzip",
            "Content-Encoding: identity",
            "Expect: 100-continue",
            "Expect: nonsense",
            "Authorization: Bearer nothing",
            "Authorization: Basic !!!",
            "Cookie: a=b; c",
            "Upgrade: websocket",
            "Transfer-Encoding: gzip",
            "Content-Length: abc",
            "Content-Length: -1",
            "Content-Length: 5",
            "No colon",
            ": no name",
            "Bad name: x",
            "X-Control: a\u0001b",
            "X-Long: " + "x".repeat(9_000),
            "X-Longer: " + "x".repeat(100_000),
            "Host: elsewhere",
            "Origin: http://evil.example",
            " folded",
            "X-Latin: \u00fc");

    private final Random random;

    WireSpoiler(Random random) {
        this.random = random;
    }

    Spoilt spoil(Draft draft) {
        boolean hasBody = !draft.body.isNone();
        int choice = random.nextInt(hasBody ? 8 : 4);
        return switch (choice) {
            case 0 -> spoilMethod(draft);
            case 1 -> draft.path.isEmpty() ? spoilQuery(draft) : spoilPath(draft);
            case 2 -> spoilQuery(draft);
            case 3 -> spoilHeaders(draft);
            case 4 -> spoilType(draft);
            case 5 -> truncate(draft);
            default -> spoilBytes(draft);
        };
    }

    private Spoilt spoilMethod(Draft draft) {
        draft.method = any(METHODS);
        return Spoilt.anywhere("method " + draft.method);
    }

    private Spoilt spoilPath(Draft draft) {
        List<String> names = new ArrayList<>(draft.path.keySet());
        String name = any(names);
        String segment = random.nextInt(20) == 0 ? "z".repeat(random.nextInt(10_000)) : any(SEGMENTS);
        draft.path.put(name, random.nextInt(6) == 0 ? draft.path.get(name) + "/" + segment : segment);
        return Spoilt.anywhere("path parameter " + name);
    }

    private Spoilt spoilQuery(Draft draft) {
        draft.query.add(random.nextInt(30) == 0 ? "q" + "x".repeat(random.nextInt(10_000)) + "=1" : any(QUERIES));
        return Spoilt.anywhere("query " + draft.query);
    }

    private Spoilt spoilHeaders(Draft draft) {
        int count = random.nextInt(10) == 0 ? 300 : 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            draft.headers.add(any(HEADERS));
        }
        return Spoilt.anywhere("headers");
    }

    private Spoilt spoilType(Draft draft) {
        draft.body = new Draft.Body(any(TYPES), List.of(), draft.body.text());
        return Spoilt.anywhere("media type " + draft.body.mediaType());
    }

    private Spoilt truncate(Draft draft) {
        draft.missingBytes = 1 + random.nextInt(1000);
        return Spoilt.anywhere("body cut off by the connection's end");
    }

    private Spoilt spoilBytes(Draft draft) {
        if (draft.isGzip && random.nextBoolean()) {
            draft.compress();
        }
        byte[] bytes = draft.body.text().clone();
        int at = random.nextInt(bytes.length + 1);
        int choice = random.nextInt(10);
        byte[] spoilt =
                switch (choice) {
                    case 0 -> Arrays.copyOf(bytes, at);
                    case 1 -> inserted(bytes, at, new byte[] {(byte) random.nextInt(256)});
                    case 2 -> inserted(bytes, at, new byte[] {(byte) 0xC3, (byte) 0x28});
                    case 3 -> inserted(bytes, 0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
                    case 4 -> inserted(bytes, bytes.length, bytes);
                    case 5 -> inserted(bytes, bytes.length, "]}".getBytes(UTF_8));
                    case 6 -> " \n\t".getBytes(UTF_8);
                    case 7 -> inserted(bytes, at, new byte[] {0});
                    case 8 -> new byte[0];
                    default ->
                        any(List.of("null", "true", "3", "\"x\"", "[[[", "{]", "<a/>", "NaN", "'a'", "//"))
                                .getBytes(UTF_8);
                };
        draft.body = new Draft.Body(draft.body.mediaType(), List.of(), spoilt);
        return Spoilt.anywhere("bytes of the body, way " + choice);
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        byte[] all = new byte[bytes.length + more.length];
        System.arraycopy(bytes, 0, all, 0, at);
        System.arraycopy(more, 0, all, at, more.length);
        System.arraycopy(bytes, at, all, at + more.length, bytes.length - at);
        return all;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
