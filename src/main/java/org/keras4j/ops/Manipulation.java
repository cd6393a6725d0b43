package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** Operations that only move elements around. */
final class Manipulation {
    private Manipulation() {}

    /** One size may be -1: what is left. */
    static Tensor reshape(Tensor x, int... dims) {
        int open = -1;
        long known = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && open < 0) open = i;
            else if (dims[i] < 0) throw new IllegalArgumentException("reshape: bad new shape " + Arrays.toString(dims));
            else known *= dims[i];
        }
        int[] full = dims.clone();
        long size = x.shape().size();
        if (open >= 0) {
            if (known == 0 || size % known != 0) throw misfit(x, dims);
            full[open] = (int) (size / known);
        } else if (known != size) throw misfit(x, dims);
        return Primitives.reshape(x, Shape.of(full));
    }

    private static IllegalArgumentException misfit(Tensor x, int[] dims) {
        return new IllegalArgumentException("reshape: " + x.shape().size() + " elements of shape " + x.shape()
                + " do not fit " + Arrays.toString(dims));
    }

    /** No axes: reverses their order. */
    static Tensor transpose(Tensor x, int @Nullable ... axes) {
        var p = new int[x.rank()];
        if (axes == null || axes.length == 0) {
            for (int i = 0; i < p.length; i++) p[i] = p.length - 1 - i;
            return Primitives.transpose(x, p);
        }
        var seen = new boolean[p.length];
        boolean fits = axes.length == p.length;
        for (int i = 0; fits && i < p.length; i++) {
            p[i] = x.shape().axis(axes[i]);
            fits = !seen[p[i]];
            seen[p[i]] = true;
        }
        if (!fits)
            throw new IllegalArgumentException(
                    "transpose: expected each axis of " + x.shape() + " once, got " + Arrays.toString(axes));
        return Primitives.transpose(x, p);
    }

    static Tensor swapaxes(Tensor x, int a, int b) {
        int[] p = identity(x.rank());
        int i = x.shape().axis(a);
        int j = x.shape().axis(b);
        p[i] = j;
        p[j] = i;
        return Primitives.transpose(x, p);
    }

    static Tensor moveaxis(Tensor x, int[] source, int[] destination) {
        if (source.length != destination.length)
            throw new IllegalArgumentException("moveaxis: " + Arrays.toString(source) + " and "
                    + Arrays.toString(destination) + " have different lengths");
        var p = new int[x.rank()];
        Arrays.fill(p, -1);
        var moved = new boolean[p.length];
        for (int i = 0; i < source.length; i++) {
            int from = x.shape().axis(source[i]);
            p[x.shape().axis(destination[i])] = from;
            moved[from] = true;
        }
        int next = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] >= 0) continue;
            while (moved[next]) next++;
            p[i] = next++;
        }
        return Primitives.transpose(x, p);
    }

    static int[] identity(int rank) {
        var p = new int[rank];
        for (int i = 0; i < rank; i++) p[i] = i;
        return p;
    }

    /** New axes of size 1 at these places of the result. */
    static Tensor expandDims(Tensor x, int... axes) {
        int rank = x.rank() + axes.length;
        var dims = new int[rank];
        for (int axis : axes) {
            if (axis < -rank || axis >= rank)
                throw new IllegalArgumentException("expandDims: axis " + axis + " is out of bounds for shape "
                        + x.shape() + " with " + axes.length + " more axes");
            dims[axis < 0 ? axis + rank : axis] = 1;
        }
        int next = 0;
        for (int i = 0; i < rank; i++) if (dims[i] == 0) dims[i] = 2;
        for (int i = 0; i < rank; i++) if (dims[i] == 2) dims[i] = x.shape().dim(next++);
        return Primitives.reshape(x, Shape.of(dims));
    }

    /** No axes: all of size 1. */
    static Tensor squeeze(Tensor x, int @Nullable ... axes) {
        boolean all = axes == null || axes.length == 0;
        Shape shape = x.shape();
        int[] drop = all ? identity(x.rank()) : Reductions.axes(x, axes);
        for (int i = drop.length - 1; i >= 0; i--) {
            if (shape.dim(drop[i]) == 1) shape = shape.without(drop[i]);
            else if (!all)
                throw new IllegalArgumentException(
                        "squeeze: axis " + drop[i] + " of shape " + x.shape() + " is not of size 1");
        }
        return Primitives.reshape(x, shape);
    }

    static Tensor concatenate(List<Tensor> parts, int axis) {
        if (parts.isEmpty()) throw new IllegalArgumentException("concatenate: no tensors");
        Shape first = parts.getFirst().shape();
        int at = first.axis(axis);
        for (Tensor t : parts)
            if (t.rank() != first.rank() || !t.shape().with(at, 0).equals(first.with(at, 0)))
                throw new IllegalArgumentException("concatenate: shapes must be equal except on axis " + axis + ", got "
                        + parts.stream().map(Tensor::shape).toList());
        return Primitives.concatenate(Arithmetic.promote(parts), at);
    }

    static Tensor stack(List<Tensor> parts, int axis) {
        if (parts.isEmpty()) throw new IllegalArgumentException("stack: no tensors");
        List<Tensor> wide = new ArrayList<>();
        for (Tensor t : parts) {
            if (!t.shape().equals(parts.getFirst().shape()))
                throw new IllegalArgumentException("stack: shapes must be equal, got "
                        + parts.stream().map(Tensor::shape).toList());
            wide.add(expandDims(t, axis));
        }
        return concatenate(wide, axis);
    }

    static List<Tensor> unstack(Tensor x, int axis) {
        List<Tensor> parts = new ArrayList<>();
        int at = x.shape().axis(axis);
        for (int i = 0; i < x.shape().dim(at); i++)
            parts.add(
                    Primitives.reshape(Primitives.slice(x, at, i, 1), x.shape().without(at)));
        return parts;
    }

    /** Adds axes as numpy.atleast_2d and atleast_3d do. */
    static List<Tensor> atLeast(List<Tensor> xs, int rank) {
        List<Tensor> out = new ArrayList<>();
        for (Tensor x : xs) {
            Tensor y = x.rank() == 0 ? expandDims(x, 0) : x;
            if (rank >= 2 && y.rank() == 1) y = expandDims(y, 0);
            if (rank == 3 && y.rank() == 2) y = expandDims(y, 2);
            out.add(y);
        }
        return out;
    }

    /** Splits into equal parts. */
    static List<Tensor> split(Tensor x, int sections, int axis) {
        int n = x.shape().dim(axis);
        if (sections < 1 || n % sections != 0)
            throw new IllegalArgumentException("split: axis " + axis + " of shape " + x.shape()
                    + " does not split into " + sections + " equal parts");
        var at = new int[sections - 1];
        for (int i = 0; i < at.length; i++) at[i] = (i + 1) * (n / sections);
        return splitAt(x, at, axis);
    }

    /** Splits before each of the indices. */
    static List<Tensor> splitAt(Tensor x, int[] indices, int axis) {
        int n = x.shape().dim(axis);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i <= indices.length; i++) {
            int from = i == 0 ? 0 : clampIndex(indices[i - 1], n);
            int to = i == indices.length ? n : clampIndex(indices[i], n);
            parts.add(Primitives.slice(x, axis, Math.min(from, n), Math.max(0, to - from)));
        }
        return parts;
    }

    /** Splits into {@code sections} parts of which the first are longer by one where it does not come out even. */
    static List<Tensor> arraySplit(Tensor x, int sections, int axis) {
        int n = x.shape().dim(axis);
        var at = new int[sections - 1];
        for (int i = 0, end = 0; i < at.length; i++) {
            end += n / sections + (i < n % sections ? 1 : 0);
            at[i] = end;
        }
        return splitAt(x, at, axis);
    }

    private static int clampIndex(int index, int n) {
        return Math.clamp(index < 0 ? index + n : index, 0, n);
    }

    static Tensor repeat(Tensor x, int times, @Nullable Integer axis) {
        if (axis == null) return repeat(Primitives.reshape(x, Shape.of(x.shape().size())), times, 0);
        int at = x.shape().axis(axis);
        Shape wide = x.shape().insert(at + 1, 1);
        Tensor many = Primitives.broadcast(Primitives.reshape(x, wide), wide.with(at + 1, times));
        return Primitives.reshape(many, x.shape().with(at, x.shape().dim(at) * times));
    }

    /** Repeats element i along the axis {@code times[i]} times. */
    static Tensor repeat(Tensor x, int[] times, @Nullable Integer axis) {
        if (times.length == 1) return repeat(x, times[0], axis);
        if (axis == null) return repeat(Primitives.reshape(x, Shape.of(x.shape().size())), times, 0);
        int at = x.shape().axis(axis);
        if (times.length != x.shape().dim(at))
            throw new IllegalArgumentException(
                    "repeat: " + times.length + " repeats for axis " + axis + " of shape " + x.shape());
        var index = new int[Arrays.stream(times).sum()];
        for (int i = 0, next = 0; i < times.length; i++) for (int k = 0; k < times[i]; k++) index[next++] = i;
        return Indexing.take(x, index, at);
    }

    static Tensor tile(Tensor x, int... repeats) {
        int rank = Math.max(x.rank(), repeats.length);
        var from = new int[2 * rank];
        var to = new int[2 * rank];
        var out = new int[rank];
        for (int i = 0; i < rank; i++) {
            int axis = i - (rank - x.rank());
            int r = i - (rank - repeats.length);
            int size = axis < 0 ? 1 : x.shape().dim(axis);
            int times = r < 0 ? 1 : repeats[r];
            from[2 * i] = 1;
            from[2 * i + 1] = size;
            to[2 * i] = times;
            to[2 * i + 1] = size;
            out[i] = size * times;
        }
        Tensor wide = Primitives.broadcast(Primitives.reshape(x, Shape.of(from)), Shape.of(to));
        return Primitives.reshape(wide, Shape.of(out));
    }

    static Tensor flip(Tensor x, int @Nullable [] axes) {
        return Primitives.flip(x, Reductions.axes(x, axes));
    }

    static Tensor roll(Tensor x, int shift, @Nullable Integer axis) {
        if (axis == null) {
            Tensor flat = Primitives.reshape(x, Shape.of(x.shape().size()));
            return Primitives.reshape(roll(flat, shift, 0), x.shape());
        }
        int at = x.shape().axis(axis);
        int n = x.shape().dim(at);
        int by = n == 0 ? 0 : Math.floorMod(shift, n);
        if (by == 0) return x;
        return Primitives.concatenate(
                List.of(Primitives.slice(x, at, n - by, by), Primitives.slice(x, at, 0, n - by)), at);
    }

    static Tensor roll(Tensor x, int[] shifts, int[] axes) {
        if (shifts.length != axes.length && shifts.length != 1 && axes.length != 1)
            throw new IllegalArgumentException("roll: " + shifts.length + " shifts for " + axes.length + " axes");
        Tensor y = x;
        for (int i = 0; i < Math.max(shifts.length, axes.length); i++)
            y = roll(y, shifts[shifts.length == 1 ? 0 : i], (Integer) axes[axes.length == 1 ? 0 : i]);
        return y;
    }

    /** Turns by 90 degrees {@code k} times, from the first of two axes towards the second. */
    static Tensor rot90(Tensor x, int k, int first, int second) {
        if (x.rank() < 2) throw new IllegalArgumentException("rot90: expected at least two axes, got " + x.shape());
        int a = x.shape().axis(first);
        int b = x.shape().axis(second);
        if (a == b) throw new IllegalArgumentException("rot90: axes must be different, got " + first + ", " + second);
        return switch (Math.floorMod(k, 4)) {
            case 1 -> swapaxes(Primitives.flip(x, b), a, b);
            case 2 -> Primitives.flip(x, a < b ? new int[] {a, b} : new int[] {b, a});
            case 3 -> Primitives.flip(swapaxes(x, a, b), b);
            default -> x;
        };
    }

    /** Modes: constant, reflect, symmetric, edge, wrap. */
    static Tensor pad(Tensor x, int[] low, int[] high, String mode, double value) {
        if (low.length != x.rank() || high.length != x.rank())
            throw new IllegalArgumentException(
                    "pad: expected two numbers for each axis of " + x.shape() + ", got " + low.length);
        return switch (mode) {
            case "constant" -> padConstant(x, low, high, value);
            case "reflect", "symmetric", "edge", "wrap" -> padByIndex(x, low, high, mode);
            default ->
                throw new IllegalArgumentException(
                        "pad: unknown mode \"" + mode + "\"; known: constant, edge, reflect, symmetric, wrap");
        };
    }

    private static Tensor padConstant(Tensor x, int[] low, int[] high, double value) {
        Tensor padded = Primitives.pad(x, low, high);
        if (value == 0 || padded == x) return padded;
        Tensor ones = Primitives.full(1, org.keras4j.DType.INT32, x.shape());
        Tensor inside = Primitives.cast(Primitives.pad(ones, low, high), org.keras4j.DType.BOOL);
        return Primitives.select(inside, padded, Arithmetic.fullLike(padded, value));
    }

    private static Tensor padByIndex(Tensor x, int[] low, int[] high, String mode) {
        Tensor y = x;
        for (int axis = 0; axis < low.length; axis++) {
            if (low[axis] == 0 && high[axis] == 0) continue;
            int n = x.shape().dim(axis);
            if (n == 0) throw new IllegalArgumentException("pad: axis " + axis + " of " + x.shape() + " is empty");
            var index = new int[low[axis] + n + high[axis]];
            for (int i = 0; i < index.length; i++) index[i] = sourceOf(i - low[axis], n, mode);
            y = Indexing.take(y, index, axis);
        }
        return y;
    }

    private static int sourceOf(int i, int n, String mode) {
        return switch (mode) {
            case "edge" -> Math.clamp(i, 0, n - 1);
            case "wrap" -> Math.floorMod(i, n);
            case "symmetric" -> {
                int m = Math.floorMod(i, 2 * n);
                yield m < n ? m : 2 * n - 1 - m;
            }
            default -> {
                if (n == 1) yield 0;
                int m = Math.floorMod(i, 2 * n - 2);
                yield m < n ? m : 2 * n - 2 - m;
            }
        };
    }
}
