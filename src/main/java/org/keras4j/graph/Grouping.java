package org.keras4j.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/**
 * Decides which elementwise operations run together in one pass over memory. A group grows from its last operation
 * backwards over producers of the same shape; a producer that others need too becomes one more output, if that makes no
 * cycle among the groups.
 */
final class Grouping {
    /** More would not fit the registers and first-level cache of any device that we know. */
    private static final int MOST_NODES = 48;

    private static final int MOST_INPUTS = 12;

    /** Operations that run as one: a single one of any kind, or several elementwise ones of one shape. */
    static final class Group {
        final Set<Tensor> members = new LinkedHashSet<>();
        final Shape shape;
        /** The product or convolution that runs in the same pass before the elementwise members. */
        @Nullable
        Tensor product;
        /** Whether others need the product too. */
        boolean keepsProduct;

        Group(Tensor root) {
            shape = root.shape();
            members.add(root);
        }

        /** Returns the members and the product. */
        List<Tensor> all() {
            List<Tensor> all = new ArrayList<>(members);
            if (product != null) all.add(product);
            return all;
        }
    }

    private final List<Tensor> order;
    private final Map<Tensor, Integer> position = new IdentityHashMap<>();
    private final Map<Tensor, List<Tensor>> users = new IdentityHashMap<>();
    private final Map<Tensor, Group> groups = new IdentityHashMap<>();
    private final Set<Tensor> roots;

    private Grouping(List<Tensor> roots) {
        this.roots = Collections.newSetFromMap(new IdentityHashMap<>());
        this.roots.addAll(roots);
        order = Graph.sort(roots);
        for (Tensor t : order) {
            position.put(t, position.size());
            users.put(t, new ArrayList<>());
            for (Tensor input : t.inputs())
                Objects.requireNonNull(users.get(input)).add(t);
        }
    }

    /** Returns the groups in an order in which each comes after what it needs. Leaves and aliases are in none. */
    static List<Group> of(List<Tensor> roots, Backend backend) {
        var grouping = new Grouping(roots);
        for (Tensor t : grouping.order.reversed())
            if (!grouping.groups.containsKey(t) && grouping.isStep(t)) grouping.grow(t);
        for (Tensor t : grouping.order.reversed()) {
            Group group = grouping.groups.get(t);
            if (group != null && group.members.iterator().next() == t && isElementwise(t))
                grouping.join(group, backend);
        }
        return grouping.schedule();
    }

    /** Says whether this operation computes: leaves and aliases do not, nor what is written into its users instead. */
    private boolean isStep(Tensor t) {
        if (isLeaf(t) || isAlias(t)) return false;
        return !isInline(t) || neededWhole(t);
    }

    static boolean isLeaf(Tensor t) {
        return switch (t.op()) {
            case Op.Input _, Op.Constant _, Op.Read _ -> true;
            default -> false;
        };
    }

    /** Says whether the result is the input's memory under another shape. */
    static boolean isAlias(Tensor t) {
        return switch (t.op()) {
            case Op.Reshape _, Op.StopGradient _, Op.Item _ -> true;
            case Op.Slice(var starts, var sizes, var strides) -> isLeadingSlice(t, starts, sizes, strides);
            default -> false;
        };
    }

    /** A slice of whole rows lies in one piece. Starts that are not a multiple of 16 elements would lose alignment. */
    private static boolean isLeadingSlice(Tensor t, Ints starts, Ints sizes, Ints strides) {
        Shape x = t.input(0).shape();
        if (x.rank() == 0 || !strides.all(1)) return false;
        for (int i = 1; i < x.rank(); i++) if (sizes.get(i) != x.dim(i)) return false;
        return starts.get(0) * x.size(1, x.rank()) % 16 == 0;
    }

    /** Says whether the users' loops can compute this on the fly at no cost. */
    static boolean isInline(Tensor t) {
        return t.op() instanceof Op.Full || t.op() instanceof Op.Broadcast;
    }

