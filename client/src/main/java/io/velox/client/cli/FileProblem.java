package io.velox.client.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What to tell a person about a file that cannot be read. */
final class FileProblem {
    private FileProblem() {}

    static String sentence(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be read; check its permissions";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
