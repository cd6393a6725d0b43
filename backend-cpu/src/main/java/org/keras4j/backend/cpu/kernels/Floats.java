package org.keras4j.backend.cpu.kernels;

/** A tensor's memory and where the tensor begins in it. */
public record Floats(float[] array, int at) {}
