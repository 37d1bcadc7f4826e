package io.velox.system.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One kept connection of HTTP 1.1, opened anew when the server has closed it. For use by one thread.
 *
 * <p>Source: RFC 9112, as far as a server of ours goes.
 */
public final class Wire implements AutoCloseable {
    private static final int CONNECT_MS = 5_000;
    private static final int ANSWER_MS = 30_000;

    private final int port;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    public Wire(int port) {
        this.port = port;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @throws IOException if the connection ends before a whole answer has come, or none comes within 30 s
     */
    public WireAnswer send(WireRequest request) throws IOException {
        if (!socket.isConnected() || socket.isClosed()) {
            open();
        }
        boolean keep = false;
        try {
            try {
                socket.getOutputStream().write(request.bytes());
            } catch (IOException e) {
                // a server that refuses a request may close before it has read it all: its answer counts
                keep = false;
            }
            if (request.isTruncated()) {
                socket.shutdownOutput();
            }
            WireAnswer answer = read(request.method().equals("HEAD"));
            keep = !request.isTruncated() && !answer.header("connection").equalsIgnoreCase("close");
            return answer;
        } finally {
            if (!keep) {
                close();
            }
        }
    }

    private void open() throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    private WireAnswer read(boolean isHead) throws IOException {
        int status;
        Map<String, String> headers;
        do {
            String line = line();
            if (!line.startsWith("HTTP/1.1 ")) {
                throw new IOException("no status line of HTTP 1.1: " + line);
            }
            status = Integer.parseInt(line.substring(9, 12));
            headers = headers();
        } while (status < 200);
        boolean isEmpty = isHead || status == 204 || status == 304;
        return new WireAnswer(status, headers, isEmpty ? "" : body(headers));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return headers;
    }

    private String body(Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            return new String(exactly(Integer.parseInt(length)), UTF_8);
        }
        if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            throw new IOException("an answer without its length: " + headers);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            all.writeBytes(exactly(size));
            line();
        }
        headers();
        return all.toString(UTF_8);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].trim(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended before an answer");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
