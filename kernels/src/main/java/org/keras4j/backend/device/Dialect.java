package org.keras4j.backend.device;

import java.util.Locale;

/**
 * The language that a device compiles. The kernels are one source; {@code dialect/NAME.h} spells the words that differ.
 */
public enum Dialect {
    OPENCL,
    CUDA,
    /** C++ for the host's own compiler, which the tests use. */
    HOST;

    String header() {
        return "dialect/" + name().toLowerCase(Locale.ROOT) + ".h";
    }
}
