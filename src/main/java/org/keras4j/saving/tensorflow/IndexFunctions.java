package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.layers.KerasTensor;
import org.keras4j.ops.Slice;

/** Functions that pick elements: slices, gathers. */
final class IndexFunctions {
    private static final String ELLIPSIS = "...";

    private IndexFunctions() {}

    static void register(Map<String, Function> all) {
        all.put("getitem", (a, e) -> item(a.first(), specs(a.get("slice_spec")), e));
        all.put("strided_slice", (a, e) -> item(a.first(), strided(a), e));
        all.put("slice", (a, e) -> {
            List<Integer> begin = a.ints("begin");
            List<Object> size = FunctionArguments.sizes(a.get("size"));
            List<@Nullable Object> key = new ArrayList<>();
            for (int i = 0; i < begin.size(); i++) key.add(part(begin.get(i), size.get(i), i));
            return item(a.first(), key, e);
        });
        all.put("gather", IndexFunctions::gather);
        all.put("embedding_lookup", (a, e) -> take(a.first(), a.get("ids"), 0, e));
    }

    /** As many as an axis has are all of it, even where only data tells how many. */
    private static Slice part(int begin, Object size, int axis) {
        Number count = Size.number(size);
        if (count != null) return Slice.of(begin, count.intValue() < 0 ? null : (Integer) (begin + count.intValue()));
        if (begin == 0 && size instanceof Size s && s.axis() == axis) return Slice.ALL;
        throw FunctionArguments.wrong("size", "a known size, or that of the axis", size);
    }

    private static List<@Nullable Object> specs(@Nullable Object spec) {
        List<?> items = spec instanceof List<?> list ? list : Arrays.asList(spec);
        List<@Nullable Object> key = new ArrayList<>();
        for (Object item : items) {
            key.add(
                    switch (item) {
                        case null -> null;
                        case String s when s.equals(ELLIPSIS) -> s;
                        case Map<?, ?> map when "__ellipsis__".equals(map.get("class_name")) -> ELLIPSIS;
                        case Map<?, ?> map ->
                            new Slice(bound(map.get("start")), bound(map.get("stop")), bound(map.get("step")));
                        case Object o when Size.number(o) != null -> bound(o);
                        default -> throw FunctionArguments.wrong("slice_spec", "numbers and slices", item);
                    });
        }
        return key;
    }

    private static @Nullable Integer bound(@Nullable Object value) {
        if (value == null) return null;
        Number number = Size.number(value);
        if (number == null) throw FunctionArguments.wrong("slice_spec", "known bounds", value);
        return number.intValue();
    }

    /** The masks say of which entries the numbers do not count. */
    private static List<@Nullable Object> strided(FunctionArguments a) {
        List<Integer> begin = a.ints("begin");
        List<Integer> end = a.ints("end");
        List<Integer> strides = a.has("strides") ? a.ints("strides") : List.of();
        List<@Nullable Object> key = new ArrayList<>();
        for (int i = 0; i < begin.size(); i++) {
            int bit = 1 << i;
            if ((a.integer("ellipsis_mask", 0) & bit) != 0) key.add(ELLIPSIS);
            else if ((a.integer("new_axis_mask", 0) & bit) != 0) key.add(null);
            else if ((a.integer("shrink_axis_mask", 0) & bit) != 0) key.add(begin.get(i));
            else
                key.add(new Slice(
                        (a.integer("begin_mask", 0) & bit) != 0 ? null : begin.get(i),
                        (a.integer("end_mask", 0) & bit) != 0 ? null : end.get(i),
                        i < strides.size() ? strides.get(i) : null));
        }
        return key;
    }

    private static Object item(@Nullable Object x, List<@Nullable Object> key, Emitter e) {
        if (x instanceof Size.Vector v) return ofSizes(v.sizes(), key);
        if (!(x instanceof KerasTensor t)) throw FunctionArguments.wrong("its first argument", "a tensor", x);
        return e.op("GetItem", t, expanded(key, t.shape().rank()));
    }

    /** Puts whole axes in the place of the ellipsis. */
    private static List<@Nullable Object> expanded(List<@Nullable Object> key, int rank) {
        int named =
                (int) key.stream().filter(k -> k != null && !k.equals(ELLIPSIS)).count();
        List<@Nullable Object> full = new ArrayList<>();
        for (Object k : key) {
            if (!ELLIPSIS.equals(k)) full.add(k);
            else for (int i = named; i < rank; i++) full.add(Slice.ALL);
        }
        return full;
    }

    private static Object ofSizes(List<Object> sizes, List<@Nullable Object> key) {
        if (key.size() != 1) throw FunctionArguments.wrong("slice_spec", "one number or slice of a shape", key);
        int count = sizes.size();
        if (key.getFirst() instanceof Integer i) return sizes.get(i < 0 ? i + count : i);
        if (!(key.getFirst() instanceof Slice s) || s.step() != null && s.step() < 0)
            throw FunctionArguments.wrong("slice_spec", "one number or slice of a shape", key);
        List<Object> part = new ArrayList<>();
        int step = s.step() == null ? 1 : s.step();
        int stop = clamped(s.stop() == null ? (Integer) count : s.stop(), count);
        for (int i = clamped(s.start() == null ? (Integer) 0 : s.start(), count); i < stop; i += step)
            part.add(sizes.get(i));
        return new Size.Vector(part);
    }

    private static int clamped(int index, int count) {
        return Math.clamp(index < 0 ? index + count : index, 0, count);
    }

    private static Object gather(FunctionArguments a, Emitter e) {
        if (a.integer("batch_dims", 0) != 0) throw FunctionArguments.wrong("batch_dims", "0", a.get("batch_dims"));
        if (a.first() instanceof Size.Vector v) {
            if (Size.number(a.get("indices")) instanceof Number n) return ofSizes(v.sizes(), List.of(n.intValue()));
            List<Object> picked = new ArrayList<>();
            for (int index : a.ints("indices")) picked.add(ofSizes(v.sizes(), List.of(index)));
            return new Size.Vector(picked);
        }
        return take(a.first(), a.get("indices"), a.integer("axis", 0), e);
    }

    private static Object take(@Nullable Object from, @Nullable Object indices, int axis, Emitter e) {
        Object table = e.operand(from, DType.FLOAT32);
        Object index = e.operand(indices, DType.INT32);
        return e.op(
                "Take",
                Map.of("axis", axis),
                table,
                index instanceof Number n ? Emitter.constant(n, DType.INT32) : index);
    }
}
