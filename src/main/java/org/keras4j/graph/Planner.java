package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.op.Body;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Turns a graph into a {@link Plan}: simplifies, groups, orders, and places every value. */
final class Planner {
    private final Backend backend;
    private final boolean body;
    private final Map<Tensor, Plan.Ref> refs = new IdentityHashMap<>();
    private final Map<Tensor, List<Plan.Ref>> tuples = new IdentityHashMap<>();
    private final List<Plan.Step> steps = new ArrayList<>();
    private final List<Plan.Value> arena = new ArrayList<>();
    private final Map<Object, Plan.Value> shared = new HashMap<>();

    private Planner(Backend backend, boolean body) {
        this.backend = backend;
        this.body = body;
    }

    /** Plans a whole function: outputs stay in the arena, and each update ends in its variable's memory. */
    static Plan function(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates, Backend backend) {
        var planner = new Planner(backend, false);
        List<Tensor> roots = new ArrayList<>(outputs);
        roots.addAll(updates.values());
        roots = Simplify.roots(SharedScans.merge(roots), backend);
        List<Plan.Ref> parameters = new ArrayList<>();
        for (Tensor input : inputs) parameters.add(planner.define(input));
        List<Grouping.Group> groups = Grouping.of(roots, backend);
        Map<Tensor, Plan.Value> targets = InPlaceUpdates.find(
                groups,
                roots.subList(0, outputs.size()),
                updates.keySet(),
                roots.subList(outputs.size(), roots.size()),
                planner::state);
        planner.emit(groups, roots, targets);
        List<Plan.Ref> results = new ArrayList<>();
        for (Tensor t : roots.subList(0, outputs.size())) results.add(planner.kept(t, updates.keySet()));
        planner.storeUpdates(List.copyOf(updates.keySet()), roots.subList(outputs.size(), roots.size()));
        return planner.finish(parameters, results);
    }

    /** Plans a graph whose parameters and results are slots, numbered parameters first. */
    static Plan slots(Graph graph, Backend backend) {
        var merged = new Graph(graph.parameters(), SharedScans.merge(graph.results()));
        return body(merged, List.of(), backend);
    }

