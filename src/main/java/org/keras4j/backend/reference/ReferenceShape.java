package org.keras4j.backend.reference;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Operations that only move elements. Each is a walk over the smaller side with strides into both. */
final class ReferenceShape {
    private ReferenceShape() {}

    static Kernel transpose(Op.Transpose op, View x, View out) {
        int[] from = Walk.strides(x.shape());
        var strides = new int[from.length];
        for (int i = 0; i < strides.length; i++)
            strides[i] = from[op.permutation().get(i)];
        return move(x, out, out.shape().dims(), 0, strides, 0, Walk.strides(out.shape()));
    }

    static Kernel slice(Op.Slice op, View x, View out) {
        int[] strides = Walk.strides(x.shape());
        int start = 0;
        for (int i = 0; i < strides.length; i++) {
            start += op.starts().get(i) * strides[i];
            strides[i] *= op.strides().get(i);
        }
        return move(x, out, out.shape().dims(), start, strides, 0, Walk.strides(out.shape()));
    }

    static Kernel flip(Op.Flip op, View x, View out) {
        int[] strides = Walk.strides(x.shape());
        int start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            if (!op.axes().contains(axis)) continue;
            start += (x.shape().dim(axis) - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return move(x, out, out.shape().dims(), start, strides, 0, Walk.strides(out.shape()));
    }

    static Kernel pad(Op.Pad op, View x, View out) {
        int[] strides = Walk.strides(out.shape());
        int start = 0;
        for (int i = 0; i < strides.length; i++) {
            start += op.low().get(i) * strides[i];
            strides[i] *= op.interior().get(i) + 1;
        }
        Elements target = Elements.of(out);
        Kernel place = move(x, out, x.shape().dims(), 0, Walk.strides(x.shape()), start, strides);
        return () -> {
            for (int i = 0; i < target.size; i++) target.setLong(i, 0);
            place.run();
        };
    }

    static Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        int[] strides = Walk.strides(out.shape());
        var parts = new Kernel[in.size()];
        int start = 0;
        for (int i = 0; i < parts.length; i++) {
            View x = in.get(i);
            parts[i] = move(x, out, x.shape().dims(), 0, Walk.strides(x.shape()), start, strides);
            start += x.shape().dim(op.axis()) * strides[op.axis()];
        }
        return () -> {
            for (Kernel part : parts) part.run();
        };
    }

    /** Moves a box of {@code dims} from strided places of {@code x} to strided places of {@code out}. */
    private static Kernel move(View x, View out, int[] dims, int from, int[] fromStrides, int to, int[] toStrides) {
        Elements source = Elements.of(x);
        Elements target = Elements.of(out);
        var walk = new Walk(dims, fromStrides, toStrides);
        return () -> {
            for (int i = 0; i < walk.size(); i++, walk.advance())
                target.copy(to + walk.at(1), source, from + walk.at(0), 1);
        };
    }
}
