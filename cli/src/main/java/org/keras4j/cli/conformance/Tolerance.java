package org.keras4j.cli.conformance;

import org.keras4j.NDArray;

/**
 * How far a number may be from the expected one: {@code relative * |expected| + absolute + scaled * max |expected|}.
 * Integers and bools must be equal; 16-bit floats have a tolerance of their own.
 */
record Tolerance(double relative, double absolute, double scaled) {
    static final Tolerance VALUES = new Tolerance(1e-4, 1e-5, 5e-6);
    static final Tolerance GRADIENTS = new Tolerance(1e-3, 1e-5, 5e-5);
    static final Tolerance HALF = new Tolerance(2e-2, 2e-2, 0);

    /** Compares shapes and elements; NaN equals NaN, and each infinity itself. */
    void check(String what, NDArray expected, NDArray got) {
        if (!expected.shape().equals(got.shape()))
            throw new MismatchException(what + ": expected shape " + expected.shape() + ", got " + got.shape());
        if (this != HALF && expected.dtype().bits() == 16 && expected.dtype().isFloating()) {
            HALF.check(what, expected, got);
            return;
        }
        boolean exact = !expected.dtype().isFloating() && !got.dtype().isFloating();
        double largest = 0;
        for (int i = 0; i < expected.size(); i++)
            if (Double.isFinite(expected.get(i))) largest = Math.max(largest, Math.abs(expected.get(i)));
        for (int i = 0; i < expected.size(); i++) {
            double want = expected.get(i);
            double have = got.get(i);
            double allowed = exact ? 0 : relative * Math.abs(want) + absolute + scaled * largest;
            boolean same = want == have
                    || Double.isNaN(want) && Double.isNaN(have)
                    || Double.isFinite(want) && Math.abs(want - have) <= allowed;
            if (!same)
                throw new MismatchException(
                        what + ": element " + i + " of " + expected.shape() + ": expected " + want + ", got " + have);
        }
    }
}
