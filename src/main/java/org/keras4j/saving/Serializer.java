package org.keras4j.saving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.Slice;
import org.keras4j.serialization.ConfigException;
import org.keras4j.serialization.Configurable;
import org.keras4j.serialization.Described;
import org.keras4j.serialization.Registry;
import org.keras4j.serialization.Saveable;

/** Turns objects into the maps and lists that Keras writes as JSON, one instance a file. */
final class Serializer {
    private final Map<Object, Map<String, @Nullable Object>> known = new IdentityHashMap<>();
    private long lastId;

    /** Returns {@code value} in plain form: maps, lists, strings, numbers, booleans, null. */
    @Nullable
    Object serialize(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String index when index.equals("...") -> Map.of("class_name", "__ellipsis__", "config", Map.of());
            case String _, Boolean _, Number _ -> value;
            case Described(Configurable object, Map<String, Object> more) -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>(object(object));
                out.putAll(map(more));
                yield out;
            }
            case Configurable object -> object(object);
            case Shape shape -> dims(shape);
            case DType dtype -> dtype.keras();
            case NDArray array -> array.shape().rank() == 0 ? nested(array) : array("__numpy__", array);
            case Tensor tensor -> array("__tensor__", tensor.value());
            case Slice slice -> slice(slice);
            case Map<?, ?> map -> map(map);
            case Iterable<?> list -> list(list);
            case Object[] list -> list(Arrays.asList(list));
            case int[] list -> boxed(list);
            case float[] _, double[] _, long[] _ -> nested(NDArray.of(value));
            default ->
                throw new ConfigException("Cannot be saved: " + value.getClass().getName() + " " + value
                        + "; expected a Configurable, a plain value, or lists and maps of them");
        };
    }

    private Map<String, @Nullable Object> object(Configurable object) {
        // whether two layers share one initializer or one dtype policy makes no difference to anybody
        if (!(object instanceof Saveable)) return described(object);
        Map<String, @Nullable Object> before = known.get(object);
        Map<String, @Nullable Object> out = before == null ? described(object) : new LinkedHashMap<>(before);
        if (before == null) {
            known.put(object, out);
        } else {
            Object id = before.computeIfAbsent("shared_object_id", _ -> ++lastId);
            out.put("shared_object_id", id);
        }
        return out;
    }

    private Map<String, @Nullable Object> described(Configurable object) {
        String module = object.module();
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("module", module.isEmpty() ? null : module);
        out.put("class_name", object.className());
        out.put("config", map(object.getConfig()));
        out.put("registered_name", registeredName(module, object.className()));
        if (object instanceof Saveable saveable) {
            Map<String, Object> build = saveable.getBuildConfig();
            if (build != null) out.put("build_config", map(build));
            Map<String, Object> compile = saveable.getCompileConfig();
            if (compile != null) out.put("compile_config", map(compile));
        }
        return out;
    }

    /** Keras leaves the name out for what it exports, and repeats the class name for what it keeps inside. */
    private static @Nullable String registeredName(String module, String className) {
        if (module.startsWith("keras.src")) return className;
        if (!module.isEmpty()) return null;
        String custom = Registry.keras().customName(className);
        return custom == null ? className : custom;
    }

    private Map<String, @Nullable Object> map(Map<?, ?> map) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), serialize(value)));
        return out;
    }

    private List<@Nullable Object> list(Iterable<?> list) {
        List<@Nullable Object> out = new ArrayList<>();
        for (Object value : list) out.add(serialize(value));
        return out;
    }

    private static List<@Nullable Integer> dims(Shape shape) {
        List<@Nullable Integer> out = new ArrayList<>();
        for (int dim : shape.dims()) out.add(dim == Shape.UNKNOWN ? null : dim);
        return out;
    }

    private static Map<String, @Nullable Object> slice(Slice slice) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("start", slice.start());
        config.put("stop", slice.stop());
        config.put("step", slice.step());
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("class_name", "__slice__");
        out.put("config", config);
        return out;
    }

    private static List<Integer> boxed(int[] list) {
        List<Integer> out = new ArrayList<>();
        for (int value : list) out.add(value);
        return out;
    }

    private static Map<String, Object> array(String className, NDArray array) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("value", nested(array));
        config.put("dtype", array.dtype().keras());
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("class_name", className);
        out.put("config", config);
        return out;
    }

    /** Returns the elements as lists in lists. */
    private static Object nested(NDArray array) {
        return nested(array, 0, 0);
    }

    private static Object nested(NDArray array, int axis, int at) {
        if (axis == array.shape().rank()) {
            if (array.dtype() == DType.BOOL) return array.getLong(at) != 0;
            if (!array.dtype().isFloating()) return array.getLong(at);
            return array.data() instanceof float[] floats ? (Object) floats[at] : (Object) array.get(at);
        }
        int block = (int) array.shape().size(axis + 1, array.shape().rank());
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < array.shape().dim(axis); i++) out.add(nested(array, axis + 1, at + i * block));
        return out;
    }
}
