package io.velox.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The loopback ports of the engines inside, by name, kept in a file so that a restart takes the same ones while they are free.
 *
 * <p>New ones lie below the range from which operating systems take the near ends of connections. Safe for use from any thread.
 */
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final Path file;
    private final RandomGenerator random;
    private final Properties kept = new Properties();
    private final Set<Integer> taken = new HashSet<>();

    public Ports(Path file, RandomGenerator random) {
        this.file = file;
        this.random = random;
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                kept.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new StartFailure(file + " cannot be read: " + e + "; delete it, and new ports are chosen", e);
            }
        }
    }

    /**
     * A port of 127.0.0.1 that is free now, and that no other call gave.
     *
     * @throws StartFailure if none is to be found, or the choice cannot be kept
     */
    public synchronized int take(String name) {
        int port = keptPort(name);
        for (int i = 0; i < ATTEMPTS && !isFree(port); i++) {
            port = random.nextInt(LOWEST, HIGHEST);
        }
        if (!isFree(port)) {
            throw new StartFailure("no free port for " + name + " was found between " + LOWEST + " and " + HIGHEST);
        }
        taken.add(port);
        kept.setProperty(name, Integer.toString(port));
        try (OutputStream out = Files.newOutputStream(file)) {
            kept.store(out, "Ports of 127.0.0.1, kept from start to start");
        } catch (IOException e) {
            throw new StartFailure(file + " cannot be written: " + e, e);
        }
        return port;
    }

    private int keptPort(String name) {
        try {
            return Integer.parseInt(kept.getProperty(name, "-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private boolean isFree(int port) {
        return port > 0 && port <= 65_535 && !taken.contains(port) && canListen(port);
    }

    /** Whether a port of 127.0.0.1 is free now. */
    static boolean canListen(int port) {
        return canListen(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Checks that an operator's port can be listened on, before anything starts for it; 0 always can.
     *
     * @throws StartFailure naming the key of the configuration
     */
    static void requireFree(String key, String host, int port) {
        try {
            if (port != 0 && !canListen(InetAddress.getByName(host), port)) {
                throw new StartFailure(key + " is " + port + ", but another process listens on " + host + ":" + port
                        + "; stop that one, or set another " + key);
            }
        } catch (UnknownHostException e) {
            throw new StartFailure("serving.host is " + host + ", which is not an address of this machine", e);
        }
    }

    private static boolean canListen(InetAddress host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
