package org.keras4j.utils;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

    /**
     * Returns a question for a message about an unknown name, such as {@code (did you mean "adam"?)}: the known names that
     * are few letters away, the nearest first. Empty if there is none.
     */
    public static String didYouMean(String name, Collection<String> known) {
        int most = Math.clamp(name.length() / 3, 1, 3);
        List<String> near = known.stream()
                .filter(k -> distance(k, name) <= most)
                .sorted(Comparator.comparing((String k) -> distance(k, name)).thenComparing(k -> k))
                .limit(3)
                .toList();
        return near.isEmpty() ? "" : " (did you mean \"" + String.join("\" or \"", near) + "\"?)";
    }

    /** Returns the number of letters to insert, delete or change (Levenshtein 1966). */
    public static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
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
