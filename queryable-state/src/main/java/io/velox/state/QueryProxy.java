package io.velox.state;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.queryablestate.client.QueryableStateClient;

/** One query proxy of the job, with the client that speaks to it and reconnects by itself. */
@SuppressWarnings("deprecation") // queryable state is deprecated and has no successor
final class QueryProxy {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\S+):(\\d{1,5})");

    private final QueryableStateClient client;

    private QueryProxy(QueryableStateClient client) {
        this.client = client;
    }

    /**
     * Prepares the client of one proxy.
     *
     * @param address of the form host:port
     * @throws VeloxException {@code INVALID_CONFIGURATION}
     */
    static QueryProxy of(String address) {
        Matcher matcher = HOST_AND_PORT.matcher(address.strip());
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > 65_535) {
            throw invalid("must be host:port, with a port from 1 to 65535, but got '" + address + "'");
        }
        try {
            return new QueryProxy(new QueryableStateClient(matcher.group(1), port));
        } catch (UnknownHostException e) {
            throw invalid("names a host without an address: '" + matcher.group(1) + "'");
        }
    }

    <S extends State, V> CompletableFuture<S> query(
            JobID job, String name, String uid, StateDescriptor<S, V> descriptor) {
        try {
            return client.getKvState(job, name, uid, UserStateDescriptors.KEY, descriptor);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Begins the shutdown: what is still asked fails. */
    CompletableFuture<?> close() {
        return client.shutdownAndHandle();
    }

    private static VeloxException invalid(String what) {
        return VeloxException.ofField(
                ErrorCode.INVALID_CONFIGURATION, "queryable-state.proxies", "queryable-state.proxies " + what);
    }
}
