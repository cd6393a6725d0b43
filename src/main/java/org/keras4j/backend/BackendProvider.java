package org.keras4j.backend;

/** Finds a device; registered with {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** Returns the name of the backend, such as {@code "cpu"}. */
    String name();

    /** Returns the place in the automatic choice; the greatest that opens wins. reference has 0, cpu 10. */
    int priority();

    /**
     * Opens the backend.
     *
     * @throws BackendUnavailableException if it cannot run here; the message says why and how to mend it
     */
    Backend open();
}
