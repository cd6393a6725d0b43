package org.keras4j.serialization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;

/**
 * Reads the {@code config} of one object: typed access by key, with errors that say where, what was expected and what
 * came.
 */
public final class ConfigReader {
    private final Registry registry;
    private final String where;
    private final Object raw;
    private final Map<String, Object> values;

    public ConfigReader(Registry registry, String where, @Nullable Object config) {
        this.registry = registry;
        this.where = where;
        this.raw = config == null ? Map.of() : config;
        Map<String, Object> map = new LinkedHashMap<>();
        if (config instanceof Map<?, ?> m) m.forEach((k, v) -> map.put(String.valueOf(k), v));
        this.values = map;
    }

    /** Returns the place of this config in the model, for messages. */
    public String where() {
        return where;
    }

    public Registry registry() {
        return registry;
    }

    /** Returns the whole config; mostly a map, but a list for a Keras 1 Sequential. */
    public Object raw() {
        return raw;
    }

    /** Returns all keys and values. */
    public Map<String, Object> values() {
        return values;
    }

    /** Says whether the key is there, be its value null or not. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Returns the value as JSON gave it: null, Boolean, Number, String, List or Map. */
    public @Nullable Object get(String key) {
        return values.get(key);
    }

    public int integer(String key) {
        return required(key, nullableInteger(key), "an integer");
    }

    public int integer(String key, int otherwise) {
        Integer value = nullableInteger(key);
        return value == null ? otherwise : value;
    }

    /** Returns the integer, or null if the key is absent or null. */
    public @Nullable Integer nullableInteger(String key) {
        Object value = values.get(key);
        if (value == null) return null;
        if (value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue())) return n.intValue();
        throw wrong(key, "an integer", value);
    }

    public double real(String key) {
        return required(key, nullableReal(key), "a number");
    }

    public double real(String key, double otherwise) {
        Double value = nullableReal(key);
        return value == null ? otherwise : value;
    }

    /** Returns the number, or null if the key is absent or null. */
    public @Nullable Double nullableReal(String key) {
        Object value = values.get(key);
        if (value == null) return null;
        if (value instanceof Number n) return n.doubleValue();
        throw wrong(key, "a number", value);
    }

    public boolean bool(String key, boolean otherwise) {
        Object value = values.get(key);
        if (value == null) return otherwise;
        if (value instanceof Boolean b) return b;
        throw wrong(key, "true or false", value);
    }

    public String string(String key) {
        return required(key, nullableString(key), "a string");
    }

    public String string(String key, String otherwise) {
        String value = nullableString(key);
        return value == null ? otherwise : value;
    }

    /** Returns the string, or null if the key is absent or null. */
    public @Nullable String nullableString(String key) {
        Object value = values.get(key);
        if (value == null) return null;
        if (value instanceof String s) return s;
        throw wrong(key, "a string", value);
    }

    /** Returns a list of integers; a single integer is a list of one. */
    public int[] ints(String key) {
        return required(key, nullableInts(key), "a list of integers");
    }

    /** Returns a list of integers (a single one is a list of one), or null if the key is absent or null. */
    public int @Nullable [] nullableInts(String key) {
        Object value = values.get(key);
        if (value == null) return null;
        if (value instanceof Number n) return new int[] {n.intValue()};
        if (!(value instanceof List<?> list)) throw wrong(key, "a list of integers", value);
        var out = new int[list.size()];
        for (int i = 0; i < out.length; i++) {
            if (!(list.get(i) instanceof Number n)) throw wrong(key, "a list of integers", value);
            out[i] = n.intValue();
        }
        return out;
    }

    /** Returns a shape (null sizes are unknown), or null if the key is absent or null. */
    public @Nullable Shape nullableShape(String key) {
        Object value = values.get(key);
        return value == null ? null : toShape(key, value);
    }

    /** Returns a shape, or the shapes in a list or map of them; null if the key is absent or null. */
    public @Nullable Object nullableShapes(String key) {
        Object value = values.get(key);
        return value == null ? null : toShapes(key, value);
    }

    private @Nullable Object toShapes(String key, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case List<?> list when isShape(list) -> toShape(key, list);
            case List<?> list -> {
                List<@Nullable Object> shapes = new ArrayList<>();
                for (Object inner : list) shapes.add(toShapes(key, inner));
                yield shapes;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> shapes = new LinkedHashMap<>();
                map.forEach((k, inner) -> shapes.put(k, toShapes(key, inner)));
                yield shapes;
            }
            default -> throw wrong(key, "a shape or a list or map of shapes", value);
        };
    }

    private static boolean isShape(List<?> list) {
        for (Object size : list) if (size != null && !(size instanceof Number)) return false;
        return true;
    }

    private Shape toShape(String key, Object value) {
        if (!(value instanceof List<?> list)) throw wrong(key, "a shape", value);
        List<@Nullable Number> dims = new ArrayList<>();
        for (Object d : list) {
            if (d != null && !(d instanceof Number)) throw wrong(key, "a shape", value);
            dims.add((Number) d);
        }
        return Shape.of(dims);
    }

    /** Returns a list, empty if the key is absent or null. */
    public List<?> list(String key) {
        Object value = values.get(key);
        if (value == null) return List.of();
        if (value instanceof List<?> list) return list;
        throw wrong(key, "a list", value);
    }

    /** Makes the object of the given type that the value describes, or null if the key is absent or null. */
    public <T> @Nullable T object(String key, Class<T> type) {
        Object value = values.get(key);
        return value == null ? null : deserialize(key, value, type);
    }

    /** Makes the object of the given type that {@code value}, found under {@code key}, describes. */
    public <T> T deserialize(String key, Object value, Class<T> type) {
        if (type.isInstance(value)) return type.cast(value);
        if (!(value instanceof Map<?, ?> map)) throw wrong(key, "an object of " + type.getSimpleName(), value);
        Object made = registry.deserialize(map, where + "/" + key);
        if (!type.isInstance(made))
            throw wrong(key, "a " + type.getSimpleName(), made.getClass().getSimpleName());
        return type.cast(made);
    }

    /** Returns the exception for a value that does not fit. */
    public ConfigException wrong(String key, String expected, @Nullable Object got) {
        return new ConfigException(where + ": " + key + ": expected " + expected + ", got " + got);
    }

    private <T> T required(String key, @Nullable T value, String expected) {
        if (value == null) throw wrong(key, expected, has(key) ? null : "nothing");
        return value;
    }
}
