package io.velox.serving.bulk;

import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import java.io.IOException;

/** How lines say what users did. */
public interface LineFormat {
    /** The number of the first line with an observation, in a file that begins with line 1. */
    long firstLine();

    /**
     * Reads what comes before the first observation.
     *
     * @throws VeloxException {@code INVALID_REQUEST} when no line behind it could be understood
     */
    LineParser begin(LineReader lines) throws IOException;

    /** Reads one line after the other. Confined to one thread. */
    interface LineParser {
        /**
         * What a line says.
         *
         * @throws VeloxException of the user's family, naming the field at fault; {@code line} when it is the whole line
         */
        UserRecord.Observed parse(LineReader line);
    }
}
