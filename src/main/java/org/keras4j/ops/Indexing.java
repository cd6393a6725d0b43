package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Taking elements by index, and putting them. */
final class Indexing {
    private Indexing() {}

    static Tensor constant(int... values) {
        return Tensor.of(NDArray.of(Shape.of(values.length), values));
    }

    /** Takes along an axis by indices known now, as slices where they are a range. */
    static Tensor take(Tensor x, int[] index, int axis) {
        int n = x.shape().dim(axis);
        for (int i : index)
            if (i < 0 || i >= n)
                throw new IllegalArgumentException(
                        "Index " + i + " is out of bounds for axis " + axis + " of shape " + x.shape());
        boolean range = index.length > 0;
        for (int i = 1; range && i < index.length; i++) range = index[i] == index[i - 1] + 1;
        return range ? Primitives.slice(x, axis, index[0], index.length) : Primitives.gather(x, constant(index), axis);
    }

    /** Counts negative indices from the end, as int32. */
    static Tensor wrapped(Tensor indices, int n) {
        Tensor i = Primitives.cast(indices, DType.INT32);
        if (indices.dtype().isUnsigned()) return i;
        if (indices.op() instanceof Op.Constant(NDArray known)) {
            boolean positive = true;
            for (int k = 0; positive && k < known.size(); k++) positive = known.getLong(k) >= 0;
            if (positive) return i;
        }
        return Primitives.select(Arithmetic.test(Binary.LESS, i, 0), Primitives.shift(i, n), i);
    }

    /** {@code numpy.take}: no axis takes from the flattened values. Negative indices count from the end. */
    static Tensor take(Tensor x, Tensor indices, @Nullable Integer axis) {
        if (axis == null) return take(Primitives.reshape(x, Shape.of(x.shape().size())), indices, 0);
        int at = x.shape().axis(axis);
        return Primitives.gather(x, wrapped(indices, x.shape().dim(at)), at);
    }

    /** {@code numpy.take_along_axis}: axes other than {@code axis} broadcast. */
    static Tensor takeAlongAxis(Tensor x, Tensor indices, @Nullable Integer axis) {
        if (axis == null) {
            Tensor flat = Primitives.reshape(x, Shape.of(x.shape().size()));
            return takeAlongAxis(
                    flat, Primitives.reshape(indices, Shape.of(indices.shape().size())), 0);
        }
        if (x.rank() != indices.rank())
            throw new IllegalArgumentException("takeAlongAxis: indices of shape " + indices.shape()
                    + " must have as many axes as x of shape " + x.shape());
        int at = x.shape().axis(axis);
        int n = x.shape().dim(at);
        Shape outer =
                Arithmetic.broadcast(x.shape().with(at, 1), indices.shape().with(at, 1));
        Tensor source =
                Manipulation.moveaxis(Arithmetic.broadcastTo(x, outer.with(at, n)), new int[] {at}, new int[] {-1});
        Tensor wanted = Manipulation.moveaxis(
                Arithmetic.broadcastTo(
                        wrapped(indices, n), outer.with(at, indices.shape().dim(at))),
                new int[] {at},
                new int[] {-1});
        Shape result = wanted.shape();
        int rows = (int) result.size(0, result.rank() - 1);
        int m = result.last();
        Tensor base = Primitives.scale(Primitives.iota(0, DType.INT32, Shape.of(rows, m)), n);
        Tensor places = Primitives.add(Primitives.reshape(wanted, Shape.of(rows, m)), base);
        Tensor flat = Primitives.gather(
                Primitives.reshape(source, Shape.of(rows * n)), Primitives.reshape(places, Shape.of(rows * m)), 0);
        return Manipulation.moveaxis(Primitives.reshape(flat, result), new int[] {-1}, new int[] {at});
    }

    /** Classes outside 0 to n - 1 (or -n to -1 for negative wrapping) give zeros. */
    static Tensor oneHot(Tensor x, int classes, int axis, DType dtype) {
        int rank = x.rank() + 1;
        int at = axis < 0 ? axis + rank : axis;
        if (at < 0 || at >= rank)
            throw new IllegalArgumentException("oneHot: axis " + axis + " is out of bounds for shape " + x.shape());
        Tensor index = Primitives.cast(x, DType.INT32);
        Shape wide = x.shape().insert(at, 1);
        Shape shape = wide.with(at, classes);
        Tensor repeated = Primitives.broadcast(Primitives.reshape(index, wide), shape);
        Tensor equal = Primitives.binary(Binary.EQUAL, repeated, Primitives.iota(at, DType.INT32, shape));
        return Primitives.cast(equal, dtype);
    }

