package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Branches;
import org.keras4j.graph.Graph;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.WhileLoops;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Branches and loops of Java functions on nests of tensors. */
final class ControlFlow {
    private ControlFlow() {}

    static <T> T cond(Tensor pred, Supplier<T> trueFn, Supplier<T> falseFn) {
        Tensor index = Primitives.select(scalarBool(pred, "cond"), integer(0), integer(1));
        return choose("cond", index, List.of(trueFn, falseFn));
    }

    static <A, T> T switchCase(Tensor index, List<Function<A, T>> branches, A operands) {
        if (branches.isEmpty()) throw new IllegalArgumentException("switchCase: expected a branch, got none");
        if (index.shape().size() != 1 || index.dtype().isFloating() || index.dtype() == DType.BOOL)
            throw new IllegalArgumentException("switchCase: expected one integer, got " + index.spec());
        Tensor held = Elementwise.clip(Primitives.reshape(index, Shape.SCALAR), 0, branches.size() - 1);
        List<Supplier<T>> suppliers = new ArrayList<>();
        for (Function<A, T> branch : branches) suppliers.add(() -> branch.apply(operands));
        return choose("switchCase", Primitives.cast(held, DType.INT32), suppliers);
    }

    private static <T> T choose(String operation, Tensor index, List<Supplier<T>> branches) {
        if (isComputable(index)) return branches.get((int) index.item()).get();
        List<T> results = new ArrayList<>();
        List<Supplier<List<Tensor>>> flat = new ArrayList<>();
        for (Supplier<T> branch : branches) {
            flat.add(() -> {
                T result = branch.get();
                results.add(result);
                return Nest.tensors(result, operation);
            });
        }
        List<Tensor> chosen = Branches.choose(index, flat);
        return Nest.pack(results.getFirst(), chosen);
    }

    /** Says whether the value depends on nothing that another run could change. */
    private static boolean isComputable(Tensor x) {
        for (Tensor t : Graph.sort(List.of(x)))
            if (t.op() instanceof Op.Input || t.op() instanceof Op.Read && Trace.current() != null) return false;
        return true;
    }

    static <T> T whileLoop(
            Function<T, Tensor> cond, Function<T, T> body, T loopVars, @Nullable Integer maximumIterations) {
        List<Tensor> initial = new ArrayList<>(Nest.tensors(loopVars, "whileLoop"));
        int n = initial.size();
        if (maximumIterations != null) initial.add(integer(0));
        List<Tensor> last = WhileLoops.repeat(
                carried -> {
                    Tensor go = scalarBool(
                            cond.apply(Nest.pack(loopVars, carried.subList(0, n))), "condition of whileLoop");
                    if (maximumIterations == null) return go;
                    Tensor few = Primitives.binary(Binary.LESS, carried.get(n), integer(maximumIterations));
                    return Primitives.select(go, few, go);
                },
                carried -> {
                    T next = body.apply(Nest.pack(loopVars, carried.subList(0, n)));
                    List<Tensor> results = new ArrayList<>(Nest.tensors(next, "whileLoop"));
                    if (maximumIterations != null) results.add(Primitives.add(carried.get(n), integer(1)));
                    return results;
                },
                initial);
        return Nest.pack(loopVars, last.subList(0, n));
    }

    static <T> T foriLoop(int lower, int upper, BiFunction<Tensor, T, T> body, T initial) {
        int steps = Math.max(0, upper - lower);
        Shape shape = Shape.of(steps);
        Tensor numbers =
                Primitives.add(Primitives.iota(0, DType.INT32, shape), Primitives.full(lower, DType.INT32, shape));
        List<Tensor> first = Nest.tensors(initial, "foriLoop");
        Scans.Result result = Scans.scan(steps, false, first, List.of(numbers), (carried, in) -> {
            T next = body.apply(in.getFirst(), Nest.pack(initial, carried));
            return new Scans.Step(Nest.tensors(next, "foriLoop"), List.of());
        });
        return Nest.pack(initial, result.carried());
    }

