package org.keras4j.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.Layer;
import org.keras4j.ops.Slice;

/** Reads one call of a layer in a functional model's config. */
final class CallReader {
    private final FunctionalReader model;
    private boolean missing;

    private CallReader(FunctionalReader model) {
        this.model = model;
    }

    /** Returns the call, or null if a tensor that it takes is not made yet. */
    static @Nullable Call read(FunctionalReader model, String layer, Object entry) {
        var reader = new CallReader(model);
        Call call = switch (entry) {
            case Map<?, ?> map -> reader.keras3(map);
            case List<?> list when model.isFunction(layer) -> reader.function(list);
            case List<?> list -> reader.keras2(layer, list);
            default -> throw model.config().wrong("inbound_nodes", "a call", entry);
        };
        return reader.missing ? null : call;
    }

    private Call keras3(Map<?, ?> map) {
        List<@Nullable Object> args = new ArrayList<>();
        if (map.get("args") instanceof List<?> list) for (Object o : list) args.add(value(o));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        if (map.get("kwargs") instanceof Map<?, ?> m) m.forEach((k, v) -> kwargs.put(String.valueOf(k), value(v)));
        return new Call(args, kwargs);
    }

    private @Nullable Object value(@Nullable Object json) {
        return switch (json) {
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object o : list) out.add(value(o));
                yield out;
            }
            case Map<?, ?> map
            when map.get("class_name") instanceof String name
                    && map.get("config") instanceof Map<?, ?> c
                    && name.startsWith("__") -> special(name, c);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put(String.valueOf(k), value(v)));
                yield out;
            }
            case null, default -> json;
        };
    }

    private @Nullable Object special(String name, Map<?, ?> config) {
        return switch (name) {
            case "__keras_tensor__" -> tensor(Objects.requireNonNull((List<?>) config.get("keras_history")), 0);
            case "__slice__" ->
                new Slice(integer(config.get("start")), integer(config.get("stop")), integer(config.get("step")));
            case "__ellipsis__" -> "...";
            case "__tensor__", "__numpy__" -> Tensor.of(array(config));
            default -> throw model.config().wrong("inbound_nodes", "a tensor or a plain value", name);
        };
    }

    private static @Nullable Integer integer(@Nullable Object value) {
        return value instanceof Number n ? n.intValue() : null;
    }

    private static NDArray array(Map<?, ?> config) {
        DType dtype = DType.of(String.valueOf(config.get("dtype")));
        List<Number> flat = new ArrayList<>();
        List<Integer> dims = new ArrayList<>();
        flatten(config.get("value"), flat, dims, 0);
        NDArray out = NDArray.zeros(dtype, Shape.of(dims));
        for (int i = 0; i < flat.size(); i++) out.set(i, flat.get(i).doubleValue());
        return out;
    }

    private static void flatten(@Nullable Object value, List<Number> flat, List<Integer> dims, int depth) {
        if (value instanceof List<?> list) {
            if (dims.size() == depth) dims.add(list.size());
            for (Object o : list) flatten(o, flat, dims, depth + 1);
        } else {
            flat.add(value instanceof Boolean b ? (Number) (b ? 1 : 0) : (Number) value);
        }
    }

    private @Nullable Object tensor(List<?> place, int indexShift) {
        String name = (String) place.get(0);
        int node = ((Number) place.get(1)).intValue() - indexShift;
        Object found = model.tensor(name, node, ((Number) place.get(2)).intValue());
        if (found == null) missing = true;
        return found;
    }

    // ---- Keras 1 and 2 ----------------------------------------------------------------------------------------------

    /** A list of {@code [layer, node, tensor, kwargs]}, or a single one of them where an operation has one input. */
    private Call keras2(String layerName, List<?> list) {
        List<List<?>> places = new ArrayList<>();
        if (!list.isEmpty() && list.getFirst() instanceof String) places.add(list);
        else for (Object o : list) places.add((List<?>) o);
        List<@Nullable Object> tensors = new ArrayList<>();
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        for (List<?> place : places) {
            if ("_CONSTANT_VALUE".equals(place.getFirst())) tensors.add(place.get(2));
            else tensors.add(old(place));
            if (place.size() > 3 && place.get(3) instanceof Map<?, ?> map)
                map.forEach((k, v) -> kwargs.put(String.valueOf(k), oldArgument(v)));
        }
        kwargs.remove("name");
        Layer layer = model.layer(layerName);
        if (tensors.size() == 1) return new Call(tensors, kwargs);
        if (layer != null && layer.takesInitialState()) {
            kwargs.put("initial_state", new ArrayList<>(tensors.subList(1, tensors.size())));
            return new Call(tensors.subList(0, 1), kwargs);
        }
        return new Call(List.of(tensors), kwargs);
    }

    /** A call of a function: its first argument in the structure in which it was given, the others by name. */
    private Call function(List<?> list) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        List<@Nullable Object> first = new ArrayList<>();
        first.add(firstArgument(list, kwargs));
        kwargs.remove("name");
        return new Call(first, kwargs);
    }

    private @Nullable Object firstArgument(List<?> list, Map<String, @Nullable Object> kwargs) {
        if (list.size() > 2 && list.getFirst() instanceof String name) {
            if (list.size() > 3 && list.get(3) instanceof Map<?, ?> map)
                map.forEach((k, v) -> kwargs.put(String.valueOf(k), oldArgument(v)));
            return name.equals("_CONSTANT_VALUE") ? list.get(2) : old(list);
        }
        List<@Nullable Object> out = new ArrayList<>();
        for (Object part : list) {
            if (!(part instanceof List<?> inner)) throw model.config().wrong("inbound_nodes", "a call", list);
            out.add(firstArgument(inner, kwargs));
        }
        return out;
    }

    /** A model inside a model counts its calls from 1 in these versions. */
    private @Nullable Object old(List<?> place) {
        int shift =
                model.layer((String) place.get(0)) instanceof Model && ((Number) place.get(1)).intValue() > 0 ? 1 : 0;
        return tensor(place, shift);
    }

    private @Nullable Object oldArgument(@Nullable Object value) {
        if (value instanceof List<?> place && FunctionalReader.isPlace(place) && model.has((String) place.getFirst()))
            return old(place);
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            for (Object o : list) out.add(oldArgument(o));
            return out;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((k, v) -> out.put(String.valueOf(k), oldArgument(v)));
            return out;
        }
        return value;
    }
}
