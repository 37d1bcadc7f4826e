package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the percent-encoding of paths and queries strictly, so that no two spellings that mean different bytes become one id: a
 * broken sequence, or bytes that are not UTF-8, are refused and never replaced. Dots are ordinary characters: an id may be {@code ..}.
 */
final class PercentDecoding {
    private PercentDecoding() {}

    /** The decoded segments of a path, without the leading slash. */
    static List<String> segments(String path) {
        if (!path.startsWith("/")) {
            throw HttpFailure.badPath("path must begin with a slash");
        }
        List<String> segments = new ArrayList<>();
        int start = 1;
        for (int i = 1; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                segments.add(decode(path.substring(start, i), false, "path"));
                start = i + 1;
            }
        }
        return segments;
    }

    /** The parameters of a query, each given at most once. */
    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true, "query");
            if (name.isEmpty()) {
                throw invalid("query", "has a parameter without a name");
            }
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true, "query");
            if (parameters.put(name, value) != null) {
                throw new HttpFailure(
                        400, "INVALID_REQUEST", name, name + " must be given once, but is twice", Map.of());
            }
        }
        return parameters;
    }

    private static String decode(String text, boolean isQuery, String field) {
        if (text.indexOf('%') < 0 && (!isQuery || text.indexOf('+') < 0) && isAscii(text)) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                boolean isWhole = i + 2 < text.length();
                int high = isWhole ? hexDigit(text.charAt(i + 1)) : -1;
                int low = isWhole ? hexDigit(text.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    throw invalid(field, "has a broken percent sequence");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else if (c > 127) {
                throw invalid(field, "must be percent-encoded UTF-8, but has a character outside ASCII");
            } else {
                bytes.put(c == '+' && isQuery ? (byte) ' ' : (byte) c);
            }
        }
        try {
            return UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw invalid(field, "must be percent-encoded UTF-8, but has other bytes");
        }
    }

    private static int hexDigit(char c) {
        return c > 127 ? -1 : Character.digit(c, 16);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    private static HttpFailure invalid(String field, String what) {
        return new HttpFailure(400, "INVALID_REQUEST", field, field + " " + what, Map.of());
    }
}
