package org.keras4j.preprocessing;

import java.util.Arrays;
import java.util.Locale;

/** Keywords of which one is chosen by its name. */
final class EnumNames {
    private EnumNames() {}

    /** Returns the constant that is called {@code name} in lower case; the message of the error lists all. */
    static <E extends Enum<E>> E of(Class<E> type, String keyword, String name) {
        for (E constant : type.getEnumConstants()) if (name(constant).equals(name)) return constant;
        throw new IllegalArgumentException(keyword + " must be one of "
                + Arrays.stream(type.getEnumConstants()).map(EnumNames::name).toList() + ", got \"" + name + "\"");
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
