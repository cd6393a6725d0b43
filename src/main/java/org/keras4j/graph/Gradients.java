package org.keras4j.graph;

import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.cast;
import static org.keras4j.graph.Primitives.flip;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.unbroadcast;
import static org.keras4j.graph.Primitives.zeros;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * Reverse-mode differentiation: how each operation passes a gradient back, written in the same operations, so that
 * gradients can be differentiated again.
 *
 * <p>At kinks the derivatives are those of Keras on JAX: relu'(0) = 0, abs'(0) = 0, and equal arguments of a maximum or
 * minimum share the gradient equally.
 */
public final class Gradients {
    private final Set<Tensor> active;
    private final Map<Tensor, List<List<Tensor>>> contributions = new IdentityHashMap<>();

    private Gradients(Set<Tensor> active) {
        this.active = active;
    }

    /**
     * Returns the gradient of a scalar for each tensor of {@code wrt}; null where the loss does not depend on it
     * differentiably (also for integer and bool tensors).
     *
     * @throws IllegalArgumentException if {@code loss} is not one floating-point number
     */
    public static List<@Nullable Tensor> of(Tensor loss, List<Tensor> wrt) {
        if (!loss.dtype().isFloating() || loss.shape().size() != 1)
            throw new IllegalArgumentException("Gradients: expected a loss that is one floating-point number, got "
                    + describe(loss) + "; reduce it first, or give a cotangent of its shape");
        return of(List.of(loss), List.of(Primitives.full(1, loss.dtype(), loss.shape())), wrt);
    }

