package org.keras4j.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.op.Activation;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;

/**
 * Rewrites a graph to an equal and cheaper one: fused operations that the backend lacks are taken apart, equal
 * operations on equal inputs are merged, transposes move into dots, and bias and activation move into the dot or
 * convolution before them.
 */
final class Simplify {
    private final Backend backend;

    private Simplify(Backend backend) {
        this.backend = backend;
    }

    static List<Tensor> roots(List<Tensor> roots, Backend backend) {
        var pass = new Simplify(backend);
        return pass.addEpilogues(pass.merge(pass.decompose(roots)));
    }

    private List<Tensor> decompose(List<Tensor> roots) {
        Map<Tensor, Tensor> made = new IdentityHashMap<>();
        Map<Tensor, List<Tensor>> parts = new IdentityHashMap<>();
        boolean found = false;
        for (Tensor t : Graph.sort(roots)) {
            if (t.op() instanceof Op.Item(int index) && parts.containsKey(t.input(0))) {
                made.put(t, parts.get(t.input(0)).get(index));
                continue;
            }
            if (t.op() instanceof Op.CustomGradient) { // what its gradient would need is not to be computed
                made.put(t, Objects.requireNonNull(made.get(t.input(0))));
                continue;
            }
            Tensor remade = remake(t, made);
            if (t.op() instanceof Op.Fused(Fusion fusion) && !backend.supports(fusion, specs(remade))) {
                try (Scope scope = Scope.at(t.label())) {
                    List<Tensor> results = Decompose.of(fusion, remade.inputs());
                    remade = results.getFirst();
                    if (results.size() > 1) parts.put(t, results);
                }
                found = true;
            }
            made.put(t, remade);
        }
        List<Tensor> next = roots.stream().map(made::get).toList();
        return found ? decompose(next) : next;
    }

    /** What makes two tensors the same value: one operation on the same inputs. */
    private record Key(Op op, List<Integer> inputs) {}

    private List<Tensor> merge(List<Tensor> roots) {
        Map<Key, Tensor> known = new HashMap<>();
        Map<Tensor, Integer> ids = new IdentityHashMap<>();
        Map<Tensor, Tensor> made = new IdentityHashMap<>();
        for (Tensor t : Graph.sort(roots)) {
            Tensor remade = foldTransposes(remake(t, made));
            if (!(remade.op() instanceof Op.Input)) {
                List<Integer> inputs = new ArrayList<>(remade.inputs().size());
                for (Tensor input : remade.inputs()) inputs.add(ids.computeIfAbsent(input, i -> ids.size()));
                Tensor same = known.putIfAbsent(new Key(remade.op(), inputs), remade);
                if (same != null) remade = same;
            }
            ids.computeIfAbsent(remade, i -> ids.size());
            made.put(t, remade);
        }
        return roots.stream().map(made::get).toList();
    }

    private static Tensor foldTransposes(Tensor t) {
        if (!(t.op() instanceof Op.Dot(boolean ta, boolean tb))) return t;
        boolean swapA = swapsMatrix(t.input(0));
        boolean swapB = swapsMatrix(t.input(1));
        if (!swapA && !swapB) return t;
        Tensor a = swapA ? t.input(0).input(0) : t.input(0);
        Tensor b = swapB ? t.input(1).input(0) : t.input(1);
        return relabel(t, new Op.Dot(ta ^ swapA, tb ^ swapB), a, b);
    }

    private static boolean swapsMatrix(Tensor t) {
        return t.op() instanceof Op.Transpose(Ints p) && (p.equals(Ints.of(1, 0)) || p.equals(Ints.of(0, 2, 1)));
    }

    private List<Tensor> addEpilogues(List<Tensor> roots) {
        Map<Tensor, Integer> uses = new IdentityHashMap<>();
        List<Tensor> order = Graph.sort(roots);
        for (Tensor t : order) for (Tensor input : t.inputs()) uses.merge(input, 1, Integer::sum);
        for (Tensor root : roots) uses.merge(root, 1, Integer::sum);
        Map<Tensor, Tensor> made = new IdentityHashMap<>();
        for (Tensor t : order) {
            Tensor remade = remake(t, made);
            Tensor fused = switch (t.op()) {
                case Op.Elementwise2(Binary f) when f == Binary.ADD -> withBias(t, remade, uses);
                case Op.Elementwise1(Unary f) when usedOnce(t.input(0), uses) -> withActivation(remade, f);
                default -> null;
            };
            made.put(t, fused == null ? remade : fused);
        }
        return roots.stream().map(made::get).toList();
    }

