package org.keras4j.layers;

/** What a Sequential is made of: a {@link Layer}, or the {@link Input} at its start. */
public interface Stackable {
    Layer layer();
}