    /** {@code start:stop:step} along one axis, as Python takes it; null bounds are open. */
    static Tensor range(Tensor x, int axis, @Nullable Integer start, @Nullable Integer stop, int step) {
        int n = x.shape().dim(axis);
        if (step == 0) throw new IllegalArgumentException("A slice's step must not be 0");
        int lowest = step > 0 ? 0 : -1;
        int highest = step > 0 ? n : n - 1;
        int from = start == null ? (step > 0 ? 0 : n - 1) : Math.clamp(start < 0 ? start + n : start, lowest, highest);
        int to = stop == null ? (step > 0 ? n : -1) : Math.clamp(stop < 0 ? stop + n : stop, lowest, highest);
        int size = Math.max(0, step > 0 ? Math.ceilDiv(to - from, step) : Math.ceilDiv(from - to, -step));
        int at = x.shape().axis(axis);
        int first = step > 0 ? from : from + (size - 1) * step;
        int[] starts = new int[x.rank()];
        int[] sizes = x.shape().dims();
        int[] strides = new int[x.rank()];
        Arrays.fill(strides, 1);
        starts[at] = size == 0 ? 0 : first;
        sizes[at] = size;
        strides[at] = Math.abs(step);
        Tensor y = Primitives.slice(x, starts, sizes, strides);
        return step > 0 ? y : Primitives.flip(y, at);
    }

    /**
     * Python's {@code x[index]}: one entry per axis, each an Integer, a {@link Slice}, {@code "..."} for as many axes
     * as are left, null for a new axis, or a Tensor of indices (at most one).
     */
    static Tensor getItem(Tensor x, List<? extends @Nullable Object> index) {
        int used = 0;
        for (Object o : index) if (o != null && !"...".equals(o)) used++;
        if (used > x.rank())
            throw new IllegalArgumentException("Too many indices " + index + " for shape " + x.shape());
        Tensor y = x;
        int axis = 0;
        for (Object o : index) {
            switch (o) {
                case null -> y = Manipulation.expandDims(y, axis++);
                case Integer i -> y = at(y, axis, i);
                case Long i -> y = at(y, axis, i.intValue());
                case Slice s -> {
                    y = range(y, axis, s.start(), s.stop(), s.step() == null ? 1 : s.step());
                    axis++;
                }
                case Tensor t -> {
                    y = take(y, t, (Integer) axis);
                    axis += t.rank();
                }
                case String s when s.equals("...") -> axis += x.rank() - used;
                default ->
                    throw new IllegalArgumentException(
                            "An index is an integer, a slice, \"...\", null or a tensor, got " + o);
            }
        }
        return y;
    }

    private static Tensor at(Tensor x, int axis, int index) {
        int n = x.shape().dim(axis);
        int i = index < 0 ? index + n : index;
        if (i < 0 || i >= n)
            throw new IllegalArgumentException(
                    "Index " + index + " is out of bounds for axis " + axis + " of shape " + x.shape());
        return Primitives.reshape(Primitives.slice(x, axis, i, 1), x.shape().without(axis));
    }

    /** {@code lax.dynamic_slice}: starts are moved so that the slice fits. */
    static Tensor slice(Tensor x, int[] starts, int[] sizes) {
        var from = new int[x.rank()];
        var size = new int[x.rank()];
        if (starts.length != x.rank() || sizes.length != x.rank())
            throw new IllegalArgumentException("slice: expected " + x.rank() + " starts and sizes for shape "
                    + x.shape() + ", got " + starts.length + " and " + sizes.length);
        for (int i = 0; i < from.length; i++) {
            int n = x.shape().dim(i);
            int start = starts[i] < 0 ? starts[i] + n : starts[i];
            size[i] = sizes[i] == -1 ? n - start : sizes[i];
            if (size[i] > n || size[i] < 0)
                throw new IllegalArgumentException(
                        "slice: size " + size[i] + " of axis " + i + " exceeds shape " + x.shape());
            from[i] = Math.clamp(start, 0, n - size[i]);
        }
        return Primitives.slice(x, from, size);
    }

