package org.keras4j.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.keras4j.op.Body;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Makes {@link Op.Switch} from Java code that builds each branch. */
public final class Branches {
    private Branches() {}

    /**
     * Builds all branches and returns what the one that {@code index} (int32, a scalar) names will give. Only that one
     * is computed: what its code makes. What was there before belongs to no branch. A variable that a branch assigns
     * keeps its value in the others.
     *
     * @throws IllegalArgumentException if branches give other dtypes or shapes
     */
    public static List<Tensor> choose(Tensor index, List<? extends Supplier<List<Tensor>>> branches) {
        long mark = Tensor.nextNumber();
        List<List<Tensor>> results = new ArrayList<>();
        List<Map<Variable, Tensor>> updates = new ArrayList<>();
        Set<Variable> updated = new LinkedHashSet<>();
        for (Supplier<List<Tensor>> branch : branches) {
            try (Trace inside = Trace.openInside()) {
                results.add(new ArrayList<>(branch.get()));
                updates.add(new LinkedHashMap<>(inside.updates()));
                updated.addAll(inside.updates().keySet());
            }
        }
        int given = results.getFirst().size();
        requireSame(results);
        for (Variable v : updated)
            for (int i = 0; i < results.size(); i++) {
                Tensor next = updates.get(i).get(v);
                results.get(i).add(next != null ? next : current(v));
            }
        List<Tensor> chosen = choose(index, results, mark);
        int at = given;
        for (Variable v : updated) v.assign(chosen.get(at++));
        return chosen.subList(0, given);
    }

    private static List<Tensor> choose(Tensor index, List<List<Tensor>> branches, long mark) {
        List<Tensor> all = new ArrayList<>();
        for (List<Tensor> results : branches) all.addAll(results);
        if (all.isEmpty()) return List.of();
        Map<Tensor, Tensor> captured = Captures.of(all, madeSince(mark));
        List<Tensor> parameters = List.copyOf(captured.values());
        List<Body> bodies = new ArrayList<>();
        for (List<Tensor> results : branches) bodies.add(new Graph(parameters, Graph.substitute(results, captured)));
        List<Tensor> inputs = new ArrayList<>();
        inputs.add(index);
        inputs.addAll(captured.keySet());
        return Scans.items(
                Tensor.of(new Op.Switch(bodies), inputs), 0, branches.getFirst().size());
    }

    private static Predicate<Tensor> madeSince(long mark) {
        return t -> switch (t.op()) {
            case Op.Read _, Op.Input _ -> false;
            case Op.Item _ -> !t.input(0).isOlderThan(mark);
            default -> !t.isOlderThan(mark);
        };
    }

    private static Tensor current(Variable v) {
        Trace trace = Trace.current();
        return trace == null ? v.leaf() : trace.read(v);
    }

    private static void requireSame(List<List<Tensor>> branches) {
        List<Spec> first = branches.getFirst().stream().map(Tensor::spec).toList();
        for (List<Tensor> results : branches) {
            List<Spec> specs = results.stream().map(Tensor::spec).toList();
            if (!specs.equals(first))
                throw new IllegalArgumentException(
                        "Expected all branches to give the same dtypes and shapes, got " + first + " and " + specs);
        }
    }
}
