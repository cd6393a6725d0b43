package org.keras4j.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Op;

/**
 * Records which variables a piece of code reads and updates while it builds a graph on this thread.
 *
 * <pre>{@code
 * try (Trace trace = Trace.open()) {
 *     Tensor y = build();
 *     Function f = Function.of(inputs, List.of(y), trace.updates());
 * }
 * }</pre>
 */
public final class Trace implements AutoCloseable {
    private static final ThreadLocal<@Nullable Trace> CURRENT = new ThreadLocal<>();

    private final @Nullable Trace outer;
    private final boolean readsThrough;
    private final Map<Variable, Tensor> latest = new IdentityHashMap<>();
    private final Map<Variable, Tensor> updates = new LinkedHashMap<>();

    private Trace(@Nullable Trace outer, boolean readsThrough) {
        this.outer = outer;
        this.readsThrough = readsThrough;
    }

    /** Starts a trace on this thread, until it is closed. */
    public static Trace open() {
        return open(false);
    }

    /** Starts a trace of a part, such as a branch: it reads what is current outside, and keeps its updates apart. */
    static Trace openInside() {
        return open(true);
    }

    private static Trace open(boolean readsThrough) {
        var trace = new Trace(CURRENT.get(), readsThrough);
        CURRENT.set(trace);
        return trace;
    }

    /** Returns the innermost open trace of this thread, or null. */
    public static @Nullable Trace current() {
        return CURRENT.get();
    }

    /** Runs code that assigns to variables: as part of the open trace, or else as one graph that is computed at once. */
    public static void apply(Runnable code) {
        if (current() != null) {
            code.run();
            return;
        }
        try (Trace trace = open()) {
            code.run();
            try (Function once = Function.of(List.of(), List.of(), trace.updates())) {
                once.run(List.of());
            }
        }
    }

    Tensor read(Variable variable) {
        Tensor known = latest.get(variable);
        if (known != null) return known;
        Tensor read;
        if (!readsThrough) read = Tensor.of(new Op.Read(variable));
        else read = outer == null ? variable.leaf() : outer.read(variable);
        latest.put(variable, read);
        return read;
    }

    void assign(Variable variable, Tensor value) {
        latest.put(variable, value);
        updates.put(variable, value);
    }

    /** Returns the last value assigned to each variable, in the order of first assignment. */
    public Map<Variable, Tensor> updates() {
        return Collections.unmodifiableMap(updates);
    }

    @Override
    public void close() {
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
    }
}
