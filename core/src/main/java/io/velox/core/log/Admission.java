package io.velox.core.log;

/** On what terms a version goes live. */
public enum Admission {
    /** After it has been judged against the live one. */
    GATED,
    /** Because a person asked for a version that was not refused: it is not judged, and not taken back. */
    REQUESTED,
    /** Because a person insisted, whatever the gate says or said: it is taken back when it does worse. */
    FORCED
}
