package org.keras4j.backend.cpu;

import java.util.Arrays;
import java.util.List;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.StridedCopy;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.op.Op;

/** Prepares the operations that only move elements, for every dtype. */
final class Copies {
    private Copies() {}

    static Kernel transpose(WorkPool pool, Op.Transpose op, View x, View out) {
        int[] strides = strides(x.shape());
        var from = new int[strides.length];
        for (int axis = 0; axis < from.length; axis++)
            from[axis] = strides[op.permutation().get(axis)];
        return copy(pool, out.shape().dims(), x, 0, from, out, 0, strides(out.shape()));
    }

    static Kernel slice(WorkPool pool, Op.Slice op, View x, View out) {
        int[] strides = strides(x.shape());
        int start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            start += op.starts().get(axis) * strides[axis];
            strides[axis] *= op.strides().get(axis);
        }
        return copy(pool, out.shape().dims(), x, start, strides, out, 0, strides(out.shape()));
    }

    static Kernel flip(WorkPool pool, Op.Flip op, View x, View out) {
        int[] strides = strides(x.shape());
        int start = 0;
        for (int axis : op.axes().toArray()) {
            start += (x.shape().dim(axis) - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return copy(pool, out.shape().dims(), x, start, strides, out, 0, strides(out.shape()));
    }

    static Kernel pad(WorkPool pool, Op.Pad op, View x, View out) {
        int[] strides = strides(out.shape());
        int start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            start += op.low().get(axis) * strides[axis];
            strides[axis] *= 1 + op.interior().get(axis);
        }
        Kernel move = copy(pool, x.shape().dims(), x, 0, strides(x.shape()), out, start, strides);
        Object to = array(out);
        int first = (int) out.offset();
        int end = first + out.size();
        return () -> {
            clear(to, first, end);
            move.run();
        };
    }

    static Kernel concatenate(WorkPool pool, Op.Concatenate op, List<View> in, View out) {
        int[] strides = strides(out.shape());
        var moves = new Kernel[in.size()];
        int start = 0;
        for (int j = 0; j < moves.length; j++) {
            Shape shape = in.get(j).shape();
            moves[j] = copy(pool, shape.dims(), in.get(j), 0, strides(shape), out, start, strides);
            start += shape.dim(op.axis()) * strides[op.axis()];
        }
        return () -> {
            for (Kernel move : moves) move.run();
        };
    }

    private static Kernel copy(
            WorkPool pool, int[] dims, View from, int start, int[] fromStrides, View to, int at, int[] toStrides) {
        var copy = new StridedCopy(pool, dims, fromStrides, toStrides);
        Object source = array(from);
        Object target = array(to);
        int fo = (int) from.offset() + start;
        int place = (int) to.offset() + at;
        return () -> copy.run(source, fo, target, place);
    }

    private static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        int step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape.dim(axis));
        }
        return strides;
    }

    private static Object array(View view) {
        return ((HostMemory) view.memory()).array();
    }

    private static void clear(Object array, int from, int to) {
        switch (array) {
            case float[] a -> Arrays.fill(a, from, to, 0);
            case double[] a -> Arrays.fill(a, from, to, 0);
            case int[] a -> Arrays.fill(a, from, to, 0);
            case long[] a -> Arrays.fill(a, from, to, 0);
            default -> throw new AssertionError(array.getClass());
        }
    }
}
