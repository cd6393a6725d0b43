package org.keras4j.ops;

/**
 * What {@link K#jvp} gives.
 *
 * @param primalsOut the function's result
 * @param tangentsOut how it changes in the direction that was asked for
 */
public record Jvp<T>(T primalsOut, T tangentsOut) {}
