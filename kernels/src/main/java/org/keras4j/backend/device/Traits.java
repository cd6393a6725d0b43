package org.keras4j.backend.device;

/**
 * What kernels are chosen by.
 *
 * @param name as the device says it, such as {@code "NVIDIA H200"}
 * @param key what compiled kernels are kept by: device, driver and compiler with their versions
 * @param cpu whether it is a CPU: such a device wants register tiles and no local memory
 * @param units compute units or multiprocessors
 * @param maxGroup the most work-items of a group
 * @param localBytes local (shared) memory of a group
 * @param doubles whether it computes in float64
 * @param memoryBytes global memory
 * @param maxAllocation the most bytes of one buffer
 */
public record Traits(
        Dialect dialect,
        String name,
        String key,
        boolean cpu,
        int units,
        int maxGroup,
        long localBytes,
        boolean doubles,
        long memoryBytes,
        long maxAllocation) {}
