package org.keras4j.backend;

import java.util.List;

/** Finds a device; registered with {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** Returns the name of the backend, such as {@code "cpu"}. */
    String name();

    /**
     * Returns the place in the automatic choice; the greatest that opens wins. reference has 0, cpu 10, a backend whose
     * device is a GPU more than that. It is asked for only when a choice is to be made.
     */
    int priority();

    /**
     * Opens the backend.
     *
     * @throws BackendUnavailableException if it cannot run here; the message says why and how to mend it
     */
    Backend open();

    /**
     * Returns a line for people for each device that there is, which says which is used and why; empty where there is
     * no choice.
     *
     * @throws BackendUnavailableException as {@link #open}
     */
    default List<String> devices() {
        return List.of();
    }
}
