package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/** What an outermost call and the calls inside it share on this thread: the training flag and the losses added. */
final class CallContext implements AutoCloseable {
    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    private final @Nullable CallContext outer;
    private final @Nullable Boolean training;
    private final List<Tensor> losses;

    private CallContext(@Nullable CallContext outer, @Nullable Boolean training) {
        this.outer = outer;
        this.training = training;
        this.losses = outer == null ? new ArrayList<>() : outer.losses;
    }

    /** Enters a call; {@code training} null keeps what the enclosing call says. */
    static CallContext enter(@Nullable Boolean training) {
        CallContext outer = CURRENT.get();
        var context = new CallContext(outer, training != null || outer == null ? training : outer.training);
        CURRENT.set(context);
        return context;
    }

    static boolean training() {
        CallContext context = CURRENT.get();
        Boolean given = context == null ? null : context.training;
        return given != null && given;
    }

    /** Says whether this call or one around it was told whether it is a training call. */
    static boolean trainingGiven() {
        CallContext context = CURRENT.get();
        return context != null && context.training != null;
    }

    static void addLoss(Tensor loss) {
        CallContext context = CURRENT.get();
        if (context == null) throw new IllegalStateException("addLoss works inside a layer's call only");
        context.losses.add(loss);
    }

    boolean isOutermost() {
        return outer == null;
    }

    List<Tensor> losses() {
        return losses;
    }

    @Override
    public void close() {
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
    }
}
