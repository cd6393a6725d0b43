package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Op;

/**
 * The gradient of a loop is a loop in the other direction. What it needs of the forward steps is either computed again
 * (elementwise operations) or kept by a forward loop with more outputs; {@link SharedScans} later lets that loop stand
 * for the original one. Gradients of constants are not summed step by step where one operation after the loop can do
 * it, see {@link ScanTotals}.
 */
final class ScanGradients {
    private final Tensor loop;
    private final Op.Scan scan;
    private final Graph body;
    private final List<@Nullable Tensor> dy;
    private final boolean[] active;
    /** The cotangents of the body's results, as inputs of the backward body; null where none arrives. */
    private final @Nullable Tensor[] arriving;
    /** What depends on the step, but not on a cotangent. */
    private final Set<Tensor> varying = Collections.newSetFromMap(new IdentityHashMap<>());
    /** What depends on a cotangent. */
    private final Set<Tensor> backward = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Residuals residuals;

    private ScanGradients(Tensor loop, Op.Scan scan, List<@Nullable Tensor> dy, boolean[] wanted) {
        this.loop = loop;
        this.scan = scan;
        this.body = (Graph) scan.body();
        this.dy = dy;
        this.active = wanted.clone();
        this.arriving = new Tensor[body.results().size()];
        this.residuals = new Residuals(loop, scan);
    }

    static List<@Nullable Tensor> of(Tensor loop, Op.Scan scan, List<@Nullable Tensor> dy, boolean[] wanted) {
        return new ScanGradients(loop, scan, dy, wanted).build();
    }

    private List<@Nullable Tensor> build() {
        spreadActivity();
        for (int i = 0; i < arriving.length; i++) if (dy.get(i) != null) arrive(i);
        List<List<Tensor>> parts = differentiate();
        if (parts.isEmpty()) return Collections.nCopies(active.length, null);
        classify(parts);
        return new Backward(parts).run();
    }

    /** Marks the carried values that come to depend on something wanted in some step. */
    private void spreadActivity() {
        List<Tensor> order = Graph.sort(body.results());
        boolean changed = true;
        while (changed) {
            changed = false;
            Set<Tensor> found = Gradients.dependents(order, sources());
            for (int i = 0; i < scan.carried(); i++) {
                if (active[i] || !found.contains(body.results().get(i))) continue;
                active[i] = true;
                changed = true;
            }
        }
    }

    private List<Tensor> sources() {
        List<Tensor> sources = new ArrayList<>();
        for (int i = 0; i < active.length; i++)
            if (active[i]) sources.add(body.parameters().get(i));
        return sources;
    }

    private void arrive(int result) {
        Tensor r = body.results().get(result);
        if (arriving[result] == null && r.dtype().isFloating())
            arriving[result] = Primitives.input("cotangent", r.dtype(), r.shape());
    }

    /**
     * Returns the terms of each active parameter's gradient in one step, once no further cotangent is carried: one term
     * or none, but those of constants are left apart.
     */
    private List<List<Tensor>> differentiate() {
        while (true) {
            List<Tensor> outputs = new ArrayList<>();
            List<Tensor> cotangents = new ArrayList<>();
            for (int i = 0; i < arriving.length; i++) {
                Tensor cotangent = arriving[i];
                if (cotangent == null) continue;
                outputs.add(body.results().get(i));
                cotangents.add(cotangent);
            }
            List<List<Tensor>> found = Gradients.parts(outputs, cotangents, sources());
            List<List<Tensor>> parts = new ArrayList<>();
            boolean changed = false;
            boolean any = false;
            for (int i = 0, at = 0; i < active.length; i++) {
                List<Tensor> terms = active[i] ? found.get(at++) : List.of();
                boolean constant = i >= scan.carried() + scan.sequences();
                parts.add(constant || terms.size() < 2 ? terms : List.of(GradientSum.of(terms)));
                any |= !parts.get(i).isEmpty();
                if (i >= scan.carried() || parts.get(i).isEmpty() || arriving[i] != null) continue;
                arrive(i);
                changed = true;
            }
            if (!any) return List.of();
            if (!changed) return parts;
        }
    }

    private void classify(List<List<Tensor>> parts) {
        List<Tensor> roots = new ArrayList<>();
        for (List<Tensor> p : parts) roots.addAll(p);
        varying.addAll(body.parameters().subList(0, scan.carried() + scan.sequences()));
        for (Tensor t : arriving) if (t != null) backward.add(t);
        for (Tensor t : Graph.sort(roots)) {
            boolean varies = false;
            boolean goesBack = false;
            for (Tensor in : t.inputs()) {
                varies |= varying.contains(in);
                goesBack |= backward.contains(in);
            }
            if (goesBack) backward.add(t);
            else if (varies) varying.add(t);
        }
    }

    /** The backward loop while it is being put together. */
    private final class Backward implements ScanTotals.Steps {
        private final @Nullable Tensor[] carriedGradient = new Tensor[scan.carried()];
        private final @Nullable Tensor[] sequenceGradient = new Tensor[scan.sequences()];
        private final List<@Nullable List<ScanTotals.Total>> totals = new ArrayList<>();
        private final List<Tensor> terms = new ArrayList<>();
        private final Map<Tensor, @Nullable Tensor> emitted = new LinkedHashMap<>();
        private final Map<Tensor, Tensor> summed = new IdentityHashMap<>();

        @SuppressWarnings("NullAway.Init") // set before the body is read
        private Residuals.Kept kept;

