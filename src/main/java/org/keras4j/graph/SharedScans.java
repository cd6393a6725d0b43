package org.keras4j.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.op.Op;

/**
 * Lets loops that do the same steps on the same inputs, but give different outputs of them, become one loop. A gradient
 * makes such loops: the forward loop again, with more outputs.
 */
final class SharedScans {
    /** What two loops must have in common; tensors compare by identity. */
    private record Key(
            List<Tensor> inputs,
            List<Tensor> parameters,
            List<Tensor> carried,
            int steps,
            boolean reverse,
            int sequences) {}

    private SharedScans() {}

    /** Returns {@code roots} with such loops merged. */
    static List<Tensor> merge(List<Tensor> roots) {
        List<Tensor> current = roots;
        while (true) {
            Map<Key, List<Tensor>> groups = new LinkedHashMap<>();
            for (Tensor t : Graph.sort(current))
                if (t.op() instanceof Op.Scan scan)
                    groups.computeIfAbsent(key(t, scan), _ -> new ArrayList<>()).add(t);
            Map<Tensor, Tensor> items = new IdentityHashMap<>();
            Map<Tensor, Tensor> merged = new IdentityHashMap<>();
            for (List<Tensor> loops : groups.values()) if (loops.size() > 1) union(loops, merged);
            if (merged.isEmpty()) return mergeInside(current);
            for (Tensor t : Graph.sort(current)) {
                if (!(t.op() instanceof Op.Item(int index)) || !merged.containsKey(t.input(0))) continue;
                Tensor whole = merged.get(t.input(0));
                items.put(t, Primitives.item(whole, place(t.input(0), index, whole)));
            }
            // Loops that use merged loops' items may become equal in turn.
            current = Graph.substitute(current, items);
        }
    }

    /** Merges loops inside the bodies of loops. */
    private static List<Tensor> mergeInside(List<Tensor> roots) {
        Map<Tensor, Tensor> made = new IdentityHashMap<>();
        boolean changed = false;
        for (Tensor t : Graph.sort(roots)) {
            List<Tensor> inputs = new ArrayList<>();
            for (Tensor in : t.inputs()) inputs.add(made.get(in));
            Op op = t.op() instanceof Op.Scan scan ? mergedBody(scan) : t.op();
            changed |= op != t.op();
            if (op != t.op()) made.put(t, Tensor.of(op, inputs));
            else made.put(t, inputs.equals(t.inputs()) ? t : t.withInputs(inputs));
        }
        return changed ? roots.stream().map(made::get).toList() : roots;
    }

    private static Op mergedBody(Op.Scan scan) {
        Graph body = (Graph) scan.body();
        List<Tensor> results = merge(body.results());
        if (results == body.results()) return scan;
        var merged = new Graph(body.parameters(), results);
        return new Op.Scan(merged, scan.steps(), scan.reverse(), scan.carried(), scan.sequences());
    }

    private static Key key(Tensor t, Op.Scan scan) {
        Graph body = (Graph) scan.body();
        List<Tensor> carried = body.results().subList(0, scan.carried());
        return new Key(t.inputs(), body.parameters(), carried, scan.steps(), scan.reverse(), scan.sequences());
    }

    private static void union(List<Tensor> loops, Map<Tensor, Tensor> merged) {
        Tensor first = loops.getFirst();
        var scan = (Op.Scan) first.op();
        Graph body = (Graph) scan.body();
        List<Tensor> results = new ArrayList<>(body.results());
        for (Tensor loop : loops) {
            List<Tensor> more = ((Graph) ((Op.Scan) loop.op()).body()).results();
            for (Tensor t : more.subList(scan.carried(), more.size()))
                if (results.subList(scan.carried(), results.size()).indexOf(t) < 0) results.add(t);
        }
        var graph = new Graph(body.parameters(), results);
        Tensor whole = Tensor.of(
                new Op.Scan(graph, scan.steps(), scan.reverse(), scan.carried(), scan.sequences()), first.inputs());
        for (Tensor loop : loops) merged.put(loop, whole);
    }

    private static int place(Tensor loop, int index, Tensor whole) {
        var scan = (Op.Scan) loop.op();
        if (index < scan.carried()) return index;
        Tensor result = ((Graph) scan.body()).results().get(index);
        List<Tensor> results = ((Graph) ((Op.Scan) whole.op()).body()).results();
        return scan.carried() + results.subList(scan.carried(), results.size()).indexOf(result);
    }
}
