package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;
import static org.keras4j.ops.Operations.alias;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Making, moving, joining and indexing by name. */
final class ShapeEntries {
    private ShapeEntries() {}

    static void register() {
        making();
        moving();
        joining();
        splitting();
        indexing();
        asking();
    }

    private static void making() {
        add("array(x, dtype=None)", a -> converted(a));
        add("convert_to_tensor(x, dtype=None, sparse=None, ragged=None)", a -> converted(a));
        add("zeros(shape, dtype=None)", a -> Primitives.full(0, a.dtype("dtype", DTypes.floatx()), a.shape("shape")));
        add("ones(shape, dtype=None)", a -> Primitives.full(1, a.dtype("dtype", DTypes.floatx()), a.shape("shape")));
        alias("zeros", "empty");
        add(
                "full(shape, fill_value, dtype=None)",
                a -> Arithmetic.broadcastTo(
                        Primitives.cast(a.tensor("fill_value"), a.dtype("dtype", DTypes.floatx())), a.shape("shape")));
        add("zeros_like(x, dtype=None)", a -> like(a, 0));
        add("ones_like(x, dtype=None)", a -> like(a, 1));
        alias("zeros_like", "empty_like");
        add("full_like(x, fill_value, dtype=None)", a -> {
            Tensor x = a.tensor("x");
            return Arithmetic.broadcastTo(
                    Primitives.cast(a.tensor("fill_value"), a.dtype("dtype", x.dtype())), x.shape());
        });
        add("arange(start, stop=None, step=None, dtype=None)", ShapeEntries::arange);
        add("linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)", a -> {
            Tensor[] ends = a.pair("start", "stop");
            DType wide = DTypes.floating(DTypes.result(ends[0].dtype(), ends[1].dtype()));
            int num = a.integer("num");
            Tensor y = Creation.linspace(
                    ends[0], ends[1], num, a.flag("endpoint"), a.dtype("dtype", wide), a.integer("axis"));
            if (!a.flag("retstep")) return y;
            int steps = a.flag("endpoint") ? num - 1 : num;
            Tensor range = Arithmetic.binary(Binary.SUB, ends[1], ends[0]);
            return List.of(y, Primitives.scale(Primitives.cast(range, wide), steps > 0 ? 1.0 / steps : Double.NaN));
        });
        add(
                "logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0)",
                a -> Creation.logspace(
                        a.pair("start", "stop"),
                        a.integer("num"),
                        a.flag("endpoint"),
                        a.real("base"),
                        a.optionalDtype("dtype"),
                        a.integer("axis")));
        add(
                "geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)",
                a -> Creation.geomspace(
                        a.pair("start", "stop"),
                        a.integer("num"),
                        a.flag("endpoint"),
                        a.optionalDtype("dtype"),
                        a.integer("axis")));
        add(
                "eye(N, M=None, k=0, dtype=None)",
                a -> Creation.eye(
                        a.integer("N"),
                        a.has("M") ? a.integer("M") : a.integer("N"),
                        a.integer("k"),
                        a.dtype("dtype", DTypes.floatx())));
        add(
                "identity(n, dtype=None)",
                a -> Creation.eye(a.integer("n"), a.integer("n"), 0, a.dtype("dtype", DTypes.floatx())));
        add(
                "tri(N, M=None, k=0, dtype=None)",
                a -> Creation.tri(
                        a.integer("N"),
                        a.has("M") ? a.integer("M") : a.integer("N"),
                        a.integer("k"),
                        a.dtype("dtype", DTypes.floatx())));
        for (String name : List.of("bartlett", "blackman", "hamming", "hanning"))
            add(name + "(x)", a -> WindowFunctions.symmetric(name, a.integer("x"), 0));
        add("kaiser(x, beta)", a -> WindowFunctions.symmetric("kaiser", a.integer("x"), a.real("beta")));
    }

    private static Tensor converted(Arguments a) {
        return Creation.tensor(a.tensor("x"), a.optionalDtype("dtype"));
    }

    private static Tensor like(Arguments a, double value) {
        Tensor x = a.tensor("x");
        return Primitives.full(value, a.dtype("dtype", x.dtype()), x.shape());
    }

    private static Tensor arange(Arguments a) {
        boolean one = !a.has("stop");
        double start = one ? 0 : a.real("start");
        double stop = one ? a.real("start") : a.real("stop");
        double step = a.real("step", 1);
        DType type = a.tensor("start").dtype();
        if (!one) type = DTypes.result(type, a.tensor("stop").dtype());
        if (a.has("step")) type = DTypes.result(type, a.tensor("step").dtype());
        return Creation.arange(start, stop, step, a.dtype("dtype", type));
    }