    static boolean isElementwise(Tensor t) {
        return switch (t.op()) {
            case Op.Elementwise1 _, Op.Elementwise2 _, Op.Select _, Op.Cast _ -> true;
            default -> false;
        };
    }

    /** Says whether an inline operation has a user (directly or through aliases) that needs it in memory. */
    private boolean neededWhole(Tensor t) {
        if (roots.contains(t)) return true;
        for (Tensor user : Objects.requireNonNull(users.get(t))) if (!isElementwise(user)) return true;
        return false;
    }

    private void grow(Tensor root) {
        var group = new Group(root);
        groups.put(root, group);
        if (!isElementwise(root)) return;
        var candidates =
                new PriorityQueue<Tensor>(Comparator.comparing((Tensor t) -> -Objects.requireNonNull(position.get(t))));
        candidates.addAll(root.inputs());
        while (!candidates.isEmpty()) {
            Tensor p = candidates.poll();
            if (groups.containsKey(p) || !isElementwise(p) || !p.shape().equals(group.shape)) continue;
            if (group.members.size() >= MOST_NODES || loads(group, p) > MOST_INPUTS) continue;
            if (needsCycle(Objects.requireNonNull(users.get(p)), group)) continue;
            group.members.add(p);
            groups.put(p, group);
            candidates.addAll(p.inputs());
        }
    }

    /** Lets the last product that the group reads, under any shape, run in the group's pass, if there is such a one. */
    private void join(Group group, Backend backend) {
        Tensor best = null;
        for (Tensor m : group.members) {
            for (Tensor input : m.inputs()) {
                Tensor core = input;
                while (core.op() instanceof Op.Reshape) core = core.input(0);
                if (best != null && position(core) <= position(best) || !isProduct(core)) continue;
                if (groups.get(core) == null || core.shape().size() != group.shape.size()) continue;
                if (backend.fusesEpilogue(core.op(), core.spec()) && !needsCycle(users(core), group)) best = core;
            }
        }
        if (best == null) return;
        group.product = best;
        group.keepsProduct = roots.contains(best);
        for (Tensor u : users(best)) group.keepsProduct |= !group.members.contains(u);
        for (Tensor alias : reshaped(best)) group.keepsProduct |= roots.contains(alias);
        groups.put(best, group);
    }

    /** Says whether {@code t} is computed by a step of its own that others can be joined to. */
    private boolean isProduct(Tensor t) {
        Group group = groups.get(t);
        if (group == null || group.product != null) return false;
        return switch (t.op()) {
            case Op.Dot _, Op.Conv _ -> true;
            case Op.Fused(var fusion) -> fusion instanceof Fusion.DotEpilogue || fusion instanceof Fusion.ConvEpilogue;
            default -> false;
        };
    }

    private int position(Tensor t) {
        return Objects.requireNonNull(position.get(t));
    }

    /** Returns all that use {@code t} or what is only another shape of it, those shapes left out. */
    private List<Tensor> users(Tensor t) {
        List<Tensor> all = new ArrayList<>(Objects.requireNonNull(users.get(t)));
        for (Tensor alias : reshaped(t)) all.addAll(Objects.requireNonNull(users.get(alias)));
        all.removeIf(u -> u.op() instanceof Op.Reshape);
        return all;
    }

    /** Returns the tensors that are {@code t} under other shapes. */
    private List<Tensor> reshaped(Tensor t) {
        List<Tensor> all = new ArrayList<>();
        for (Tensor u : Objects.requireNonNull(users.get(t))) {
            if (!(u.op() instanceof Op.Reshape)) continue;
            all.add(u);
            all.addAll(reshaped(u));
        }
        return all;
    }

