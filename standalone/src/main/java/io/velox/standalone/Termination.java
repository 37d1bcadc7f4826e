package io.velox.standalone;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Being told to end, by Ctrl-C or by {@code SIGTERM}, and ending well: exit code 0 instead of Java's 130 or 143.
 *
 * <p>By reflection, because the compiler warns of {@code sun.misc.Signal} in a way that cannot be suppressed. On a JVM without it
 * Java's own handling stays, which runs the same shutdown hooks.
 */
final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private Termination() {}

    /** From now on either signal runs {@code farewell} and then exits with 0, which runs the shutdown hooks. */
    static void exitsWell(Runnable farewell) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object exit = Proxy.newProxyInstance(
                    Termination.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            farewell.run();
                            System.exit(0);
                        }
                        return null;
                    });
            for (String name : new String[] {"INT", "TERM"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), exit);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Throwable cause = e instanceof InvocationTargetException invoked ? invoked.getTargetException() : e;
            LOG.info("Signals are handled by Java: {}", cause.toString());
        }
    }
}
