package org.keras4j.saving.archive;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What plain words mean in YAML 1.1, which Python's YAML is; numbers such as {@code 1e-7} of YAML 1.2 are understood
 * too.
 */
final class YamlScalars {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE = Set.of("yes", "true", "on");
    private static final Set<String> FALSE = Set.of("no", "false", "off");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?([0-9][0-9_]*(\\.[0-9_]*)?|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?");
    private static final Set<String> INFINITIES = Set.of(".inf", "+.inf", "-.inf");

    private YamlScalars() {}

    /** Returns the null, boolean, number or string that a word without quotes is. */
    static @Nullable Object resolve(String word) {
        if (NULLS.contains(word)) return null;
        String lower = word.toLowerCase(Locale.ROOT);
        // yes, Yes and YES are words for true, yEs is none
        boolean uniform = word.equals(lower)
                || word.substring(1).equals(lower.substring(1))
                || word.equals(word.toUpperCase(Locale.ROOT));
        if (uniform && TRUE.contains(lower)) return true;
        if (uniform && FALSE.contains(lower)) return false;
        if (INTEGER.matcher(word).matches()) return integer(word);
        if (FLOAT.matcher(word).matches()) return Double.valueOf(word.replace("_", ""));
        if (uniform && lower.equals(".nan")) return Double.NaN;
        if (uniform && INFINITIES.contains(lower))
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        return word;
    }

    private static Number integer(String word) {
        var value = new BigInteger(word.replace("_", ""));
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }
}