        Backward(List<List<Tensor>> parts) {
            for (int i = 0; i < active.length; i++) {
                Tensor parameter = body.parameters().get(i);
                List<Tensor> p = parts.get(i);
                if (i < scan.carried()) {
                    if (arriving[i] != null)
                        carriedGradient[i] = p.isEmpty() ? Primitives.zeros(parameter.spec()) : p.getFirst();
                } else if (i < scan.carried() + scan.sequences()) {
                    if (!p.isEmpty()) sequenceGradient[i - scan.carried()] = emit(p.getFirst());
                } else {
                    totals.add(
                            p.isEmpty()
                                    ? null
                                    : p.stream()
                                            .map(g -> ScanTotals.total(g, this))
                                            .toList());
                }
            }
        }

        private Tensor emit(Tensor t) {
            if (backward.contains(t)) emitted.putIfAbsent(t, null);
            else if (varying.contains(t)) residuals.keep(t);
            return t;
        }

        @Override
        public boolean varies(Tensor t) {
            return backward.contains(t) || varying.contains(t);
        }

        @Override
        public int steps() {
            return scan.steps();
        }

        @Override
        public Tensor outside(Tensor t) {
            return Graph.substitute(List.of(t), constants()).getFirst();
        }

        @Override
        public void stack(Tensor t) {
            emit(t);
        }

        @Override
        public Tensor stacked(Tensor t) {
            Tensor known = emitted.get(t);
            if (known != null) return known;
            if (varying.contains(t)) return Objects.requireNonNull(kept).stack(t);
            Tensor once = outside(t);
            Tensor row = Primitives.reshape(once, once.shape().insert(0, 1));
            return Primitives.broadcast(row, once.shape().insert(0, scan.steps()));
        }

        @Override
        public void accumulate(Tensor t) {
            terms.add(t);
        }

        @Override
        public Tensor accumulated(Tensor t) {
            return Objects.requireNonNull(summed.get(t));
        }

        private Map<Tensor, Tensor> constants() {
            Map<Tensor, Tensor> map = new IdentityHashMap<>();
            for (int i = scan.carried() + scan.sequences(); i < active.length; i++)
                map.put(body.parameters().get(i), loop.input(i));
            return map;
        }

        List<@Nullable Tensor> run() {
            // In this order: cotangents and sums that are carried, then what each step gives.
            List<Tensor> results = new ArrayList<>();
            List<Tensor> carriers = new ArrayList<>();
            List<Tensor> initial = new ArrayList<>();
            for (int i = 0; i < scan.carried(); i++) {
                Tensor next = carriedGradient[i];
                if (next == null) continue;
                results.add(next);
                carriers.add(Objects.requireNonNull(arriving[i]));
                Tensor last = dy.get(i);
                initial.add(last != null ? last : Primitives.zeros(next.spec()));
            }
            int gradients = results.size();
            for (Tensor term : terms) {
                Tensor sum = Primitives.input("sum", term.dtype(), term.shape());
                carriers.add(sum);
                results.add(Primitives.add(sum, term));
                initial.add(Primitives.zeros(term.spec()));
            }
            int carried = results.size();
            results.addAll(emitted.keySet());
            List<Tensor> computed = new ArrayList<>(results.subList(0, gradients));
            computed.addAll(terms);
            computed.addAll(emitted.keySet());
            residuals.need(computed, varying, backward);
            Residuals.Kept forward = residuals.build();
            kept = forward;

            Map<Tensor, Tensor> sequences = new LinkedHashMap<>();
            for (int i = scan.carried(); i < arriving.length; i++) {
                Tensor d = dy.get(i);
                if (arriving[i] != null && d != null) sequences.put(arriving[i], d);
            }
            for (Tensor t : residuals.needed()) sequences.put(t, forward.stack(t));
            Scans.Result looped =
                    Scans.scan(scan.steps(), !scan.reverse(), initial, List.copyOf(sequences.values()), (carry, in) -> {
                        Map<Tensor, Tensor> map = constants();
                        for (int i = 0; i < carriers.size(); i++) map.put(carriers.get(i), carry.get(i));
                        int at = 0;
                        for (Tensor t : sequences.keySet()) map.put(t, in.get(at++));
                        List<Tensor> made = Graph.substitute(results, map);
                        return new Scans.Step(made.subList(0, carried), made.subList(carried, made.size()));
                    });
            int at = 0;
            for (Map.Entry<Tensor, @Nullable Tensor> e : emitted.entrySet())
                e.setValue(looped.outputs().get(at++));
            for (int i = 0; i < terms.size(); i++)
                summed.put(terms.get(i), looped.carried().get(gradients + i));
            return collect(looped.carried());
        }

        private List<@Nullable Tensor> collect(List<Tensor> carried) {
            @Nullable Tensor[] dx = new Tensor[active.length];
            for (int i = 0, at = 0; i < scan.carried(); i++) if (carriedGradient[i] != null) dx[i] = carried.get(at++);
            for (int i = 0; i < sequenceGradient.length; i++) {
                Tensor step = sequenceGradient[i];
                if (step != null) dx[scan.carried() + i] = stacked(step);
            }
            for (int i = 0; i < totals.size(); i++) {
                List<ScanTotals.Total> parts = totals.get(i);
                if (parts == null) continue;
                List<Tensor> values = new ArrayList<>();
                for (ScanTotals.Total part : parts) values.add(part.value());
                dx[scan.carried() + scan.sequences() + i] = GradientSum.of(values);
            }
            return Arrays.asList(dx);
        }
    }
}
