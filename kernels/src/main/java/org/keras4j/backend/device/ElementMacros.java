package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.View;

/**
 * The macros that make a kernel one for an element type: {@code T}; {@code ROUND(v)}, which rounds or wraps to a narrow
 * type; {@code LOWEST}, which no element is below; {@code FLOATING} for floats.
 */
final class ElementMacros {
    private ElementMacros() {}

    /** Says whether the device computes in the type's storage. */
    static boolean known(Traits traits, DType dtype) {
        return dtype.storage() != Storage.DOUBLE || traits.doubles();
    }

    /** Returns the macros for {@code dtype} and {@code more}. */
    static String[] of(DType dtype, String... more) {
        var macros = new ArrayList<>(List.of(
                "T=" + ElementTypes.name(dtype.storage()),
                "ROUND(v)=(" + ElementTypes.narrowed(dtype, "(v)") + ")",
                "LOWEST=" + lowest(dtype)));
        if (dtype.isFloating()) macros.add("FLOATING");
        macros.addAll(List.of(more));
        return macros.toArray(String[]::new);
    }

    /**
     * Returns the macros for inputs that lie in memory as {@code in} does, and results as {@code out}; null for floats.
     */
    static List<String> kept(@Nullable View in, @Nullable View out) {
        var macros = new ArrayList<String>();
        if (in != null && ElementTypes.isHalf(in))
            macros.addAll(List.of("FROM=ushort", "VALUE(bits)=" + ElementTypes.value(in, "bits")));
        if (out != null && ElementTypes.isHalf(out))
            macros.addAll(List.of("INTO=ushort", "KEEP(value)=" + ElementTypes.bits(out, "value"), "NARROW"));
        return macros;
    }

    /** Returns the macros for {@code dtype}, {@link #kept} and {@code more}. */
    static String[] of(DType dtype, @Nullable View in, @Nullable View out, String... more) {
        List<String> all = kept(in, out);
        all.addAll(List.of(more));
        return of(dtype, all.toArray(String[]::new));
    }

    private static String lowest(DType dtype) {
        return switch (dtype) {
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> "(-INFINITY)";
            case BOOL, UINT8, UINT16, UINT32 -> "0";
            case INT8 -> "(-128)";
            case INT16 -> "(-32768)";
            case INT32 -> "(-2147483647 - 1)";
            case INT64 -> "(-9223372036854775807L - 1)";
        };
    }
}
