package org.keras4j.backend;

import org.keras4j.Storage;

/** Device memory for elements of one storage. What is in it is the backend's own. */
public abstract class Memory implements AutoCloseable {
    private final Storage storage;
    private final long elements;
    private volatile int version;

    protected Memory(Storage storage, long elements) {
        this.storage = storage;
        this.elements = elements;
    }

    public final Storage storage() {
        return storage;
    }

    public final long elements() {
        return elements;
    }

    /** Returns a number that grows with each {@link #touch}, so that packed copies know when they are out of date. */
    public final int version() {
        return version;
    }

    /** Says that the content has changed. The runtime calls it when a variable gets a new value. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the caller that updates the variable
    public final void touch() {
        version++;
    }

    /** Says whether this memory outlives a run and changes only with {@link #touch}, as a variable's does. */
    public boolean isPersistent() {
        return false;
    }

    /** Gives the memory back; views of it must not be used any more. */
    @Override
    public abstract void close();
}
