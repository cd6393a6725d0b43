package org.keras4j.callbacks;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** File names with Python's placeholders, such as {@code "{epoch:02d}-{val_loss:.2f}.keras"}. */
final class FileNames {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)(?::([^}]*))?}");

    private FileNames() {}

    static String format(String pattern, Map<String, ? extends Number> values) {
        Matcher m = PLACEHOLDER.matcher(pattern);
        var out = new StringBuilder();
        while (m.find()) {
            Number value = values.get(m.group(1));
            if (value == null)
                throw new IllegalArgumentException(
                        "File name \"" + pattern + "\": no value for {" + m.group(1) + "}; known: " + values.keySet());
            m.appendReplacement(out, Matcher.quoteReplacement(one(pattern, value, m.group(2))));
        }
        return m.appendTail(out).toString();
    }

    private static String one(String pattern, Number value, String format) {
        if (format == null || format.isEmpty()) return String.valueOf(value);
        if (!format.matches("0?\\d*(\\.\\d+)?[dfeg]?"))
            throw new IllegalArgumentException(
                    "File name \"" + pattern + "\": format \"" + format + "\" is not understood");
        boolean whole = format.endsWith("d");
        String java = "%" + (Character.isDigit(format.charAt(format.length() - 1)) ? format + "f" : format);
        return whole
                ? String.format(Locale.ROOT, java, value.longValue())
                : String.format(Locale.ROOT, java, value.doubleValue());
    }
}