    /** Replaces the part of {@code x} that begins at {@code starts}. */
    static Tensor sliceUpdate(Tensor x, int[] starts, Tensor updates) {
        if (starts.length != x.rank() || updates.rank() != x.rank())
            throw new IllegalArgumentException("sliceUpdate: expected " + x.rank() + " starts and axes, got "
                    + starts.length + " and updates of shape " + updates.shape());
        var low = new int[x.rank()];
        var high = new int[x.rank()];
        for (int i = 0; i < low.length; i++) {
            int n = x.shape().dim(i);
            int m = updates.shape().dim(i);
            if (m > n)
                throw new IllegalArgumentException(
                        "sliceUpdate: updates of shape " + updates.shape() + " exceed " + x.shape());
            low[i] = Math.clamp(starts[i] < 0 ? starts[i] + n : starts[i], 0, n - m);
            high[i] = n - m - low[i];
        }
        Tensor put = Primitives.pad(Primitives.cast(updates, x.dtype()), low, high);
        Tensor ones = Primitives.full(1, DType.INT32, updates.shape());
        Tensor inside = Primitives.cast(Primitives.pad(ones, low, high), DType.BOOL);
        return Primitives.select(inside, put, x);
    }

    /** Says whether the value of {@code x} is known without running anything. */
    static boolean isKnown(Tensor x) {
        return x.op() instanceof Op.Constant || x.op() instanceof Op.Full || x.hasValue();
    }

    /** A start that is computed, moved so that {@code size} elements of {@code n} fit. */
    private static Tensor fitted(Tensor starts, int axis, int n, int size) {
        Tensor start = wrapped(Primitives.slice(starts, 0, axis, 1), n);
        return Elementwise.clip(start, 0, n - size);
    }

