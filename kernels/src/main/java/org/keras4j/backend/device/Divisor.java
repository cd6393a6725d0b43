package org.keras4j.backend.device;

import java.util.List;

/**
 * A number that kernels divide by, as {@code QUOTIENT} of the dialects wants it: a multiplication by the rounded
 * reciprocal {@code magic}, and a shift (Granlund and Montgomery 1994, for dividends below 2^31).
 */
record Divisor(int value, int magic, int shift) {
    static Divisor of(int value) {
        if (value < 1) throw new IllegalArgumentException("A divisor must be positive, got " + value);
        int shift = 32 - Integer.numberOfLeadingZeros(value - 1);
        long magic = (1L << 32) * ((1L << shift) - value) / value + 1;
        return new Divisor(value, (int) magic, shift);
    }

    /** Returns the three arguments of {@code DIVISOR}. */
    List<Argument> arguments() {
        return List.of(Argument.of(value), Argument.of(magic), Argument.of(shift));
    }
}
