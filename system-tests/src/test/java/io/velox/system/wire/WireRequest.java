package io.velox.system.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as it goes over the wire; nothing is checked or encoded.
 *
 * @param target path and query
 * @param headers whole lines, such as {@code Accept: text/plain}
 * @param announced the {@code Content-Length}, which need not be true; none when negative
 */
@SuppressWarnings("ArrayRecordComponent") // owned by whoever makes it, and never changed
public record WireRequest(String method, String target, List<String> headers, byte[] body, long announced) {
    public static WireRequest of(String method, String target) {
        return new WireRequest(method, target, List.of(), new byte[0], method.equals("GET") ? -1 : 0);
    }

    public static WireRequest json(String method, String target, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return new WireRequest(method, target, List.of("Content-Type: application/json"), bytes, bytes.length);
    }

    /** With another line among the headers. */
    public WireRequest with(String header) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        return new WireRequest(method, target, more, body, announced);
    }

    /** The body, read as UTF-8. */
    public String text() {
        return new String(body, UTF_8);
    }

    /** Whether more bytes are announced than follow. */
    public boolean isTruncated() {
        return announced > body.length;
    }

    byte[] bytes() {
        StringBuilder head =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (announced >= 0) {
            head.append("Content-Length: ").append(announced).append("\r\n");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** On one line, cut where it is long. */
    @Override
    public String toString() {
        return shortened(method + " " + target, 400) + " " + shortened(headers.toString(), 300) + " "
                + (announced == body.length || announced < 0 ? "" : "(announces " + announced + " bytes) ")
                + shortened(text(), 1500);
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "… (" + text.length() + " characters)";
    }
}