    private static void moving() {
        add("reshape(x, newshape)", a -> Manipulation.reshape(a.tensor("x"), a.ints("newshape")));
        add("ravel(x)", a -> Manipulation.reshape(a.tensor("x"), -1));
        add("transpose(x, axes=None)", a -> Manipulation.transpose(a.tensor("x"), a.optionalInts("axes")));
        add(
                "swapaxes(x, axis1, axis2)",
                a -> Manipulation.swapaxes(a.tensor("x"), a.integer("axis1"), a.integer("axis2")));
        add(
                "moveaxis(x, source, destination)",
                a -> Manipulation.moveaxis(a.tensor("x"), a.ints("source"), a.ints("destination")));
        add("expand_dims(x, axis)", a -> Manipulation.expandDims(a.tensor("x"), a.ints("axis")));
        add("squeeze(x, axis=None)", a -> Manipulation.squeeze(a.tensor("x"), a.optionalInts("axis")));
        add("broadcast_to(x, shape)", a -> Arithmetic.broadcastTo(a.tensor("x"), a.shape("shape")));
        add("repeat(x, repeats, axis=None)", a -> {
            int[] times = a.ints("repeats");
            return times.length == 1
                    ? Manipulation.repeat(a.tensor("x"), times[0], a.optionalInteger("axis"))
                    : Manipulation.repeat(a.tensor("x"), times, a.optionalInteger("axis"));
        });
        add("tile(x, repeats)", a -> Manipulation.tile(a.tensor("x"), a.ints("repeats")));
        add("flip(x, axis=None)", a -> Manipulation.flip(a.tensor("x"), a.optionalInts("axis")));
        add("flipud(x)", a -> Manipulation.flip(a.tensor("x"), new int[] {0}));
        add("fliplr(x)", a -> Manipulation.flip(a.tensor("x"), new int[] {1}));
        add("roll(x, shift, axis=None)", a -> {
            int[] shifts = a.ints("shift");
            return a.has("axis")
                    ? Manipulation.roll(a.tensor("x"), shifts, a.ints("axis"))
                    : Manipulation.roll(a.tensor("x"), Arrays.stream(shifts).sum(), (Integer) null);
        });
        add("rot90(array, k=1, axes=None)", a -> {
            int[] axes = a.has("axes") ? a.ints("axes") : new int[] {0, 1};
            return Manipulation.rot90(a.tensor("array"), a.integer("k"), axes[0], axes[1]);
        });
        add("pad(x, pad_width, mode=\"constant\", constant_values=None)", ShapeEntries::pad);
        add(
                "rearrange(tensor, pattern, **axes_lengths)",
                a -> Rearrange.rearrange(a.tensor("tensor"), a.text("pattern"), Objects.requireNonNull((Map<?, ?>)
                        a.get("axes_lengths"))));
        add(
                "view(x, dtype=None)",
                a -> BitViews.view(a.tensor("x"), a.dtype("dtype", a.tensor("x").dtype())));
    }

    private static Tensor pad(Arguments a) {
        Tensor x = a.tensor("x");
        String mode = a.text("mode");
        if (a.has("constant_values") && !mode.equals("constant"))
            throw new IllegalArgumentException(
                    "pad: constant_values goes with mode \"constant\", got \"" + mode + "\"");
        var low = new int[x.rank()];
        var high = new int[x.rank()];
        int[] widths = a.tensor("pad_width").ints();
        if (widths.length > 2 && widths.length != 2 * x.rank())
            throw a.wrong("pad_width", "one number, a pair, or a pair for each axis of " + x.shape());
        for (int i = 0; i < low.length; i++) {
            low[i] = widths[widths.length <= 2 ? 0 : 2 * i];
            high[i] = widths[widths.length <= 2 ? widths.length - 1 : 2 * i + 1];
        }
        return Manipulation.pad(x, low, high, mode, a.real("constant_values", 0));
    }

