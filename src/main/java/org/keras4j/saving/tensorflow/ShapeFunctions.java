package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.layers.KerasTensor;

/** Functions that make shapes of shapes, and those that give them: joining, cutting, repeating, filling. */
final class ShapeFunctions {
    private ShapeFunctions() {}

    static void register(Map<String, Function> all) {
        all.put("shape", (a, e) -> Size.of(a.x()));
        all.put("shape_v2", (a, e) -> Size.of(a.x()));
        all.put("rank", (a, e) -> (long) a.x().shape().rank());
        all.put("reshape", (a, e) -> Reshapes.reshape(a.x(), FunctionArguments.sizes(a.get("shape")), e));
        all.put("expand_dims", (a, e) -> e.op("ExpandDims", Map.of("axis", a.integer("axis")), a.x()));
        all.put("squeeze", (a, e) -> {
            Object axis = a.has("squeeze_dims") ? a.axes("squeeze_dims") : a.axes("axis");
            return e.op("Squeeze", axis == null ? Map.of() : Map.of("axis", axis), a.x());
        });
        all.put(
                "transpose",
                (a, e) -> e.op("Transpose", a.has("perm") ? Map.of("axes", a.ints("perm")) : Map.of(), a.x()));
        all.put("reverse", (a, e) -> e.op("Flip", Map.of("axis", a.ints("axis")), a.x()));
        all.put(
                "roll",
                (a, e) -> e.op("Roll", Map.of("shift", one(a.ints("shift")), "axis", one(a.ints("axis"))), a.x()));
        all.put("repeat", (a, e) -> {
            Map<String, Object> how = new LinkedHashMap<>();
            how.put("repeats", a.integer("repeats"));
            if (a.has("axis")) how.put("axis", a.integer("axis"));
            return e.op("Repeat", how, a.x());
        });
        all.put("pad", ShapeFunctions::pad);
        joining(all);
        filling(all);
    }

    private static Object one(List<Integer> values) {
        return values.size() == 1 ? values.getFirst() : values;
    }

    private static Object pad(FunctionArguments a, Emitter e) {
        if (!(a.get("paddings") instanceof List<?> widths))
            throw FunctionArguments.wrong("paddings", "a known number of elements", a.get("paddings"));
        String mode = a.text("mode", "CONSTANT").toLowerCase(Locale.ROOT);
        Map<String, Object> how = Map.of("pad_width", widths, "mode", mode);
        double value = a.real("constant_values", 0);
        return value == 0 ? e.op("Pad", how, a.x()) : e.op("Pad", how, a.x(), value);
    }

    private static void joining(Map<String, Function> all) {
        Function stack = (a, e) -> {
            if (!(a.first() instanceof List<?> parts)) return a.x();
            if (parts.stream().allMatch(Size::isScalar))
                return new Size.Vector(List.copyOf(FunctionArguments.sizes(parts)));
            return e.op("Stack", Map.of("axis", a.integer("axis", 0)), operands(parts, e));
        };
        all.put("stack", stack);
        all.put("parallel_stack", stack);
        all.put("concat", (a, e) -> {
            if (!(a.first() instanceof List<?> parts)) return a.x();
            if (parts.stream().noneMatch(KerasTensor.class::isInstance)) {
                List<Object> sizes = new ArrayList<>();
                for (Object part : parts) sizes.addAll(FunctionArguments.sizes(part));
                return new Size.Vector(sizes);
            }
            if (parts.size() == 1) return parts.getFirst();
            int axis = a.has("concat_dim") ? a.integer("concat_dim") : a.integer("axis");
            return e.op("Concatenate", Map.of("axis", axis), operands(parts, e));
        });
        all.put("split", ShapeFunctions::split);
        all.put("unstack", (a, e) -> {
            if (a.first() instanceof Size.Vector v) return v.sizes();
            return e.results("Unstack", Map.of("axis", a.integer("axis", 0)), a.x());
        });
    }

    private static List<Object> operands(List<?> parts, Emitter e) {
        DType dtype = DType.FLOAT32;
        for (Object part : parts) if (part instanceof KerasTensor t) dtype = t.dtype();
        List<Object> operands = new ArrayList<>();
        for (Object part : parts) {
            Object operand = e.operand(part, dtype);
            operands.add(operand instanceof Number n ? Emitter.constant(n, dtype) : operand);
        }
        return operands;
    }

    private static Object split(FunctionArguments a, Emitter e) {
        int axis = a.integer("axis", 0);
        Object parts = a.get("num_or_size_splits");
        if (parts instanceof Number n)
            return e.results("Split", Map.of("indices_or_sections", n.intValue(), "axis", axis), a.x());
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        List<Integer> sizes = a.ints("num_or_size_splits");
        for (int size : sizes.subList(0, sizes.size() - 1)) {
            if (size < 0) throw FunctionArguments.wrong("num_or_size_splits", "sizes but for the last", sizes);
            ends.add(end += size);
        }
        return e.results("Split", Map.of("indices_or_sections", ends, "axis", axis), a.x());
    }