    /** Plans one step of a loop: parameters and results are slots, numbered parameters first. */
    private static Plan body(Graph graph, List<Integer> mirrors, Backend backend) {
        var planner = new Planner(backend, true);
        List<Tensor> roots = Simplify.roots(graph.results(), backend);
        int slots = 0;
        List<Plan.Ref> parameters = new ArrayList<>();
        for (Tensor p : graph.parameters()) {
            Plan.Ref ref = planner.slot(p.spec(), slots++);
            planner.refs.put(p, ref);
            parameters.add(ref);
        }
        List<Grouping.Group> groups = Grouping.of(roots, backend);
        Set<Tensor> made = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Grouping.Group g : groups) if (g.members.iterator().next().specs().size() == 1) made.addAll(g.members);
        Map<Tensor, Plan.Value> targets = new IdentityHashMap<>();
        List<Plan.Ref> results = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            Tensor t = roots.get(i);
            Plan.Ref slot = planner.slot(t.spec(), slots++);
            boolean mirrored = i < mirrors.size() && mirrors.get(i) >= 0;
            boolean isMade =
                    made.contains(t) || t.op() instanceof Op.Item && t.input(0).op() instanceof Op.Fused;
            if (isMade && !mirrored) targets.putIfAbsent(t, slot.value());
            results.add(slot);
        }
        planner.emit(groups, roots, targets);
        for (int i = 0; i < roots.size(); i++) {
            if (i < mirrors.size() && mirrors.get(i) >= 0) continue;
            Plan.Ref from = planner.ref(roots.get(i));
            if (from.value() != results.get(i).value())
                planner.steps.add(
                        new Plan.Copy(from, results.get(i), roots.get(i).label()));
        }
        return planner.finish(parameters, results);
    }

    private Plan finish(List<Plan.Ref> parameters, List<Plan.Ref> results) {
        for (Plan.Value v : arena) {
            v.first = Integer.MAX_VALUE;
            v.last = -1;
        }
        // Inputs are written before the first step, results are read after the last one.
        for (Plan.Ref p : parameters) touch(p, -1);
        for (int i = 0; i < steps.size(); i++) {
            for (Plan.Ref r : steps.get(i).in()) touch(r, i);
            for (Plan.Ref r : steps.get(i).out()) touch(r, i);
            for (Plan.Ref r : steps.get(i).scratchPlaces()) touch(r, i);
        }
        for (Plan.Ref r : results) touch(r, steps.size());
        arena.removeIf(v -> v.last < 0 && v.first == Integer.MAX_VALUE);
        Map<Storage, Long> sizes = ArenaLayout.place(arena, steps);
        return new Plan(List.copyOf(steps), parameters, results, sizes);
    }

    private static void touch(Plan.Ref ref, int step) {
        ref.value().first = Math.min(ref.value().first, step);
        ref.value().last = Math.max(ref.value().last, step);
    }

    // ---- steps ------------------------------------------------------------------------------------------------------

    private void emit(List<Grouping.Group> groups, List<Tensor> roots, Map<Tensor, Plan.Value> targets) {
        Map<Tensor, Integer> position = new IdentityHashMap<>();
        Set<Tensor> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Tensor, Grouping.Group> owner = new IdentityHashMap<>();
        for (Grouping.Group g : groups) for (Tensor t : g.all()) owner.put(t, g);
        needed.addAll(roots);
        for (Tensor t : Graph.sort(roots)) {
            position.put(t, position.size());
            for (Tensor input : t.inputs())
                if (owner.get(input) != owner.get(t) || owner.get(t) == null) needed.add(input);
        }
        for (Grouping.Group g : groups) {
            List<Tensor> members = new ArrayList<>(g.members);
            members.sort(java.util.Comparator.comparing(position::get));
            Tensor root = members.getLast();
            if (Grouping.isElementwise(root) || Grouping.isInline(root)) emitElementwise(g, members, needed, targets);
            else emitSingle(root, targets);
        }
    }

    private void emitElementwise(
            Grouping.Group group, List<Tensor> members, Set<Tensor> needed, Map<Tensor, Plan.Value> targets) {
        var builder = new Grouping.Builder(group, members, needed);
        List<Plan.Ref> out =
                builder.outputs.stream().map(t -> output(t, targets)).toList();
        Tensor product = group.product;
        List<Plan.Ref> from = List.of();
        if (product != null) {
            from = product.inputs().stream().map(this::ref).toList();
            refs.put(product, product(group, product, builder.outputs, out, targets));
        }
        List<Plan.Ref> in = builder.inputs().stream().map(this::ref).toList();
        var step = new Plan.Elementwise(
                builder.expression(), in, out, members.getLast().label());
        if (product == null) steps.add(step);
        else
            steps.add(new Plan.WithEpilogue(
                    new Plan.Compute(product.op(), from, List.of(ref(product)), product.label()), step));
    }

    /** Returns where the product of a group goes: where nobody else needs it, to the place of one of the outputs. */
    private Plan.Ref product(
            Grouping.Group group,
            Tensor product,
            List<Tensor> outputs,
            List<Plan.Ref> places,
            Map<Tensor, Plan.Value> targets) {
        if (group.keepsProduct) return output(product, targets);
        for (int i = 0; i < outputs.size(); i++) {
            boolean fits = outputs.get(i).dtype() == product.dtype() && !targets.containsKey(outputs.get(i));
            if (fits) return places.get(i).as(product.shape());
        }
        return fresh(product.spec());
    }

    private void emitSingle(Tensor t, Map<Tensor, Plan.Value> targets) {
        List<Plan.Ref> in = t.inputs().stream().map(this::ref).toList();
        List<Plan.Ref> out = new ArrayList<>();
        boolean single = switch (t.op()) {
            case Op.Scan _, Op.Switch _, Op.While _ -> false; // their only result is an item, too
            default -> t.specs().size() == 1;
        };
        if (single) {
            out.add(output(t, targets));
        } else {
            for (Spec spec : t.specs()) out.add(fresh(spec));
            targets.forEach((item, target) -> {
                if (item.op() instanceof Op.Item(int index) && item.input(0) == t)
                    out.set(index, new Plan.Ref(target, 0, item.shape(), item.dtype()));
            });
            tuples.put(t, out);
        }
        steps.add(
                switch (t.op()) {
                    case Op.Scan scan -> loop(scan, in, out, t.label());
                    case Op.Switch(var branches) -> choice(branches, in, out, t.label());
                    case Op.While loop -> repeat(loop, in, out, t.label());
                    default -> new Plan.Compute(t.op(), in, List.copyOf(out), t.label());
                });
    }

    private Plan.Loop loop(Op.Scan scan, List<Plan.Ref> in, List<Plan.Ref> out, String label) {
        List<Integer> mirrors = mirrors(scan);
        Plan inner = body((Graph) scan.body(), mirrors, backend);
        Map<Storage, Plan.Ref> scratch = scratch(List.of(inner));
        List<List<Plan.Ref>> spare = new ArrayList<>();
        for (int i = 0; i < scan.carried(); i++) {
            Spec spec = scan.body().outputs().get(i);
            spare.add(mirrors.get(i) >= 0 ? List.of() : List.of(fresh(spec), fresh(spec)));
        }
        return new Plan.Loop(scan, inner, scratch, mirrors, spare, in, List.copyOf(out), label);
    }

    private Plan.Choice choice(List<Body> branches, List<Plan.Ref> in, List<Plan.Ref> out, String label) {
        List<Plan> plans = branches.stream().map(b -> slots((Graph) b, backend)).toList();
        return new Plan.Choice(plans, scratch(plans), in, List.copyOf(out), label);
    }

    private Plan.Repeat repeat(Op.While loop, List<Plan.Ref> in, List<Plan.Ref> out, String label) {
        Plan condition = slots((Graph) loop.condition(), backend);
        Plan step = slots((Graph) loop.step(), backend);
        Map<Storage, Plan.Ref> scratch = scratch(List.of(condition, step));
        Plan.Ref flag = fresh(loop.condition().outputs().getFirst());
        List<Plan.Ref> next = loop.step().outputs().stream().map(this::fresh).toList();
        return new Plan.Repeat(condition, step, scratch, flag, next, in, List.copyOf(out), label);
    }

    /** Returns places for the arenas of plans that do not run at once. */
    private Map<Storage, Plan.Ref> scratch(List<Plan> plans) {
        Map<Storage, Long> sizes = new EnumMap<>(Storage.class);
        for (Plan plan : plans) plan.arena().forEach((storage, size) -> sizes.merge(storage, size, Math::max));
        Map<Storage, Plan.Ref> scratch = new EnumMap<>(Storage.class);
        sizes.forEach((storage, size) -> {
            var value = new Plan.Value(storage, size, new Plan.Arena());
            arena.add(value);
            scratch.put(storage, new Plan.Ref(value, 0, Shape.of(Math.toIntExact(size)), dtypeOf(storage)));
        });
        return scratch;
    }

    /** Returns for each carried value the result that is the same tensor as a step output, or -1. */
    private static List<Integer> mirrors(Op.Scan scan) {
        List<Tensor> results = ((Graph) scan.body()).results();
        List<Integer> mirrors = new ArrayList<>();
        for (int i = 0; i < scan.carried(); i++) {
            int mirror = -1;
            for (int j = scan.carried(); j < results.size(); j++) if (results.get(j) == results.get(i)) mirror = j;
            mirrors.add(mirror);
        }
        return mirrors;
    }

    private static DType dtypeOf(Storage storage) {
        return switch (storage) {
            case FLOAT -> DType.FLOAT32;
            case HALF -> DType.FLOAT16;
            case DOUBLE -> DType.FLOAT64;
            case INT -> DType.INT32;
            case LONG -> DType.INT64;
        };
    }

    /** Returns where an output is at the end; the old value of a variable that is updated is saved before that. */
    private Plan.Ref kept(Tensor t, Set<Variable> updated) {
        Plan.Ref at = ref(t);
        if (!(at.value().home instanceof Plan.State(Variable v)) || !updated.contains(v)) return at;
        Plan.Ref saved = fresh(t.spec());
        steps.add(new Plan.Copy(at, saved, t.label()));
        return saved;
    }

    private void storeUpdates(List<Variable> variables, List<Tensor> values) {
        // All copies come after all steps. Where a new value is another variable's old one, it is saved before.
        List<Plan.Ref> sources = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Plan.Ref from = ref(values.get(i));
            if (from.value().home instanceof Plan.State(Variable v) && v != variables.get(i)) {
                Plan.Ref saved = fresh(values.get(i).spec());
                steps.add(new Plan.Copy(from, saved, ""));
                from = saved;
            }
            sources.add(from);
        }
        for (int i = 0; i < values.size(); i++) {
            Plan.Ref to = state(variables.get(i));
            if (sources.get(i).value() != to.value())
                steps.add(new Plan.Copy(
                        sources.get(i).as(to.shape()), to, values.get(i).label()));
        }
    }

    // ---- places -----------------------------------------------------------------------------------------------------

    private Plan.Ref output(Tensor t, Map<Tensor, Plan.Value> targets) {
        Plan.Value target = targets.get(t);
        Plan.Ref ref = target == null ? fresh(t.spec()) : new Plan.Ref(target, 0, t.shape(), t.dtype());
        refs.put(t, ref);
        return ref;
    }

    private Plan.Ref define(Tensor t) {
        Plan.Ref ref = fresh(t.spec());
        refs.put(t, ref);
        return ref;
    }

    private Plan.Ref fresh(Spec spec) {
        var value = new Plan.Value(
                backend.storage(spec.dtype()), Math.max(1, spec.shape().size()), new Plan.Arena());
        arena.add(value);
        return new Plan.Ref(value, 0, spec.shape(), spec.dtype());
    }

    private Plan.Ref slot(Spec spec, int index) {
        var value = new Plan.Value(
                backend.storage(spec.dtype()), Math.max(1, spec.shape().size()), new Plan.Slot(index));
        return new Plan.Ref(value, 0, spec.shape(), spec.dtype());
    }

    private Plan.Ref state(Variable v) {
        Plan.Value value = shared.computeIfAbsent(
                v, key -> new Plan.Value(backend.storage(v.dtype()), v.shape().size(), new Plan.State(v)));
        return new Plan.Ref(value, 0, v.shape(), v.dtype());
    }

    /** Returns where a tensor is: a leaf's own memory, an alias's source, or what a step before has written. */
    private Plan.Ref ref(Tensor t) {
        Plan.Ref known = refs.get(t);
        if (known != null) return known;
        Plan.Ref ref = switch (t.op()) {
            case Op.Read(var state) -> state((Variable) state);
            case Op.Constant(var value) ->
                new Plan.Ref(
                        shared.computeIfAbsent(
                                t.op(),
                                key -> new Plan.Value(
                                        backend.storage(value.dtype()), value.size(), new Plan.Fixed(value))),
                        0,
                        t.shape(),
                        t.dtype());
            case Op.Reshape(Shape to) -> ref(t.input(0)).as(to);
            case Op.StopGradient() -> ref(t.input(0));
            case Op.Item(int index) ->
                Objects.requireNonNull(tuples.get(t.input(0))).get(index);
            case Op.Slice(var starts, var _, var _) -> {
                Plan.Ref whole = ref(t.input(0));
                long row = whole.shape().size(1, whole.shape().rank());
                yield new Plan.Ref(whole.value(), whole.offset() + starts.get(0) * row, t.shape(), t.dtype());
            }
            case Op.Input(String name, Spec spec) ->
                throw new IllegalArgumentException("Input \"" + name + "\" " + spec + " is used but is not among the "
                        + (body ? "loop's or branch's" : "function's") + " inputs");
            default -> throw new IllegalStateException("No step computes " + t);
        };
        refs.put(t, ref);
        return ref;
    }
}
