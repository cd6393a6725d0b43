package org.keras4j.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.keras4j.op.Op;

/**
 * Finds the updates whose new value can be written straight into the variable's memory: an elementwise result, where
 * no later step reads the old value, and the same step reads it only element by element.
 */
final class InPlaceUpdates {
    private InPlaceUpdates() {}

    static Map<Tensor, Plan.Value> find(
            List<Grouping.Group> groups,
            List<Tensor> outputs,
            Set<Variable> variables,
            List<Tensor> values,
            Function<Variable, Plan.Ref> places) {
        Map<Tensor, Integer> madeAt = new IdentityHashMap<>();
        Map<Variable, Integer> lastRead = new HashMap<>();
        Map<Variable, Integer> lastReadWhole = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            for (Tensor t : groups.get(i).all()) {
                if (Grouping.isElementwise(t)) madeAt.put(t, i);
                for (Tensor input : t.inputs()) {
                    boolean direct = Grouping.isElementwise(t) && input.op() instanceof Op.Read;
                    for (Variable v : readThrough(input)) {
                        lastRead.put(v, i);
                        if (!direct) lastReadWhole.put(v, i);
                    }
                }
            }
        }
        // An output or another update that is a variable's old value must find it unchanged at the end.
        for (Tensor t : outputs) for (Variable v : readThrough(t)) lastRead.put(v, Integer.MAX_VALUE);
        Map<Tensor, Plan.Value> targets = new IdentityHashMap<>();
        for (int i = 0; i < variables.size(); i++)
            for (Variable old : readThrough(values.get(i))) lastRead.put(old, Integer.MAX_VALUE);
        int k = 0;
        for (Variable v : variables) {
            Tensor value = values.get(k++);
            Integer made = madeAt.get(value);
            if (made == null || targets.containsKey(value)) continue;
            boolean readLater = lastRead.getOrDefault(v, -1) > made;
            boolean readWholeNow = lastReadWhole.getOrDefault(v, -1) >= made;
            if (!readLater && !readWholeNow) targets.put(value, places.apply(v).value());
        }
        return targets;
    }

    /** Returns the variables whose memory {@code t} is, itself or as an alias or broadcast of it. */
    private static List<Variable> readThrough(Tensor t) {
        var stack = new ArrayDeque<Tensor>();
        List<Variable> found = new ArrayList<>();
        stack.push(t);
        while (!stack.isEmpty()) {
            Tensor x = stack.pop();
            if (x.op() instanceof Op.Read(var state)) found.add((Variable) state);
            else if (Grouping.isAlias(x) && !(x.op() instanceof Op.Item) || x.op() instanceof Op.Broadcast)
                stack.push(x.input(0));
        }
        return found;
    }
}