    private static void filling(Map<String, Function> all) {
        all.put("zeros_like", (a, e) -> like("ZerosLike", a, e));
        all.put("ones_like", (a, e) -> like("OnesLike", a, e));
        all.put("zeros", (a, e) -> filled(a.first(), 0, a, e));
        all.put("ones", (a, e) -> filled(a.first(), 1, a, e));
        all.put("fill", (a, e) -> {
            Object dims = a.has("dims") ? a.get("dims") : a.first();
            return filled(dims, a.real("value", 0), a, e);
        });
        all.put("tile", ShapeFunctions::tile);
        all.put("broadcast_to", ShapeFunctions::broadcast);
        all.put("range", ShapeFunctions::range);
        all.put("one_hot", (a, e) -> {
            Map<String, Object> how = new LinkedHashMap<>();
            how.put("num_classes", a.integer("depth"));
            how.put("axis", a.integer("axis", -1));
            how.put("dtype", a.dtype("dtype", DType.FLOAT32).keras());
            KerasTensor hot = e.op("OneHot", how, a.x());
            double on = a.real("on_value", 1);
            double off = a.real("off_value", 0);
            return on == 1 && off == 0 ? hot : e.op("Add", e.op("Multiply", hot, on - off), off);
        });
    }

    private static Object like(String className, FunctionArguments a, Emitter e) {
        return e.op(
                className,
                a.has("dtype") ? Map.of("dtype", a.dtype("dtype", DType.FLOAT32).keras()) : Map.of(),
                a.x());
    }

    private static Object filled(@Nullable Object shape, Number value, FunctionArguments a, Emitter e) {
        return e.filled(FunctionArguments.sizes(shape), value, a.dtype("dtype", DType.FLOAT32));
    }

    /** Repeats; where a number of times is a size that only data tells, the axis must have size 1. */
    private static Object tile(FunctionArguments a, Emitter e) {
        List<Object> times = FunctionArguments.sizes(a.get("multiples"));
        DType dtype = a.first() instanceof KerasTensor t ? t.dtype() : DType.FLOAT32;
        Object x = e.operand(a.first(), dtype);
        List<Object> known = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            Number number = Size.number(times.get(i));
            if (number == null && x instanceof KerasTensor t && t.shape().dim(i) != 1)
                throw FunctionArguments.wrong("multiples", "known numbers where the axis is not of size 1", times);
            known.add(number == null ? 1 : number.intValue());
        }
        boolean once = known.stream().allMatch(k -> k.equals(1));
        return e.spread(once ? x : e.op("Tile", Map.of("repeats", known), x), times, dtype);
    }

    private static Object broadcast(FunctionArguments a, Emitter e) {
        List<Object> shape = FunctionArguments.sizes(a.get("shape"));
        if (shape.stream().allMatch(s -> Size.number(s) != null))
            return e.op("BroadcastTo", Map.of("shape", a.ints("shape")), a.x());
        return e.op("Add", a.x(), e.filled(shape, 0, a.x().dtype()));
    }

    private static Object range(FunctionArguments a, Emitter e) {
        boolean fromZero = !a.has("limit");
        Object start = fromZero ? (Object) 0L : a.first();
        Object limit = fromZero ? a.first() : a.get("limit");
        Object delta = a.has("delta") ? a.get("delta") : (Object) 1L;
        Number from = Size.number(start);
        Number to = Size.number(limit);
        Number step = Size.number(delta);
        if (from != null && to != null && step != null) {
            KerasTensor anchor = limit instanceof Size s ? s.tensor() : start instanceof Size s ? s.tensor() : null;
            if (anchor == null) throw FunctionArguments.wrong("limit", "a size of a tensor", limit);
            return e.anchored(Emitter.constant(steps(from, to, step), a.dtype("dtype", DType.INT32)), anchor);
        }
        if (from == null || from.doubleValue() != 0 || step == null || step.doubleValue() != 1)
            throw FunctionArguments.wrong("range", "0 to a size in steps of 1", Arrays.asList(start, limit, delta));
        if (!(limit instanceof Size size)) throw FunctionArguments.wrong("limit", "a size", limit);
        return e.cast(e.counted(size), a.dtype("dtype", DType.INT32));
    }

    private static List<Object> steps(Number from, Number to, Number step) {
        List<Object> values = new ArrayList<>();
        double distance = to.doubleValue() - from.doubleValue();
        int count = (int) Math.max(0, Math.ceil(distance / step.doubleValue()));
        for (int i = 0; i < count; i++) values.add(from.doubleValue() + i * step.doubleValue());
        return values;
    }
}
