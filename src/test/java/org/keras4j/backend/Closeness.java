package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.keras4j.DType;
import org.keras4j.NDArray;

/** Comparisons whose failures name the operation, the dtype and shape, and the first wrong element. */
final class Closeness {
    private Closeness() {}

    /** Returns the distance from 1 to the next value. */
    static double epsilon(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            case FLOAT32 -> 0x1p-23;
            case FLOAT64 -> 0x1p-52;
            default -> 0;
        };
    }

    /** Compares bit for bit, but for NaNs. */
    static void assertSame(String what, NDArray expected, NDArray got) {
        compare(what, expected, got, 0, 0, true);
    }

    static void assertClose(String what, NDArray expected, NDArray got, double relative, double absolute) {
        compare(what, expected, got, relative, absolute, false);
    }

    /** Compares sums of {@code length} terms of about {@code scale}: the tolerance grows with the length. */
    static void assertSums(String what, NDArray expected, NDArray got, int length, double scale) {
        double sum = got.dtype() == DType.FLOAT64 ? 0x1p-52 : got.dtype().isFloating() ? 0x1p-23 : 0;
        compare(what, expected, got, 2 * epsilon(got.dtype()), sum * (4 + length) * scale, false);
    }

    private static void compare(
            String what, NDArray expected, NDArray got, double relative, double absolute, boolean signOfZero) {
        assertEquals(expected.dtype(), got.dtype(), () -> what + ": dtype");
        assertEquals(expected.shape(), got.shape(), () -> what + ": shape");
        int wrong = 0;
        int first = -1;
        for (int i = 0; i < got.size(); i++) {
            if (fits(expected, got, i, relative, absolute, signOfZero)) continue;
            if (first < 0) first = i;
            wrong++;
        }
        if (wrong > 0)
            fail("%s: %d of %d elements wrong in %s%s; first at %d: expected %s, got %s (tolerance %.3g, absolute %.3g)"
                    .formatted(
                            what,
                            wrong,
                            got.size(),
                            got.dtype(),
                            got.shape(),
                            first,
                            text(expected, first),
                            text(got, first),
                            relative,
                            absolute));
    }

    private static boolean fits(
            NDArray expected, NDArray got, int i, double relative, double absolute, boolean signOfZero) {
        if (!got.dtype().isFloating()) return expected.getLong(i) == got.getLong(i);
        double e = expected.get(i);
        double g = got.get(i);
        if (signOfZero) return Double.compare(e, g) == 0;
        if (e == g || (e != e && g != g)) return true;
        return Double.isFinite(e) && Math.abs(e - g) <= relative * Math.abs(e) + absolute;
    }

    private static String text(NDArray array, int i) {
        return array.dtype().isFloating() ? String.valueOf(array.get(i)) : String.valueOf(array.getLong(i));
    }
}