    /**
     * Returns the gradient of {@code sum_i sum(cotangents[i] * outputs[i])} for each tensor of {@code wrt}; null where
     * no output depends on it differentiably.
     *
     * @throws IllegalArgumentException if a cotangent has not the dtype and shape of its output
     */
    public static List<@Nullable Tensor> of(List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> wrt) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (List<Tensor> parts : parts(outputs, cotangents, wrt))
            gradients.add(parts.isEmpty() ? null : GradientSum.of(parts));
        return gradients;
    }

    /** Returns, for each tensor of {@code wrt}, the terms whose sum is its gradient. */
    static List<List<Tensor>> parts(List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> wrt) {
        if (outputs.size() != cotangents.size())
            throw new IllegalArgumentException("Gradients: expected one cotangent for each of the " + outputs.size()
                    + " outputs, got " + cotangents.size());
        List<Tensor> order = Graph.sort(outputs);
        var gradients = new Gradients(dependents(order, wrt));
        for (int i = 0; i < outputs.size(); i++) {
            if (!cotangents.get(i).spec().equals(outputs.get(i).spec()))
                throw new IllegalArgumentException(
                        "Gradients: expected a cotangent " + outputs.get(i).spec() + " for output " + i + ", got "
                                + cotangents.get(i).spec());
            gradients.add(outputs.get(i), 0, cotangents.get(i));
        }
        for (Tensor t : order.reversed()) gradients.passBack(t);
        return wrt.stream()
                .map(t -> gradients
                        .contributions
                        .getOrDefault(t, List.of(List.of()))
                        .getFirst())
                .toList();
    }

    /** Returns the tensors of {@code order} through which a gradient can reach one of {@code sources}. */
    static Set<Tensor> dependents(List<Tensor> order, Collection<Tensor> sources) {
        Set<Tensor> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor t : sources) if (t.dtype().isFloating()) found.add(t);
        for (Tensor t : order) {
            if (t.op() instanceof Op.StopGradient || !isFloating(t)) continue;
            for (int i = 0; i < t.inputs().size(); i++) {
                if (found.contains(t.input(i))) {
                    found.add(t);
                    break;
                }
            }
        }
        return found;
    }

    private static boolean isFloating(Tensor t) {
        for (Spec s : t.specs()) if (s.dtype().isFloating()) return true;
        return false;
    }

    private void add(Tensor t, int result, Tensor contribution) {
        if (!active.contains(t)) return;
        List<List<Tensor>> slots = contributions.computeIfAbsent(t, _ -> {
            List<List<Tensor>> empty = new ArrayList<>();
            for (int i = 0; i < t.specs().size(); i++) empty.add(new ArrayList<>());
            return empty;
        });
        slots.get(result).add(contribution);
    }

    private void passBack(Tensor t) {
        List<List<Tensor>> slots = contributions.get(t);
        if (slots == null || t.inputs().isEmpty() || t.op() instanceof Op.StopGradient) return;
        var wanted = new boolean[t.inputs().size()];
        boolean any = false;
        for (int i = 0; i < wanted.length; i++) any |= wanted[i] = active.contains(t.input(i));
        if (!any) return;
        if (t.op() instanceof Op.Item(int index)) {
            for (Tensor d : slots.getFirst()) add(t.input(0), index, d);
            return;
        }
        List<@Nullable Tensor> dy = new ArrayList<>();
        for (List<Tensor> slot : slots) {
            Tensor sum = slot.isEmpty() ? null : GradientSum.of(slot);
            if (sum != null && slot.size() > 1) {
                slot.clear();
                slot.add(sum);
            }
            dy.add(sum);
        }
        try (Scope scope = Scope.at(t.label())) {
            List<@Nullable Tensor> dx = rule(t, dy, wanted);
            for (int i = 0; i < wanted.length; i++) {
                Tensor d = dx.get(i);
                if (wanted[i] && d != null) add(t.input(i), 0, d);
            }
        }
    }

    /**
     * Returns the gradient for each input of {@code y}, given one for each result (null where none arrived). What is
     * not wanted may be null or not. No default: a new operation must answer here.
     */
    private static List<@Nullable Tensor> rule(Tensor y, List<@Nullable Tensor> dys, boolean[] wanted) {
        Tensor first = dys.getFirst();
        Tensor dy = first == null ? zeros(y.spec()) : first;
        return switch (y.op()) {
            case Op.Elementwise1(var f) -> list(ElementwiseGradients.unary(f, y.input(0), y, dy));
            case Op.Elementwise2(var f) -> ElementwiseGradients.binary(f, y.input(0), y.input(1), y, dy);
            case Op.Select() -> {
                Tensor zero = zeros(dy.spec());
                yield list(null, select(y.input(0), dy, zero), select(y.input(0), zero, dy));
            }
            case Op.Cast(var _) -> list(cast(dy, y.input(0).dtype()));
            case Op.Broadcast(var _) -> list(unbroadcast(dy, y.input(0).shape()));
            case Op.Reshape(var _) -> list(reshape(dy, y.input(0).shape()));
            case Op.Transpose(var p) -> list(IndexGradients.transpose(p, dy));
            case Op.Slice slice -> list(IndexGradients.slice(slice, y.input(0).shape(), dy));
            case Op.Flip(var axes) -> list(flip(dy, axes.toArray()));
            case Op.Pad pad -> list(IndexGradients.pad(pad, y.input(0).shape(), dy));
            case Op.Concatenate(int axis) -> IndexGradients.concatenate(y, axis, dy);
            case Op.Reduce(var f, var axes) -> list(ReductionGradients.reduce(f, axes, y, dy));
            case Op.Cumulative cumulative -> list(ReductionGradients.cumulative(cumulative, y, dy));
            case Op.Sort sort -> list(IndexGradients.sort(y, sort, dy));
            case Op.Gather(int axis) -> list(IndexGradients.gather(axis, y, dy), null);
            case Op.Scatter(var update) -> IndexGradients.scatter(update, y, dy);
            case Op.Dot(boolean ta, boolean tb) -> ContractionGradients.dot(ta, tb, y, dy);
            case Op.Conv(var window) -> ContractionGradients.conv(window, y, dy);
            case Op.ConvInputGradient(var window, var _) -> ContractionGradients.convInput(window, y, dy);
            case Op.ConvKernelGradient(var window, var _) -> ContractionGradients.convKernel(window, y, dy);
            case Op.Pool pool -> list(ContractionGradients.pool(pool, y, dy));
            case Op.PoolGradient pool -> ContractionGradients.poolGradient(pool, y, dy);
            case Op.Cholesky() -> list(LinearAlgebraGradients.cholesky(y, dy));
            case Op.TriangularSolve solve -> LinearAlgebraGradients.triangularSolve(solve, y, dy);
            case Op.Qr qr -> list(LinearAlgebraGradients.qr(y, qr, dys));
            case Op.Lu() -> list(LinearAlgebraGradients.lu(y, dy));
            case Op.Eigh() -> list(LinearAlgebraGradients.eigh(y, dys));
            case Op.Svd() -> list(LinearAlgebraGradients.svd(y, dys));
            case Op.Scan scan -> ScanGradients.of(y, scan, dys, wanted);
            case Op.Switch(var branches) -> SwitchGradients.of(y, branches, dys, wanted);
            case Op.CustomGradient(var body, int arguments) -> CustomGradients.of(y, (Graph) body, arguments, dy);
            case Op.While _ ->
                throw new IllegalArgumentException(
                        "A while loop passes no gradient back, since how often it runs is not"
                                + " known before; use foriLoop or scan, or stopGradient of what goes in"
                                + (y.label().isEmpty() ? "" : " (" + y.label() + ")"));
            case Op.Fused(var fusion) -> FusedGradients.of(fusion, y, complete(y, dys));
            case Op.StopGradient(),
                    Op.ArgReduce _,
                    Op.Random _,
                    Op.Input _,
                    Op.Constant _,
                    Op.Full _,
                    Op.Read _,
                    Op.Iota _,
                    Op.Item _ -> throw new IllegalStateException(y.op() + " passes no gradient on");
        };
    }

    /** Returns the gradients of all results, zeros where none arrived. */
    private static List<Tensor> complete(Tensor y, List<@Nullable Tensor> dys) {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < dys.size(); i++) {
            Tensor d = dys.get(i);
            all.add(d == null ? zeros(y.specs().get(i)) : d);
        }
        return all;
    }

    static List<@Nullable Tensor> list(@Nullable Tensor... gradients) {
        return Arrays.asList(gradients);
    }

    private static String describe(Tensor t) {
        return t.spec() + (t.label().isEmpty() ? "" : " from " + t.label());
    }

    /** Returns {@code d} repeated along the axes of size 1 to the shape of {@code like}. */
    static Tensor like(Tensor d, Tensor like) {
        return broadcast(d, like.shape());
    }
}
