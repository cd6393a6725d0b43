package org.keras4j.backend.device;

/**
 * Kernels to compile: the whole text, dialect included.
 *
 * @param name for error messages and profiles
 */
public record Source(String name, String text) {}