    /** {@link #slice(Tensor, int[], int[])} from starts {@code [rank]} that are computed. */
    static Tensor slice(Tensor x, Tensor starts, int[] sizes) {
        if (isKnown(starts)) return slice(x, starts.value().ints(), sizes);
        Tensor y = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            int n = x.shape().dim(axis);
            int size = sizes[axis] == -1 ? n : sizes[axis];
            if (size == n) continue;
            Tensor places = Primitives.iota(0, DType.INT32, Shape.of(size));
            y = Primitives.gather(y, Arithmetic.binary(Binary.ADD, places, fitted(starts, axis, n, size)), axis);
        }
        return y;
    }

    /** {@link #sliceUpdate(Tensor, int[], Tensor)} at starts {@code [rank]} that are computed. */
    static Tensor sliceUpdate(Tensor x, Tensor starts, Tensor updates) {
        if (isKnown(starts)) return sliceUpdate(x, starts.value().ints(), updates);
        Tensor y = Primitives.cast(updates, x.dtype());
        Tensor inside = Primitives.full(1, DType.BOOL, x.shape());
        for (int axis = 0; axis < x.rank(); axis++) {
            int n = x.shape().dim(axis);
            int m = updates.shape().dim(axis);
            Tensor place = Arithmetic.binary(
                    Binary.SUB, Primitives.iota(0, DType.INT32, Shape.of(n)), fitted(starts, axis, n, m));
            y = Primitives.gather(y, Elementwise.clip(place, 0, m - 1), axis);
            Tensor here = Arithmetic.logical(
                    Binary.LOGICAL_AND,
                    Arithmetic.test(Binary.GREATER_EQUAL, place, 0),
                    Arithmetic.test(Binary.LESS, place, m));
            var dims = new int[x.rank()];
            Arrays.fill(dims, 1);
            dims[axis] = n;
            inside = Arithmetic.logical(Binary.LOGICAL_AND, inside, Primitives.reshape(here, Shape.of(dims)));
        }
        return Primitives.select(inside, y, x);
    }

    /** Updates {@code x} at {@code indices[..., k]}, which name places of the first k axes. */
    static Tensor scatterUpdate(Tensor x, Tensor indices, Tensor updates, Op.Update update) {
        int k = indices.shape().last();
        if (k > x.rank())
            throw new IllegalArgumentException(
                    "scatter: indices of shape " + indices.shape() + " have more columns than " + x.shape() + " axes");
        int n = (int) x.shape().size(0, k);
        int row = (int) x.shape().size(k, x.rank());
        int m = indices.shape().size() / Math.max(1, k);
        Tensor index = Primitives.reshape(Primitives.cast(indices, DType.INT32), Shape.of(m, k));
        Tensor flat = Primitives.full(0, DType.INT32, Shape.of(m));
        for (int axis = 0; axis < k; axis++) {
            Tensor column = Primitives.reshape(Primitives.slice(index, 1, axis, 1), Shape.of(m));
            Tensor place = wrapped(column, x.shape().dim(axis));
            flat = Primitives.add(flat, Primitives.scale(place, x.shape().size(axis + 1, k)));
        }
        Tensor rows = Primitives.reshape(x, Shape.of(n, row));
        Shape whole = indices.shape().without(-1).concat(x.shape().from(k));
        Tensor news = Arithmetic.broadcastTo(Primitives.cast(updates, x.dtype()), whole);
        Tensor out = Primitives.scatter(update, rows, flat, Primitives.reshape(news, Shape.of(m, row)));
        return Primitives.reshape(out, x.shape());
    }

    /** Reduces the rows of {@code data} that have the same segment id; empty segments get the identity. */
    static Tensor segment(Tensor data, Tensor ids, int segments, Op.Update update) {
        if (ids.rank() != 1
                || data.rank() < 1
                || ids.shape().dim(0) != data.shape().dim(0))
            throw new IllegalArgumentException(
                    "segment: expected one id for each row of data " + data.shape() + ", got ids " + ids.shape());
        Shape shape = data.shape().with(0, segments);
        double first = switch (update) {
            case SET, ADD -> 0;
            case MUL -> 1;
            case MAX -> lowest(data.dtype());
            case MIN -> highest(data.dtype());
        };
        int row = (int) shape.size(1, shape.rank());
        Tensor start = Primitives.full(first, data.dtype(), Shape.of(segments, row));
        Tensor rows = Primitives.reshape(data, Shape.of(data.shape().dim(0), row));
        return Primitives.reshape(Primitives.scatter(update, start, Primitives.cast(ids, DType.INT32), rows), shape);
    }

    static double lowest(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32 -> 0;
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.NEGATIVE_INFINITY;
        };
    }

    static double highest(DType dtype) {
        return switch (dtype) {
            case BOOL -> 1;
            case UINT8 -> 0xff;
            case UINT16 -> 0xffff;
            case UINT32 -> 0xffff_ffffL;
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.POSITIVE_INFINITY;
        };
    }

    /** Rows i and columns j of a matrix as int32 tensors of shape {@code shape}. */
    static Tensor diagonalTest(Binary test, Shape shape, int k) {
        Tensor rows = Primitives.iota(-2, DType.INT32, shape);
        Tensor columns = Primitives.iota(-1, DType.INT32, shape);
        return Primitives.binary(test, Primitives.sub(columns, rows), Primitives.full(k, DType.INT32, shape));
    }

    static Tensor tril(Tensor x, int k) {
        checkMatrix("tril", x);
        return Primitives.select(diagonalTest(Binary.LESS_EQUAL, x.shape(), k), x, Arithmetic.fullLike(x, 0));
    }

    static Tensor triu(Tensor x, int k) {
        checkMatrix("triu", x);
        return Primitives.select(diagonalTest(Binary.GREATER_EQUAL, x.shape(), k), x, Arithmetic.fullLike(x, 0));
    }

    private static void checkMatrix(String name, Tensor x) {
        if (x.rank() < 2)
            throw new IllegalArgumentException(name + ": expected at least two axes, got shape " + x.shape());
    }

    /** Values and indices, sorted along {@code axis}. */
    static List<Tensor> sort(Tensor x, @Nullable Integer axis, boolean descending) {
        Tensor y = axis == null ? Primitives.reshape(x, Shape.of(x.shape().size())) : x;
        Tensor sorted = Tensor.of(new Op.Sort(axis == null ? 0 : y.shape().axis(axis), descending), y);
        return List.of(Primitives.item(sorted, 0), Primitives.item(sorted, 1));
    }

    /** The k greatest values of the last axis and their indices, in falling order. */
    static List<Tensor> topK(Tensor x, int k) {
        if (x.rank() < 1 || k < 0 || k > x.shape().last())
            throw new IllegalArgumentException("topK: k = " + k + " does not fit shape " + x.shape());
        List<Tensor> out = new ArrayList<>();
        for (Tensor t : sort(x, -1, true)) out.add(Primitives.slice(t, -1, 0, k));
        return out;
    }
}