    /** Says whether nothing else needs {@code t}, nor what it is only another shape of. */
    private static boolean usedOnce(Tensor t, Map<Tensor, Integer> uses) {
        return Objects.requireNonNull(uses.get(t)) == 1
                && (!(t.op() instanceof Op.Reshape) || Objects.requireNonNull(uses.get(t.input(0))) == 1);
    }

    /** {@code t} is the sum in the old graph, where uses are counted; {@code remade} is its twin in the new one. */
    private @Nullable Tensor withBias(Tensor t, Tensor remade, Map<Tensor, Integer> uses) {
        if (remade.rank() == 0) return null;
        for (int i = 0; i < 2; i++) {
            Tensor product = remade.input(i);
            boolean reshaped = product.op() instanceof Op.Reshape
                    && product.input(0).shape().rank() >= 2
                    && product.input(0).shape().last() == product.shape().last();
            Tensor core = reshaped ? product.input(0) : product;
            Tensor bias = lastAxisOnly(remade.input(1 - i));
            if (bias == null || !usedOnce(t.input(i), uses)) continue;
            Fusion fusion = switch (core.op()) {
                case Op.Dot dot when core.rank() == 2 -> new Fusion.DotEpilogue(dot, true, Activation.LINEAR);
                case Op.Conv conv -> new Fusion.ConvEpilogue(conv, true, Activation.LINEAR);
                default -> null;
            };
            if (fusion == null) continue;
            List<Tensor> inputs = List.of(core.input(0), core.input(1), bias);
            if (!backend.supports(fusion, inputs.stream().map(Tensor::spec).toList())) continue;
            Tensor fused = relabel(remade, new Op.Fused(fusion), inputs.toArray(Tensor[]::new));
            return reshaped ? Primitives.reshape(fused, remade.shape()) : fused;
        }
        return null;
    }

    /** Returns the vector that {@code t} repeats along all axes but the last, or null if it is no such thing. */
    private static @Nullable Tensor lastAxisOnly(Tensor t) {
        if (!(t.op() instanceof Op.Broadcast)) return null;
        Shape from = t.input(0).shape();
        if (from.rank() < 2
                || from.size() != from.last()
                || from.last() != t.shape().last()) return null;
        return Primitives.reshape(t.input(0), Shape.of(from.last()));
    }

    private @Nullable Tensor withActivation(Tensor remade, Unary function) {
        Activation activation = switch (function) {
            case RELU -> Activation.RELU;
            case SIGMOID -> Activation.SIGMOID;
            case TANH -> Activation.TANH;
            default -> null;
        };
        if (activation == null) return null;
        Tensor x = remade.input(0);
        Tensor core = x.op() instanceof Op.Reshape ? x.input(0) : x;
        Fusion fusion = switch (core.op()) {
            case Op.Fused(Fusion.DotEpilogue(Op.Dot dot, boolean bias, Activation a))
            when a == Activation.LINEAR -> new Fusion.DotEpilogue(dot, bias, activation);
            case Op.Fused(Fusion.ConvEpilogue(Op.Conv conv, boolean bias, Activation a))
            when a == Activation.LINEAR -> new Fusion.ConvEpilogue(conv, bias, activation);
            default -> null;
        };
        if (fusion == null || !backend.supports(fusion, specs(core))) return null;
        Tensor fused = relabel(remade, new Op.Fused(fusion), core.inputs().toArray(Tensor[]::new));
        return Primitives.reshape(fused, remade.shape());
    }

    private static Tensor remake(Tensor t, Map<Tensor, Tensor> made) {
        boolean same = true;
        List<Tensor> inputs = new ArrayList<>(t.inputs().size());
        for (Tensor input : t.inputs()) {
            Tensor other = made.get(input);
            same &= other == input;
            inputs.add(other);
        }
        return same ? t : t.withInputs(inputs);
    }

    private static Tensor relabel(Tensor like, Op op, Tensor... inputs) {
        try (Scope scope = Scope.at(like.label())) {
            return Tensor.of(op, inputs);
        }
    }

    private static List<Spec> specs(Tensor t) {
        return t.inputs().stream().map(Tensor::spec).toList();
    }
}
