package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.View;

/** How elements are spelled in kernels. */
final class ElementTypes {
    private ElementTypes() {}

    /** Returns the kernels' name of the type that elements are kept in; for HALF, that of its bits. */
    static String name(Storage storage) {
        return switch (storage) {
            case FLOAT -> "float";
            case HALF -> "ushort";
            case DOUBLE -> "double";
            case INT -> "int";
            case LONG -> "long";
        };
    }

    /** Returns {@code bits}, elements of a view as they are kept, as the kernels compute with them. */
    static String value(View view, String bits) {
        return isHalf(view) ? word(view.dtype()) + "_to_float(" + bits + ")" : bits;
    }

    /** Returns a computed {@code value} as elements of a view are kept. */
    static String bits(View view, String value) {
        return isHalf(view) ? "float_to_" + word(view.dtype()) + "(" + value + ")" : value;
    }

    static boolean isHalf(View view) {
        return view.memory().storage() == Storage.HALF;
    }

    /** Says whether all floats lie in 16 bits, and in the same ones, so that a kernel may read and write them so. */
    static boolean areHalves(List<View> in, List<View> out) {
        DType first = null;
        for (List<View> views : List.of(in, out))
            for (View view : views) {
                if (!view.dtype().isFloating()) continue;
                if (first == null) first = view.dtype();
                if (!isHalf(view) || view.dtype() != first) return false;
            }
        return first != null;
    }

    private static String word(DType dtype) {
        return dtype == DType.FLOAT16 ? "half" : "bfloat";
    }

    /** Returns what the names of {@code dialect/math.h} end in. */
    static char letter(Storage storage) {
        return name(storage).charAt(0);
    }

    /** Returns {@code expression} rounded to a floating type, or wrapped around as an integer type does. */
    static String narrowed(DType dtype, String expression) {
        return switch (dtype) {
            case FLOAT16 -> "round_float16(" + expression + ")";
            case BFLOAT16 -> "round_bfloat16(" + expression + ")";
            case BOOL -> "(" + expression + ") != 0";
            case UINT8 -> "(" + expression + ") & 0xff";
            case UINT16 -> "(" + expression + ") & 0xffff";
            case UINT32 -> "(" + expression + ") & 0xffffffffL";
            case INT8 -> "(int) ((uint) (" + expression + ") << 24) >> 24";
            case INT16 -> "(int) ((uint) (" + expression + ") << 16) >> 16";
            case INT32, INT64, FLOAT32, FLOAT64 -> expression;
        };
    }

    /** Returns a number as a literal of the type that it is kept in. */
    static String literal(DType dtype, double value) {
        double rounded = dtype.round(value);
        return switch (dtype.storage()) {
            case FLOAT, HALF ->
                Float.isFinite((float) rounded)
                        ? Float.toHexString((float) rounded) + "f"
                        : "as_float(" + Float.floatToIntBits((float) rounded) + ")";
            case DOUBLE ->
                Double.isFinite(rounded)
                        ? Double.toHexString(rounded)
                        : "as_double(" + whole(Double.doubleToLongBits(rounded)) + ")";
            case INT -> (int) rounded == Integer.MIN_VALUE ? "(-2147483647 - 1)" : String.valueOf((int) rounded);
            case LONG -> whole((long) rounded);
        };
    }

    private static String whole(long value) {
        return value == Long.MIN_VALUE ? "(-0x7fffffffffffffffL - 1)" : value + "L";
    }
}
