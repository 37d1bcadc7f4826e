package io.velox.serving.migrate;

/** What becomes of a record of the old log. */
public enum Verdict {
    COPIED("copied"),
    REBASED("left out: rebase records, of which the new log needs none"),
    FORGOTTEN("left out: of users who were forgotten later"),
    WITHDRAWN("left out: observations that were withdrawn later, their repeats, and their withdrawals"),
    REMOVED("left out: removed from the old log, or marks of removals"),
    UNREADABLE("left out: not readable, and never learnt");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
