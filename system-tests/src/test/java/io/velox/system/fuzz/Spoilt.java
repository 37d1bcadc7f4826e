package io.velox.system.fuzz;

/**
 * What was done to a request.
 *
 * @param how for people
 * @param field what a refusal must name, as a path from the body's root; empty where many names would do
 */
public record Spoilt(String how, String field) {
    static Spoilt anywhere(String how) {
        return new Spoilt(how, "");
    }

    /** Whether a refusal that names this field names the right one, or what it is a part of, or a part of it. */
    boolean isNamedBy(String named) {
        return field.isEmpty() || named.startsWith(field) || field.startsWith(named);
    }
}