    static <T> T foriLoop(Tensor lower, Tensor upper, BiFunction<Tensor, T, T> body, T initial) {
        if (isComputable(lower) && isComputable(upper))
            return foriLoop((int) lower.item(), (int) upper.item(), body, initial);
        Tensor end = Primitives.cast(upper, DType.INT32);
        List<Tensor> start = new ArrayList<>(Nest.tensors(initial, "foriLoop"));
        start.addFirst(Primitives.cast(lower, DType.INT32));
        List<Tensor> last = WhileLoops.repeat(
                carried -> Primitives.binary(Binary.LESS, carried.getFirst(), end),
                carried -> {
                    Tensor i = carried.getFirst();
                    T next = body.apply(i, Nest.pack(initial, carried.subList(1, carried.size())));
                    List<Tensor> results = new ArrayList<>(Nest.tensors(next, "foriLoop"));
                    results.addFirst(Primitives.add(i, integer(1)));
                    return results;
                },
                start);
        return Nest.pack(initial, last.subList(1, last.size()));
    }

    static <C, X extends @Nullable Object, Y extends @Nullable Object> ScanResult<C, Y> scan(
            BiFunction<C, X, ScanResult<C, Y>> f, C init, X xs, @Nullable Integer length, boolean reverse) {
        List<Tensor> sequences = Nest.tensors(xs, "scan");
        List<ScanResult<C, Y>> step = new ArrayList<>();
        Scans.Result result = Scans.scan(
                steps("scan", sequences, length), reverse, Nest.tensors(init, "scan"), sequences, (carried, in) -> {
                    step.add(f.apply(Nest.pack(init, carried), Nest.pack(xs, in)));
                    ScanResult<C, Y> made = step.getFirst();
                    return new Scans.Step(Nest.tensors(made.carry(), "scan"), Nest.tensors(made.outputs(), "scan"));
                });
        return new ScanResult<>(
                Nest.pack(init, result.carried()), Nest.pack(step.getFirst().outputs(), result.outputs()));
    }

    static <X, Y> Y map(String operation, Function<X, Y> f, X xs) {
        List<Tensor> sequences = Nest.tensors(xs, operation);
        List<Y> step = new ArrayList<>();
        Scans.Result result = Scans.scan(steps(operation, sequences, null), false, List.of(), sequences, (_, in) -> {
            step.add(f.apply(Nest.pack(xs, in)));
            return new Scans.Step(List.of(), Nest.tensors(step.getFirst(), operation));
        });
        return Nest.pack(step.getFirst(), result.outputs());
    }

    /** Returns the common first size, which is to be {@code length} where that is given. */
    private static int steps(String operation, List<Tensor> sequences, @Nullable Integer length) {
        if (sequences.isEmpty() && length == null)
            throw new IllegalArgumentException(operation + ": expected sequences or a length, got neither");
        for (Tensor t : sequences) {
            int expected = length != null
                    ? length
                    : sequences.getFirst().rank() == 0
                            ? -1
                            : sequences.getFirst().shape().dim(0);
            if (t.rank() == 0 || t.shape().dim(0) != expected)
                throw new IllegalArgumentException(operation + ": expected "
                        + (expected < 0 ? "tensors with an axis to go along" : "tensors of first size " + expected)
                        + ", got shape " + t.shape());
        }
        return length != null ? length : sequences.getFirst().shape().dim(0);
    }

    private static Tensor scalarBool(Tensor x, String what) {
        if (x.shape().size() != 1)
            throw new IllegalArgumentException(what + ": expected a predicate of one element, got " + x.spec());
        return Primitives.cast(Primitives.reshape(x, Shape.SCALAR), DType.BOOL);
    }

    private static Tensor integer(int value) {
        return Primitives.full(value, DType.INT32, Shape.SCALAR);
    }
}
