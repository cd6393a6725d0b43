package org.keras4j.serialization;

import java.util.Map;

/**
 * An object with more to say about it beside its class and config, such as a layer's calls in a functional model.
 *
 * @param object what is described
 * @param more keys to write after those of the object
 */
public record Described(Configurable object, Map<String, Object> more) {}
