package org.keras4j.saving.archive;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * JSON as Python writes it, in plain Java values: {@link Map} in file order, {@link List}, {@link String},
 * {@link Long} ({@link BigInteger} where a long is too short), {@link Double}, {@link Boolean} and null.
 *
 * <p>{@code NaN}, {@code Infinity} and {@code -Infinity} are read and written; duplicate keys, trailing text and
 * documents beyond the limits are refused.
 */
public final class Json {
    private static final int MAX_DEPTH = 500;
    private static final long MAX_DOCUMENT = 1L << 30;
    private static final int MAX_STRING = 1 << 28;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(MAX_DOCUMENT)
                    .maxStringLength(MAX_STRING)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {}

    /**
     * Reads one JSON document.
     *
     * @param text the document
     * @param file what errors call the file
     * @param place where in the file the document is, for errors
     * @throws KerasFileException if the text is not one JSON document within the limits
     */
    public static @Nullable Object parse(String text, String file, String place) {
        return parse(text.getBytes(StandardCharsets.UTF_8), file, place);
    }

    /** Reads one JSON document in UTF-8. */
    public static @Nullable Object parse(byte[] utf8, String file, String place) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
            JsonToken token = parser.nextToken();
            if (token == null) throw new KerasFileException(file, place, "expected JSON, got nothing");
            Object value = value(parser, token);
            if (parser.nextToken() != null)
                throw new KerasFileException(file, place, "expected one JSON document, got more after it");
            return value;
        } catch (JacksonException e) {
            String at =
                    e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
            throw new KerasFileException(
                    file, place, "is not JSON that can be read" + at + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Reads a document that must be an object. */
    public static Map<String, @Nullable Object> parseObject(String text, String file, String place) {
        return parseObject(text.getBytes(StandardCharsets.UTF_8), file, place);
    }

    /** Reads a document in UTF-8 that must be an object. */
    @SuppressWarnings("unchecked") // parse makes no other maps
    public static Map<String, @Nullable Object> parseObject(byte[] utf8, String file, String place) {
        Object value = parse(utf8, file, place);
        if (value instanceof Map<?, ?> map) return (Map<String, @Nullable Object>) map;
        throw new KerasFileException(
                file,
                place,
                "expected a JSON object, got "
                        + (value instanceof List ? "a list" : value == null ? "null" : value.toString()));
    }

    /** Writes a document on one line, as Python's {@code json.dumps} does. */
    public static String write(@Nullable Object value) {
        return new JsonText(0).append(value).toString();
    }

    /** Writes a document with every element on its own line, {@code indent} spaces deeper a level. */
    public static String write(@Nullable Object value, int indent) {
        return new JsonText(indent).append(value).toString();
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("unexpected token " + token);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String key = parser.nextName(); key != null; key = parser.nextName())
            map.put(key, value(parser, parser.nextToken()));
        return map;
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken())
            list.add(value(parser, token));
        return list;
    }

    private static Number integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getBigIntegerValue();
        };
    }
}
