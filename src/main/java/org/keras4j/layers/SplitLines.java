package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;

/** The lines of a text as Python's {@code splitlines} has them, by which Keras reads its vocabulary files. */
final class SplitLines {
    private static final String ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private SplitLines() {}

    static List<String> of(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (ENDS.indexOf(text.charAt(i)) < 0) continue;
            lines.add(text.substring(start, i));
            if (text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') i++;
            start = i + 1;
        }
        if (start < text.length()) lines.add(text.substring(start));
        return lines;
    }
}
