package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.OpLayer;
import org.keras4j.ops.Slice;
import org.keras4j.utils.Tree;

/** Makes operations of Keras 3 in the place of one layer of a file, named after it. */
final class Emitter {
    private final String name;
    private @Nullable Layer last;
    private int count;

    Emitter(String name) {
        this.name = name;
    }

    KerasTensor op(String className, @Nullable Object... args) {
        return op(className, Map.of(), args);
    }

    /** Makes an operation with one result; {@code config} holds what its class is made with. */
    KerasTensor op(String className, Map<String, ?> config, @Nullable Object... args) {
        return (KerasTensor) results(className, config, args).getFirst();
    }

    List<Object> results(String className, Map<String, ?> config, @Nullable Object... args) {
        OpLayer layer = OpLayer.of(className, new LinkedHashMap<>(config));
        layer.name(name + "." + ++count);
        last = layer;
        return List.copyOf(Tree.flatten(layer.applyTo(Call.of(args)), KerasTensor.class));
    }

    /** Applies a layer of Keras where there is no operation that does the same. */
    KerasTensor apply(Layer layer, KerasTensor x) {
        layer.name(name + "." + ++count);
        last = layer;
        return (KerasTensor) layer.applyTo(Call.of(x));
    }

    /** Gives the operation that was made last the layer's own name, by which outputs are called. */
    void finish(boolean isFirstCall) {
        if (isFirstCall && last != null) last.name(name);
    }

    KerasTensor cast(KerasTensor x, DType dtype) {
        return x.dtype() == dtype ? x : op("Cast", Map.of("dtype", dtype.keras()), x);
    }

    /** Returns the value as an operation takes it beside a tensor of {@code dtype}. */
    Object operand(@Nullable Object value, DType dtype) {
        return switch (value) {
            case KerasTensor t -> t;
            case Number n -> n;
            case Boolean b -> b;
            case Size size -> size.known() == null ? cast(measured(size), dtype) : size.known();
            case Size.Vector vector -> operand(vector.sizes(), dtype);
            case List<?> list
            when holdsTensors(list) -> {
                List<Object> parts = new ArrayList<>();
                for (Object part : list) {
                    Object operand = operand(part, dtype);
                    parts.add(operand instanceof Number n ? constant(n, dtype) : operand);
                }
                yield op("Stack", Map.of("axis", 0), parts);
            }
            case List<?> list -> constant(list, dtype);
            case null, default -> throw new IllegalArgumentException("expected a tensor, got " + value);
        };
    }

    private static boolean holdsTensors(List<?> list) {
        for (Object part : list) {
            if (part instanceof KerasTensor || part instanceof Size) return true;
            if (part instanceof List<?> inner && holdsTensors(inner)) return true;
        }
        return false;
    }

    /** Returns numbers in lists as a constant; of a kind with fractions if {@code dtype} or a number has some. */
    static Tensor constant(Object value, DType dtype) {
        List<Integer> dims = new ArrayList<>();
        List<Number> flat = new ArrayList<>();
        flatten(value, dims, flat, 0);
        NDArray array = NDArray.zeros(dtype, Shape.of(dims));
        if (array.size() != flat.size())
            throw new IllegalArgumentException("expected rows of one length in a constant of shape " + dims);
        for (int i = 0; i < flat.size(); i++) array.set(i, flat.get(i).doubleValue());
        return Tensor.of(array);
    }

    private static void flatten(@Nullable Object value, List<Integer> dims, List<Number> flat, int depth) {
        switch (value) {
            case List<?> list -> {
                if (dims.size() == depth) dims.add(list.size());
                for (Object part : list) flatten(part, dims, flat, depth + 1);
            }
            case Number n -> flat.add(n);
            case Boolean b -> flat.add(b ? 1 : 0);
            case null, default -> throw new IllegalArgumentException("expected numbers in a constant, got " + value);
        }
    }

    /** Returns ones along the axis whose size it is. */
    KerasTensor onesAlong(Size size) {
        if (size.axis() == Size.COMPUTED)
            throw new IllegalArgumentException(
                    "expected the size of an axis, got what was computed of sizes that only data tells");
        KerasTensor x = size.tensor();
        List<Object> key = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) key.add(axis == size.axis() ? Slice.ALL : (Object) 0);
        return op("OnesLike", Map.of("dtype", "int32"), op("GetItem", x, key));
    }

    /** Returns the size as a scalar tensor of whole numbers. */
    KerasTensor measured(Size size) {
        return op("Sum", onesAlong(size));
    }

    /** Returns 0, 1, 2 and so on, as many as the size says. */
    KerasTensor counted(Size size) {
        return op("Subtract", op("Cumsum", Map.of("axis", 0), onesAlong(size)), 1);
    }

    /** Makes a constant a place in the graph, by adding zero in the form of an element of a tensor that is in it. */
    KerasTensor anchored(Tensor constant, KerasTensor anchor) {
        List<Object> key = new ArrayList<>();
        for (int axis = 0; axis < anchor.shape().rank(); axis++) key.add(0);
        Map<String, Object> dtype = Map.of("dtype", constant.dtype().keras());
        return op("Add", constant, op("ZerosLike", dtype, op("GetItem", anchor, key)));
    }

    /** Returns a tensor of {@code shape} filled with one value, where some sizes are those of tensors. */
    KerasTensor filled(List<Object> shape, Number value, DType dtype) {
        List<Integer> known = new ArrayList<>();
        KerasTensor anchor = null;
        boolean all = true;
        for (Object size : shape) {
            Number number = Size.number(size);
            known.add(number == null ? 1 : number.intValue());
            all &= number != null;
            if (size instanceof Size s) anchor = s.tensor();
        }
        if (anchor == null) throw new IllegalArgumentException("expected a shape with sizes of a tensor, got " + shape);
        NDArray array = NDArray.zeros(dtype, Shape.of(known));
        for (int i = 0; i < array.size(); i++) array.set(i, value.doubleValue());
        Tensor constant = Tensor.of(array);
        return all ? anchored(constant, anchor) : (KerasTensor) spread(constant, shape, dtype);
    }

    /** Stretches a tensor along the axes whose sizes in {@code shape} only data tells. */
    Object spread(Object tensor, List<Object> shape, DType dtype) {
        Object out = tensor;
        for (int axis = 0; axis < shape.size(); axis++) {
            if (!(shape.get(axis) instanceof Size size) || size.known() != null) continue;
            KerasTensor zeros = op("ZerosLike", onesAlong(size));
            List<Object> column = new ArrayList<>();
            for (int i = 0; i < shape.size(); i++) column.add(i == axis ? -1 : 1);
            out = op("Add", out, cast(op("Reshape", Map.of("newshape", column), zeros), dtype));
        }
        return out;
    }
}
