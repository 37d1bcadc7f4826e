package io.velox.serving.predict;

/** What an answer is to say beside the scores: for either, all that is known of the user is read. */
public record Details(boolean uncertainty, boolean explanation) {
    public boolean isAny() {
        return uncertainty || explanation;
    }
}
