package org.keras4j.backend.cpu.kernels;

/** A piece of work that is cut into parts, each of which may run on any thread and in any order. */
public interface Work {
    /** Runs part {@code index}; parts write to disjoint places, so the result does not depend on who runs them. */
    void part(int index, Scratch scratch);
}
