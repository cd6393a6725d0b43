package org.keras4j.serialization;

/** The classes of one package that configs can name; found with {@link java.util.ServiceLoader}. */
public interface Catalog {
    /** Adds each class with {@link Registry#add}. */
    void register(Registry registry);
}
