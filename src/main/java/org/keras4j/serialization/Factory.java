package org.keras4j.serialization;

/** Makes an object from its config. */
@FunctionalInterface
public interface Factory {
    Object fromConfig(ConfigReader config);
}
