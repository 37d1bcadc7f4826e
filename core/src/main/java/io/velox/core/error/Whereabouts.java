package io.velox.core.error;

/**
 * What a log may say of a failure whose message may hold what users sent: the kinds of the failure and its causes, and the place of the
 * innermost.
 */
public final class Whereabouts {
    private static final int FRAMES = 6;
    private static final int MAX_CAUSES = 10;

    private Whereabouts() {}

    /** Such as {@code java.io.IOException of io.velox.core.error.VeloxException INVALID_ITEM at a.B.c(B.java:7) < …}. */
    public static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable innermost = failure;
        for (int i = 0; i < MAX_CAUSES; i++) {
            text.append(i == 0 ? "" : " of ").append(innermost.getClass().getName());
            if (innermost instanceof VeloxException velox) {
                text.append(' ').append(velox.code());
            }
            if (innermost.getCause() == null) {
                break;
            }
            innermost = innermost.getCause();
        }
        StackTraceElement[] stack = innermost.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            text.append(i == 0 ? " at " : " < ").append(stack[i]);
        }
        return text.toString();
    }
}
