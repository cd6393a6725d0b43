package org.keras4j.utils;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Names as Keras makes them. */
public final class Names {
    private static final Pattern WORD_START = Pattern.compile("(.)([A-Z][a-z]+)");
    private static final Pattern CASE_CHANGE = Pattern.compile("([a-z])([A-Z])");
    private static final Map<String, Integer> USED = new ConcurrentHashMap<>();

    private Names() {}

    /** Returns {@code "conv2d"} for {@code "Conv2D"}, {@code "max_pooling2d"} for {@code "MaxPooling2D"}, and so on. */
    public static String toSnakeCase(String className) {
        String name = className.replaceAll("\\W", "");
        name = WORD_START.matcher(name).replaceAll("$1_$2");
        return CASE_CHANGE.matcher(name).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }

    /** Returns the prefix at the first call, then {@code prefix_1}, {@code prefix_2}, ... */
    public static String unique(String prefix) {
        int n = USED.merge(prefix, 1, Integer::sum) - 1;
        return n == 0 ? prefix : prefix + "_" + n;
    }

    /** Forgets the names given so far, as {@code keras.utils.clear_session}. */
    public static void clear() {
        USED.clear();
    }
}
