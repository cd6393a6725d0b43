package org.keras4j.cli.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.Call;
import org.keras4j.serialization.Registry;

/** One recorded case: its keys as JSON gave them, and as values. */
final class Case {
    private final Map<String, Object> raw;
    private final Recording recording;

    Case(Map<String, Object> raw, Recording recording) {
        this.raw = raw;
        this.recording = recording;
    }

    String id() {
        return String.valueOf(raw.get("id"));
    }

    String className() {
        return String.valueOf(raw.getOrDefault("class", raw.get("function")));
    }

    boolean has(String key) {
        return raw.get(key) != null;
    }

    /** Returns the value of a key as JSON gave it. */
    @Nullable
    Object raw(String key) {
        return raw.get(key);
    }

    /** Returns the value of a key with tensors in it. */
    @Nullable
    Object get(String key) {
        return recording.decode(raw.get(key));
    }

    List<?> list(String key) {
        return get(key) instanceof List<?> list ? list : List.of();
    }

    boolean tagged(String tag) {
        return raw.get("tags") instanceof List<?> tags && tags.contains(tag);
    }

    /** Returns the tolerance for values, as the case's tags have it. */
    Tolerance tolerance() {
        return tagged("mixed") || tagged("half") ? Tolerance.HALF : Tolerance.VALUES;
    }

    Tolerance gradientTolerance() {
        return tagged("mixed") || tagged("half") ? Tolerance.HALF : Tolerance.GRADIENTS;
    }

    /** Says whether only one of Keras's own backends stands behind the recorded values. */
    boolean isDisputed(String key) {
        return raw.get(key) instanceof List<?> backends && backends.size() < 2;
    }

    /** Returns the positional and keyword arguments. */
    Call call() {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        if (get("kwargs") instanceof Map<?, ?> map) map.forEach((k, v) -> kwargs.put(String.valueOf(k), v));
        return new Call(new ArrayList<>(list("args")), kwargs);
    }

    /** Makes the object that {@code config} describes. */
    <T> T object(Class<T> type) {
        if (!(raw.get("config") instanceof Map<?, ?> config)) throw new SkipException("a case without a config");
        return make(config, type);
    }

    /** Makes the object that a Keras config describes; a class that does not exist here is skipped. */
    static <T> T make(Map<?, ?> config, Class<T> type) {
        String className = String.valueOf(config.get("class_name"));
        String module = config.get("module") instanceof String m ? m : null;
        if (Registry.keras().find(module, className, null) == null)
            throw new SkipException("class " + (module == null ? "" : module + ".") + className + " does not exist");
        return type.cast(Registry.keras().deserialize(config, "config"));
    }

    /** Follows a path such as {@code args/0/1} through the arguments. */
    static @Nullable Object follow(Call call, String path) {
        Object at = Map.of("args", call.args(), "kwargs", call.kwargs());
        for (String key : path.split("/")) {
            at = switch (at) {
                case List<?> list -> list.get(Integer.parseInt(key));
                case Map<?, ?> map -> map.get(key);
                case null, default -> throw new SkipException("no argument at " + path);
            };
        }
        return at;
    }
}
