package org.keras4j.graph;

/**
 * The name of what is being traced on this thread, such as {@code "sequential/dense"}. Tensors remember it, so that
 * errors and profiles can say which layer an operation belongs to.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<String> CURRENT = ThreadLocal.withInitial(() -> "");

    private final String outer;

    private Scope(String outer) {
        this.outer = outer;
    }

    /** Appends {@code name} to the path until the scope is closed. */
    public static Scope enter(String name) {
        var scope = new Scope(CURRENT.get());
        CURRENT.set(scope.outer.isEmpty() ? name : scope.outer + "/" + name);
        return scope;
    }

    /** Makes {@code path} the whole path until the scope is closed. */
    static Scope at(String path) {
        var scope = new Scope(CURRENT.get());
        CURRENT.set(path);
        return scope;
    }

    /** Returns the path, empty outside any scope. */
    public static String current() {
        return CURRENT.get();
    }

    @Override
    public void close() {
        CURRENT.set(outer);
    }
}
