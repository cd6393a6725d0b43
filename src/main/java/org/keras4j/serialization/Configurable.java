package org.keras4j.serialization;

import java.util.Map;

/** An object that Keras writes as {@code {"module", "class_name", "config", "registered_name"}}. */
public interface Configurable {
    /** Returns Keras's public module, such as {@code "keras.layers"}; empty for classes that are not Keras's. */
    String module();

    /** Returns Keras's name of the class, such as {@code "Conv2D"}. */
    default String className() {
        return getClass().getSimpleName();
    }

    /**
     * Returns what is needed to make an equal object, in Keras's keys and order. Values are null, booleans, numbers,
     * strings, lists, string-keyed maps, {@code Shape}s, {@code DType}s and other Configurables.
     */
    Map<String, Object> getConfig();
}
