package org.keras4j.backend.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;

/** Gives tiles of scratch memory to the registers of an expression and reuses them after a register's last use. */
final class RegisterAllocation {
    /** How long a register needs a tile of its own. */
    enum Need {
        NONE,
        UNTIL_LAST_USE,
        ALWAYS
    }

    private final Expression expression;
    private final int[] slots;
    private final int[] counts;
    private final IntFunction<Need> need;

    /** Will write the tile of each register to {@code slots} and the number of tiles per storage to {@code counts}. */
    RegisterAllocation(Expression expression, int[] slots, int[] counts, IntFunction<Need> need) {
        this.expression = expression;
        this.slots = slots;
        this.counts = counts;
        this.need = need;
    }

    void assign() {
        List<Expression.Node> nodes = expression.nodes();
        Map<Storage, Deque<Integer>> free = new EnumMap<>(Storage.class);
        for (Storage storage : Storage.values()) free.put(storage, new ArrayDeque<>());
        for (int i = 0; i < slots.length; i++) if (need.apply(i) == Need.ALWAYS) slots[i] = counts[kind(i).ordinal()]++;
        for (int i = 0; i < slots.length; i++) {
            // An operand's tile may become the result's: every loop reads an element before it writes it.
            for (int operand : operands(nodes.get(i))) {
                boolean last = lastUse(expression, operand) == i;
                if (last && slots[operand] >= 0 && need.apply(operand) == Need.UNTIL_LAST_USE) {
                    Deque<Integer> pile = Objects.requireNonNull(free.get(kind(operand)));
                    if (!pile.contains(slots[operand])) pile.push(slots[operand]);
                }
            }
            if (need.apply(i) != Need.UNTIL_LAST_USE) continue;
            Integer reused = Objects.requireNonNull(free.get(kind(i))).poll();
            slots[i] = reused != null ? reused : counts[kind(i).ordinal()]++;
        }
    }

    private Storage kind(int register) {
        return expression.nodes().get(register).dtype().storage();
    }

    /** Returns the last node that reads {@code register}, or -1. */
    static int lastUse(Expression expression, int register) {
        List<Expression.Node> nodes = expression.nodes();
        for (int i = nodes.size() - 1; i > register; i--)
            for (int operand : operands(nodes.get(i))) if (operand == register) return i;
        return -1;
    }

    static int[] operands(Expression.Node node) {
        return switch (node) {
            case Expression.Load _, Expression.Number _ -> new int[0];
            case Expression.Apply1 apply -> new int[] {apply.a()};
            case Expression.Apply2 apply -> new int[] {apply.a(), apply.b()};
            case Expression.Choose choose -> new int[] {choose.condition(), choose.a(), choose.b()};
            case Expression.Convert convert -> new int[] {convert.a()};
        };
    }
}
