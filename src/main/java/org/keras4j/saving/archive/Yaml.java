package org.keras4j.saving.archive;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;

/**
 * YAML as {@code to_yaml} of Keras 1 and 2 wrote it, in the plain Java values of {@link Json}. The reader needs the
 * library SnakeYAML Engine on the class path; a program that reads no YAML does without.
 */
public final class Yaml {
    private Yaml() {}

    /**
     * Reads one document that must be a mapping.
     *
     * @param text the document
     * @param file what errors call the file
     * @throws KerasFileException if the text is not one YAML document within the limits, if it asks for other objects
     *     than plain data and tuples, or if the library that reads YAML is not there
     */
    @SuppressWarnings("unchecked") // the reader makes no other maps
    public static Map<String, @Nullable Object> parseObject(String text, String file) {
        Object value;
        try {
            value = YamlEvents.read(text, file);
        } catch (NoClassDefFoundError e) {
            throw new KerasFileException(
                    file, "", "is YAML, which needs org.snakeyaml:snakeyaml-engine:3.2 on the class path", e);
        }
        if (value instanceof Map<?, ?> map) return (Map<String, @Nullable Object>) map;
        throw new KerasFileException(
                file,
                "",
                "expected a YAML mapping, got "
                        + (value instanceof List ? "a list" : value == null ? "nothing" : value.toString()));
    }
}
