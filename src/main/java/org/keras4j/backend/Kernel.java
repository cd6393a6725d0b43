package org.keras4j.backend;

/** A prepared step: its algorithm is chosen and its places are bound. Running it takes no decisions. */
@FunctionalInterface
public interface Kernel {
    void run();
}
