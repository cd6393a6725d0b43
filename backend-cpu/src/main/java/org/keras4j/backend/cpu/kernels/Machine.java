package org.keras4j.backend.cpu.kernels;

/** What the kernels know of the machine. */
public final class Machine {
    private Machine() {}

    /** Returns the number of bits in a vector. */
    public static int vectorBits() {
        return Blocks.LANES * Float.SIZE;
    }
}