    private static void joining() {
        add(
                "concatenate(xs, axis=0)",
                a -> a.has("axis")
                        ? Manipulation.concatenate(a.tensors("xs"), a.integer("axis"))
                        : Manipulation.concatenate(
                                a.tensors("xs").stream()
                                        .map(x -> Manipulation.reshape(x, -1))
                                        .toList(),
                                0));
        add("stack(x, axis=0)", a -> Manipulation.stack(a.tensors("x"), a.integer("axis")));
        add("append(x1, x2, axis=None)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            if (a.has("axis")) return Manipulation.concatenate(List.of(x[0], x[1]), a.integer("axis"));
            return Manipulation.concatenate(List.of(Manipulation.reshape(x[0], -1), Manipulation.reshape(x[1], -1)), 0);
        });
        add("hstack(xs)", a -> {
            List<Tensor> xs = Manipulation.atLeast(a.tensors("xs"), 1);
            return Manipulation.concatenate(xs, xs.getFirst().rank() == 1 ? 0 : 1);
        });
        add("vstack(xs)", a -> Manipulation.concatenate(Manipulation.atLeast(a.tensors("xs"), 2), 0));
        add("dstack(xs)", a -> Manipulation.concatenate(Manipulation.atLeast(a.tensors("xs"), 3), 2));
        add("meshgrid(*x, indexing=\"xy\")", a -> Creation.meshgrid(a.tensors("x"), a.text("indexing")));
    }

    private static void splitting() {
        add("split(x, indices_or_sections, axis=0)", a -> split(a, a.integer("axis")));
        add("vsplit(x, indices_or_sections)", a -> split(a, 0));
        add("hsplit(x, indices_or_sections)", a -> split(a, a.tensor("x").rank() == 1 ? 0 : 1));
        add("dsplit(x, indices_or_sections)", a -> split(a, 2));
        add(
                "array_split(x, indices_or_sections, axis=0)",
                a -> a.get("indices_or_sections") instanceof Number n
                        ? Manipulation.arraySplit(a.tensor("x"), n.intValue(), a.integer("axis"))
                        : split(a, a.integer("axis")));
        add("unstack(x, num=None, axis=0)", a -> {
            List<Tensor> parts = Manipulation.unstack(a.tensor("x"), a.integer("axis"));
            if (a.has("num") && a.integer("num") != parts.size()) throw a.wrong("num", Integer.toString(parts.size()));
            return parts;
        });
    }

    private static List<Tensor> split(Arguments a, int axis) {
        return a.get("indices_or_sections") instanceof Number n
                ? Manipulation.split(a.tensor("x"), n.intValue(), axis)
                : Manipulation.splitAt(a.tensor("x"), a.ints("indices_or_sections"), axis);
    }

    private static void indexing() {
        add(
                "get_item(x, key)",
                a -> Indexing.getItem(
                        a.tensor("x"), a.get("key") instanceof List<?> list ? list : Arrays.asList(a.get("key"))));
        add(
                "take(x, indices, axis=None)",
                a -> Indexing.take(a.tensor("x"), a.tensor("indices"), a.optionalInteger("axis")));
        add(
                "take_along_axis(x, indices, axis=None)",
                a -> Indexing.takeAlongAxis(a.tensor("x"), a.tensor("indices"), a.optionalInteger("axis")));
        add("slice(inputs, start_indices, shape)", a -> Indexing.slice(a.tensor("inputs"), starts(a), a.ints("shape")));
        add(
                "slice_update(inputs, start_indices, updates)",
                a -> Indexing.sliceUpdate(a.tensor("inputs"), starts(a), a.tensor("updates")));
        add("scatter(indices, values, shape)", a -> {
            Tensor values = a.tensor("values");
            Tensor zeros = Primitives.full(0, values.dtype(), a.shape("shape"));
            return Indexing.scatterUpdate(zeros, a.tensor("indices"), values, Op.Update.ADD);
        });
        add(
                "scatter_update(inputs, indices, updates, reduction=None)",
                a -> Indexing.scatterUpdate(
                        a.tensor("inputs"),
                        a.tensor("indices"),
                        a.tensor("updates"),
                        update(a.optionalText("reduction"))));
        add("tril(x, k=0)", a -> Indexing.tril(a.tensor("x"), a.integer("k")));
        add("triu(x, k=0)", a -> Indexing.triu(a.tensor("x"), a.integer("k")));
        add("unravel_index(indices, shape)", a -> Searching.unravelIndex(a.tensor("indices"), a.shape("shape")));
    }

    private static Tensor starts(Arguments a) {
        return Primitives.cast(Manipulation.reshape(a.tensor("start_indices"), -1), DType.INT32);
    }

    private static Op.Update update(@Nullable String reduction) {
        return switch (reduction) {
            case null -> Op.Update.SET;
            case "add" -> Op.Update.ADD;
            case "mul" -> Op.Update.MUL;
            case "max" -> Op.Update.MAX;
            case "min" -> Op.Update.MIN;
            default ->
                throw new IllegalArgumentException(
                        "scatter_update: unknown reduction \"" + reduction + "\"; known: add, max, min, mul");
        };
    }

    private static void asking() {
        add("shape(x)", a -> a.tensor("x").shape());
        add("ndim(x)", a -> a.tensor("x").rank());
        add("size(x)", a -> a.tensor("x").shape().size());
        add("dtype(x)", a -> a.tensor("x").dtype().keras());
        add("is_tensor(x)", a -> a.get("x") instanceof Tensor);
        add("convert_to_numpy(x)", a -> a.tensor("x").value());
    }
}
