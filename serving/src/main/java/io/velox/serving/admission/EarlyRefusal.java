package io.velox.serving.admission;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Refuses requests on a connection of HTTP/1.1 as soon as they are decoded, which costs a small part of what an answer costs: those that
 * the {@link Backlog} says have waited for too long, unless there is something about them that Vert.x has to see to. Answers stay in the order of their requests: while one is
 * being answered, those behind it are let through, and refused where they are handled. Event-loop confined.
 */
public final class EarlyRefusal extends ChannelDuplexHandler {
    private static final int LONGEST_BODY = 16 << 10;
    /** The names that Vert.x gives to its handlers. */
    private static final String ENCODER = "httpEncoder";

    private static final String CONNECTION = "handler";

    private final Backlog backlog;
    private final Refusals refusals;
    private final Runnable whenRefused;
    /** Requests that were let through, and whose answer has not ended. */
    private int underWay;

    private boolean isRefusing;
    private int refused;

    private EarlyRefusal(Backlog backlog, Refusals refusals, Runnable whenRefused) {
        this.backlog = backlog;
        this.refusals = refusals;
        this.whenRefused = whenRefused;
    }

    /**
     * Stands between the decoder and Vert.x from now on, in the pipeline of a connection that speaks HTTP/1.1; others are left alone.
     *
     * @param whenRefused is told of refusals on this connection, of many at a time
     */
    public static void addTo(ChannelPipeline pipeline, Backlog backlog, Refusals refusals, Runnable whenRefused) {
        if (backlog.isBounded() && pipeline.get(ENCODER) != null) {
            pipeline.addBefore(CONNECTION, "early-refusal", new EarlyRefusal(backlog, refusals, whenRefused));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            isRefusing =
                    backlog.isTooLong() && underWay == 0 && context.channel().isWritable() && isPlain(request);
            underWay += isRefusing ? 0 : 1;
            refused += isRefusing ? 1 : 0;
        }
        if (isRefusing) {
            ReferenceCountUtil.release(message);
            if (refused == Refusals.MOST_IN_A_ROW) {
                write(context);
                context.flush();
            }
        } else {
            write(context);
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        boolean hasRefused = refused > 0;
        write(context);
        context.fireChannelReadComplete();
        if (hasRefused) {
            // After Vert.x is done with what it has read: what it writes while it reads, it would not flush by itself.
            context.flush();
        }
    }

    private void write(ChannelHandlerContext context) {
        if (refused > 0) {
            var unused = context.pipeline().context(ENCODER).write(refusals.of(refused), context.voidPromise());
            refused = 0;
            whenRefused.run();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message)) {
            underWay--;
        }
        var unused = context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /**
     * Whether one answer fits it, and nothing is left to be done after it: no body to wait for, no leave to send it, no connection to be
     * closed, no answer without its body.
     */
    private static boolean isPlain(HttpRequest request) {
        return request.decoderResult().isSuccess()
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.method().equals(HttpMethod.HEAD)
                && !request.method().equals(HttpMethod.CONNECT)
                && HttpUtil.isKeepAlive(request)
                && !request.headers().contains(HttpHeaderNames.EXPECT)
                && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                && HttpUtil.getContentLength(request, 0) <= LONGEST_BODY;
    }
}
