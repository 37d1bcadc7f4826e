package io.velox.retrain;

import java.io.IOException;
import java.io.InputStream;

/** Ends this process when its parent does, even if the parent was killed: the parent's end of standard input is then closed. */
final class ParentWatch {
    /** What the process ends with then. */
    static final int EXIT_CODE = 3;

    private ParentWatch() {}

    /** Reads until the end, in a thread of its own, and then does {@code atEnd}. */
    static Thread start(InputStream input, Runnable atEnd) {
        Thread watch = new Thread(
                () -> {
                    readToEnd(input);
                    atEnd.run();
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    private static void readToEnd(InputStream input) {
        byte[] ignored = new byte[1024];
        try {
            while (input.read(ignored) >= 0) {
                // what it says means nothing
            }
        } catch (IOException e) {
            // A pipe that cannot be read has nobody at its other end.
        }
    }
}