    private static int loads(Group group, Tensor more) {
        Set<Tensor> loads = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor m : group.members) loads.addAll(m.inputs());
        loads.addAll(more.inputs());
        loads.removeIf(t -> group.members.contains(t) || t == more || t.op() instanceof Op.Full);
        return loads.size();
    }

    /** Says whether one of {@code users} is outside the group and is itself needed by the group. */
    private boolean needsCycle(List<Tensor> users, Group group) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        var stack = new ArrayDeque<Tensor>();
        for (Tensor u : users) if (!group.members.contains(u)) stack.push(u);
        while (!stack.isEmpty()) {
            Tensor t = stack.pop();
            if (group.members.contains(t)) return true;
            if (!seen.add(t)) continue;
            Group other = groups.get(t);
            if (other == null) Objects.requireNonNull(this.users.get(t)).forEach(stack::push);
            else
                for (Tensor m : other.all()) {
                    seen.add(m);
                    Objects.requireNonNull(this.users.get(m)).forEach(stack::push);
                }
        }
        return false;
    }

    private List<Group> schedule() {
        Set<Group> done = new LinkedHashSet<>();
        for (Tensor t : order) {
            Group g = groups.get(t);
            if (g != null) visit(g, done);
        }
        return new ArrayList<>(done);
    }

    /** Adds {@code group} after all groups that it needs, without recursion: chains can be thousands of groups long. */
    private void visit(Group group, Set<Group> done) {
        var stack = new ArrayDeque<Group>();
        stack.push(group);
        while (!stack.isEmpty()) {
            Group g = stack.peek();
            if (done.contains(g)) {
                stack.pop();
                continue;
            }
            Group missing = missing(g, done);
            if (missing == null) {
                done.add(g);
                stack.pop();
            } else {
                stack.push(missing);
            }
        }
    }

    private @Nullable Group missing(Group g, Set<Group> done) {
        var stack = new ArrayDeque<Tensor>();
        for (Tensor m : g.all()) m.inputs().forEach(stack::push);
        while (!stack.isEmpty()) {
            Tensor t = stack.pop();
            Group other = groups.get(t);
            if (other == g || other != null && done.contains(other)) continue;
            if (other != null) return other;
            t.inputs().forEach(stack::push);
        }
        return null;
    }

    /** Builds the expression of a group of elementwise operations, and lists what it loads and writes. */
    static final class Builder {
        private final Group group;
        private final List<Expression.Node> nodes = new ArrayList<>();
        private final Map<Tensor, Integer> registers = new IdentityHashMap<>();
        private final Map<Tensor, Integer> loads = new LinkedHashMap<>();
        final List<Tensor> outputs = new ArrayList<>();

        Builder(Group group, List<Tensor> sortedMembers, Set<Tensor> needed) {
            this.group = group;
            for (Tensor t : sortedMembers) register(t);
            for (Tensor t : sortedMembers) if (needed.contains(t)) outputs.add(t);
        }

        /** Returns the tensors that are loaded, in the order of the expression's inputs. */
        List<Tensor> inputs() {
            return List.copyOf(loads.keySet());
        }

        Expression expression() {
            return new Expression(
                    group.shape, nodes, outputs.stream().map(registers::get).toList());
        }

        private int register(Tensor t) {
            Integer known = registers.get(t);
            if (known != null) return known;
            int register;
            if (t.op() instanceof Op.Full || group.members.contains(t) && !(t.op() instanceof Op.Broadcast)) {
                int[] arguments = t.inputs().stream().mapToInt(this::register).toArray();
                nodes.add(Lowering.node(t.op(), t.dtype(), arguments));
                register = nodes.size() - 1;
            } else if (t.op() instanceof Op.Broadcast) {
                register = load(t.input(0));
            } else {
                register = load(t);
            }
            registers.put(t, register);
            return register;
        }

        private int load(Tensor t) {
            if (t.op() instanceof Op.Full) return register(t);
            Integer known = loads.get(t);
            if (known != null) return known;
            nodes.add(new Expression.Load(loads.size(), t.dtype()));
            loads.put(t, nodes.size() - 1);
            return nodes.size() - 1;
        }
    }
}
