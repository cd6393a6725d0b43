package org.keras4j.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keras4j.op.Op;

/** Decides which values of a loop's forward steps are kept for the way back, and makes the loop that keeps them. */
final class Residuals {
    private final Tensor loop;
    private final Op.Scan scan;
    private final Graph body;
    private final Set<Tensor> kept = new LinkedHashSet<>();
    private final Set<Tensor> needed = new LinkedHashSet<>();

    Residuals(Tensor loop, Op.Scan scan) {
        this.loop = loop;
        this.scan = scan;
        this.body = (Graph) scan.body();
    }

    /** Asks for the stacked values of {@code t}, which depends on the step. */
    void keep(Tensor t) {
        kept.add(t);
    }

    /** Finds what the backward results need of the forward steps: kept values, or cheap operations on them. */
    void need(List<Tensor> results, Set<Tensor> varying, Set<Tensor> backward) {
        Set<Tensor> seen = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
        var stack = new java.util.ArrayDeque<>(results);
        while (!stack.isEmpty()) {
            Tensor t = stack.pop();
            if (!seen.add(t)) continue;
            if (varying.contains(t) && (isStacked(t) || isExpensive(t))) {
                kept.add(t);
                needed.add(t);
            } else if (varying.contains(t) || backward.contains(t)) {
                for (Tensor in : t.inputs()) stack.push(in);
            }
        }
    }

    /** Returns the forward values that the backward body itself uses. */
    Set<Tensor> needed() {
        return needed;
    }

    private boolean isStacked(Tensor t) {
        return kept.contains(t) || body.results().lastIndexOf(t) >= scan.carried();
    }

    /** Says whether computing this again would cost more than reading it; elementwise and moving operations are cheap. */
    private static boolean isExpensive(Tensor t) {
        return switch (t.op()) {
            case Op.Elementwise1 _,
                    Op.Elementwise2 _,
                    Op.Select _,
                    Op.Cast _,
                    Op.StopGradient _,
                    Op.CustomGradient _,
                    Op.Broadcast _,
                    Op.Reshape _,
                    Op.Transpose _,
                    Op.Slice _,
                    Op.Flip _,
                    Op.Pad _,
                    Op.Concatenate _,
                    Op.Full _,
                    Op.Iota _,
                    Op.Constant _,
                    Op.Read _ -> false;
            case Op.Input _,
                    Op.Reduce _,
                    Op.ArgReduce _,
                    Op.Cumulative _,
                    Op.Sort _,
                    Op.Gather _,
                    Op.Scatter _,
                    Op.Dot _,
                    Op.Conv _,
                    Op.ConvInputGradient _,
                    Op.ConvKernelGradient _,
                    Op.Pool _,
                    Op.PoolGradient _,
                    Op.Random _,
                    Op.Cholesky _,
                    Op.TriangularSolve _,
                    Op.Qr _,
                    Op.Lu _,
                    Op.Eigh _,
                    Op.Svd _,
                    Op.Item _,
                    Op.Scan _,
                    Op.Switch _,
                    Op.While _,
                    Op.Fused _ -> true;
        };
    }

    /** Makes the forward loop that gives what was asked for; it is the original one if that is enough. */
    Kept build() {
        List<Tensor> results = new ArrayList<>(body.results());
        Map<Tensor, Integer> place = new IdentityHashMap<>();
        for (int i = scan.carried(); i < results.size(); i++) place.putIfAbsent(results.get(i), i);
        for (Tensor t : kept) {
            if (isSequence(t) || place.containsKey(t)) continue;
            place.put(t, results.size());
            results.add(t);
        }
        Tensor forward = loop;
        if (results.size() > body.results().size()) {
            var graph = new Graph(body.parameters(), results);
            var longer = new Op.Scan(graph, scan.steps(), scan.reverse(), scan.carried(), scan.sequences());
            forward = Tensor.of(longer, loop.inputs());
        }
        return new Kept(forward, place);
    }

    private boolean isSequence(Tensor t) {
        int i = body.parameters().indexOf(t);
        return i >= scan.carried() && i < scan.carried() + scan.sequences();
    }

    /** The forward loop with what it keeps. */
    final class Kept {
        private final Tensor forward;
        private final Map<Tensor, Integer> place;

        private Kept(Tensor forward, Map<Tensor, Integer> place) {
            this.forward = forward;
            this.place = place;
        }

        /** Returns the values of {@code t} in all steps, stacked on axis 0. */
        Tensor stack(Tensor t) {
            if (isSequence(t)) return loop.input(body.parameters().indexOf(t));
            Integer index = place.get(t);
            if (index == null) throw new IllegalStateException(t + " was not kept");
            return Primitives.item(forward, index);
        }
    }
}
