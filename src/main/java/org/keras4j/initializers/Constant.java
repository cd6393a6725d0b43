package org.keras4j.initializers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.serialization.ConfigReader;

/** Gives one number everywhere, or a given array. */
public final class Constant implements Initializer {
    private NDArray value = NDArray.of(0.0);

    public Constant() {}

    /** Takes a number or an array that broadcasts to the shape asked for: an NDArray or nested Java arrays. */
    public Constant(Object value) {
        value(value);
    }

    /** Takes a number or an array that broadcasts to the shape asked for: an NDArray or nested Java arrays. */
    public Constant value(Object value) {
        this.value = NDArray.of(value);
        return this;
    }

    @Override
    public NDArray call(Shape shape, DType dtype) {
        if (value.shape().rank() == 0) return NDArray.full(dtype, shape, value.item());
        NDArray out = NDArray.zeros(dtype, shape);
        int[] from = sources(shape);
        for (int i = 0; i < from.length; i++) out.set(i, value.get(from[i]));
        return out;
    }

    /** Returns for each element of {@code shape} the element of the value that it copies. */
    private int[] sources(Shape shape) {
        Shape own = value.shape();
        int lead = shape.rank() - own.rank();
        if (lead < 0) throw mismatch(shape);
        for (int a = 0; a < own.rank(); a++)
            if (own.dim(a) != 1 && own.dim(a) != shape.dim(a + lead)) throw mismatch(shape);
        var from = new int[shape.size()];
        for (int i = 0; i < from.length; i++) {
            int rest = i;
            int stride = 1;
            for (int a = own.rank() - 1; a >= 0; a--) {
                int position = rest % shape.dim(a + lead);
                rest /= shape.dim(a + lead);
                if (own.dim(a) != 1) from[i] += position * stride;
                stride *= own.dim(a);
            }
        }
        return from;
    }

    private IllegalArgumentException mismatch(Shape shape) {
        return new IllegalArgumentException(
                "Constant: expected a shape that " + value.shape() + " broadcasts to, got " + shape);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("value", value.shape().rank() == 0 ? number(value, 0) : numpy());
        return config;
    }

    private Map<String, Object> numpy() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("value", nest(0, 0));
        inner.put("dtype", value.dtype().keras());
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("class_name", "__numpy__");
        outer.put("config", inner);
        return outer;
    }

    private Object nest(int axis, int at) {
        Shape shape = value.shape();
        if (axis == shape.rank()) return number(value, at);
        int step = (int) shape.size(axis + 1, shape.rank());
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < shape.dim(axis); i++) rows.add(nest(axis + 1, at + i * step));
        return rows;
    }

    private static Object number(NDArray array, int index) {
        if (array.dtype().isFloating()) return array.get(index);
        if (array.dtype() == DType.BOOL) return array.get(index) != 0;
        return array.getLong(index);
    }

    /** Reads the value of a config: a number, a boolean, nested lists, or Keras's form of an array. */
    static Object read(ConfigReader config) {
        Object value = config.get("value");
        if (value == null) return 0.0;
        DType dtype = null;
        if (value instanceof Map<?, ?> map && map.get("config") instanceof Map<?, ?> inner) {
            if (inner.get("dtype") instanceof String name) dtype = DType.of(name);
            value = inner.get("value");
        }
        if (value instanceof Number || value instanceof Boolean)
            return dtype == null ? value : array(config, value, dtype);
        return array(config, value, dtype == null ? DType.FLOAT32 : dtype);
    }

    private static NDArray array(ConfigReader config, @Nullable Object value, DType dtype) {
        List<Integer> dims = new ArrayList<>();
        for (Object probe = value; probe instanceof List<?> list; probe = list.isEmpty() ? null : list.getFirst())
            dims.add(list.size());
        List<Double> elements = new ArrayList<>();
        flatten(config, value, elements);
        NDArray array = NDArray.zeros(dtype, Shape.of(dims));
        if (array.size() != elements.size()) throw config.wrong("value", "rows of one length", value);
        for (int i = 0; i < array.size(); i++) array.set(i, elements.get(i));
        return array;
    }

    private static void flatten(ConfigReader config, @Nullable Object value, List<Double> elements) {
        switch (value) {
            case Number n -> elements.add(n.doubleValue());
            case Boolean b -> elements.add(b ? 1.0 : 0.0);
            case List<?> list -> list.forEach(v -> flatten(config, v, elements));
            case null, default -> throw config.wrong("value", "a number or an array", value);
        }
    }
}
