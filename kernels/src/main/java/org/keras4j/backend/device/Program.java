package org.keras4j.backend.device;

import org.keras4j.backend.Kernel;

/** A compiled source. */
public interface Program {
    /**
     * Prepares a launch of {@code function}; the arguments are bound once. The kernel may be run any number of times,
     * by one thread at a time.
     */
    Kernel bind(String function, Grid grid, Argument... arguments);
}
