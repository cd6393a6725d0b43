package org.keras4j.graph;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;

/**
 * The floating dtype that variables are read as on this thread, where a layer computes in another one than it stores.
 */
public final class Autocast implements AutoCloseable {
    private static final ThreadLocal<@Nullable DType> CURRENT = new ThreadLocal<>();

    private final @Nullable DType outer;

    private Autocast(@Nullable DType outer) {
        this.outer = outer;
    }

    /** Reads floating variables as {@code to} until closed; null reads them as they are. */
    public static Autocast to(@Nullable DType to) {
        var scope = new Autocast(CURRENT.get());
        CURRENT.set(to);
        return scope;
    }

    static @Nullable DType current() {
        return CURRENT.get();
    }

    @Override
    public void close() {
        CURRENT.set(outer);
    }
}
