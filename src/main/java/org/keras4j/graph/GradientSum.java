package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Adds up the gradients that arrive at one tensor. */
final class GradientSum {
    private GradientSum() {}

    /**
     * Returns the sum of one or more tensors of one shape. Padded pieces that lie side by side on one axis, as the
     * gradients of a split are, become one concatenation instead of a sum of mostly zeros.
     */
    static Tensor of(List<Tensor> terms) {
        List<Tensor> rest = new ArrayList<>(terms);
        Tensor sum = null;
        for (int axis = 0; axis < terms.getFirst().rank() && rest.size() > 1; axis++) {
            List<Tensor> pieces = pieces(rest, axis);
            if (pieces.size() < 2) continue;
            rest.removeAll(pieces);
            Tensor joined = join(pieces, axis);
            sum = sum == null ? joined : Primitives.add(sum, joined);
        }
        for (Tensor t : rest) sum = sum == null ? t : Primitives.add(sum, t);
        return Objects.requireNonNull(sum);
    }

    /** Returns terms that are padded on {@code axis} only and do not overlap, in their order along it. */
    private static List<Tensor> pieces(List<Tensor> terms, int axis) {
        List<Tensor> candidates = new ArrayList<>();
        for (Tensor t : terms) if (t.op() instanceof Op.Pad pad && isOnly(pad, axis)) candidates.add(t);
        candidates.sort(Comparator.comparingInt(t -> low(t, axis)));
        List<Tensor> disjoint = new ArrayList<>();
        int end = 0;
        for (Tensor t : candidates) {
            if (low(t, axis) < end) continue;
            disjoint.add(t);
            end = low(t, axis) + t.input(0).shape().dim(axis);
        }
        return disjoint;
    }

    private static boolean isOnly(Op.Pad pad, int axis) {
        for (int i = 0; i < pad.low().size(); i++)
            if (i != axis && (pad.low().get(i) != 0 || pad.high().get(i) != 0)) return false;
        return pad.interior().equals(Ints.repeat(0, pad.interior().size()));
    }

    private static Tensor join(List<Tensor> pieces, int axis) {
        Spec whole = pieces.getFirst().spec();
        List<Tensor> parts = new ArrayList<>();
        int end = 0;
        for (Tensor t : pieces) {
            addZeros(parts, whole, axis, low(t, axis) - end);
            parts.add(t.input(0));
            end = low(t, axis) + t.input(0).shape().dim(axis);
        }
        addZeros(parts, whole, axis, whole.shape().dim(axis) - end);
        return Primitives.concatenate(parts, axis);
    }

    private static void addZeros(List<Tensor> parts, Spec whole, int axis, int size) {
        if (size > 0) parts.add(Primitives.full(0, whole.dtype(), whole.shape().with(axis, size)));
    }

    private static int low(Tensor padded, int axis) {
        return ((Op.Pad) padded.op()).low().get(axis);
    }
}
