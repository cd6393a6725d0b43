package org.keras4j.op;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;

/** Says which results an operation has, and refuses inputs that do not fit. */
public final class ShapeRules {
    private ShapeRules() {}

    /** Returns the dtype and shape of each result of {@code op}. */
    public static List<Spec> of(Op op, List<Spec> in) {
        return switch (op) {
            case Op.Input(var _, Spec spec) -> List.of(spec);
            case Op.Constant(var value) -> List.of(new Spec(value.dtype(), value.shape()));
            case Op.Full(var _, Spec spec) -> List.of(spec);
            case Op.Read(State state) -> List.of(state.spec());
            case Op.Elementwise1(Unary f) -> List.of(f.isTest() ? bool(in.get(0)) : in.get(0));
            case Op.Elementwise2(Binary f) -> {
                check(in.get(0).equals(in.get(1)), op, "inputs of one dtype and shape", in);
                yield List.of(f.isTest() ? bool(in.get(0)) : in.get(0));
            }
            case Op.Select() -> {
                check(
                        in.get(0).equals(bool(in.get(1))) && in.get(1).equals(in.get(2)),
                        op,
                        "bool, a, b of one shape",
                        in);
                yield List.of(in.get(1));
            }
            case Op.Cast(DType to) -> List.of(new Spec(to, in.get(0).shape()));
            case Op.StopGradient() -> List.of(in.get(0));
            case Op.Broadcast(Shape to) -> {
                checkBroadcast(op, in, to);
                yield List.of(reshaped(in.get(0), to));
            }
            case Op.Reshape(Shape to) -> {
                check(in.get(0).shape().size() == to.size(), op, "as many elements", in);
                yield List.of(reshaped(in.get(0), to));
            }
            case Op.Transpose(Ints p) -> List.of(reshaped(in.get(0), transposed(op, in, p)));
            case Op.Slice s -> List.of(reshaped(in.get(0), sliced(s, in)));
            case Op.Flip(var _) -> List.of(in.get(0));
            case Op.Pad p -> List.of(reshaped(in.get(0), padded(p, in)));
            case Op.Concatenate(int axis) -> List.of(reshaped(in.get(0), concatenated(op, in, axis)));
            case Op.Reduce(var _, Ints axes) -> {
                int[] dims = in.get(0).shape().dims();
                for (int axis : axes.toArray()) dims[axis] = 1;
                yield List.of(reshaped(in.get(0), Shape.of(dims)));
            }
            case Op.ArgReduce(var _, int axis) -> {
                check(in.get(0).shape().dim(axis) > 0, op, "at least one element along the axis", in);
                yield List.of(new Spec(DType.INT32, in.get(0).shape().with(axis, 1)));
            }
            case Op.Cumulative _ -> List.of(in.get(0));
            case Op.Sort _ -> List.of(in.get(0), new Spec(DType.INT32, in.get(0).shape()));
            case Op.Gather(int axis) -> {
                Shape x = in.get(0).shape();
                check(in.get(1).dtype() == DType.INT32 && axis >= 0 && axis < x.rank(), op, "int32 indices", in);
                yield List.of(reshaped(
                        in.get(0), x.slice(0, axis).concat(in.get(1).shape()).concat(x.from(axis + 1))));
            }
            case Op.Scatter _ -> {
                Shape x = in.get(0).shape();
                Shape index = in.get(1).shape();
                check(
                        in.get(1).dtype() == DType.INT32
                                && index.rank() == 1
                                && x.rank() >= 1
                                && in.get(2).equals(reshaped(in.get(0), x.with(0, index.dim(0)))),
                        op,
                        "x[n, row], int32[m], updates[m, row]",
                        in);
                yield List.of(in.get(0));
            }
            case Op.Dot dot -> List.of(reshaped(in.get(0), dotted(dot, in)));
            case Op.Conv(Window w) -> List.of(reshaped(in.get(0), convolved(op, w, in)));
            case Op.ConvInputGradient(var _, Shape x) -> List.of(reshaped(in.get(0), x));
            case Op.ConvKernelGradient(var _, Shape kernel) -> List.of(reshaped(in.get(0), kernel));
            case Op.Pool(var _, Ints size, Window w) ->
                List.of(reshaped(in.get(0), pooled(in.get(0).shape(), size, w)));
            case Op.PoolGradient(var _, var _, var _, Shape x) -> List.of(reshaped(in.get(0), x));
            case Op.Random(var _, Spec spec) -> {
                check(in.get(0).equals(new Spec(DType.INT32, Shape.of(2))), op, "a seed int32(2,)", in);
                yield List.of(spec);
            }
            case Op.Iota(var _, Spec spec) -> List.of(spec);
            case Op.Cholesky() -> {
                square(op, in);
                yield List.of(in.get(0));
            }
            case Op.TriangularSolve _ -> {
                square(op, in);
                check(in.get(1).shape().dim(-2) == in.get(0).shape().last(), op, "b with as many rows as a", in);
                yield List.of(in.get(1));
            }
            case Op.Qr(boolean complete) -> qr(in, complete);
            case Op.Lu() -> {
                square(op, in);
                yield List.of(in.get(0), new Spec(DType.INT32, in.get(0).shape().without(-1)));
            }
            case Op.Eigh() -> {
                square(op, in);
                yield List.of(reshaped(in.get(0), in.get(0).shape().without(-1)), in.get(0));
            }
            case Op.Svd() -> svd(in);
            case Op.Item(var _) -> throw new IllegalArgumentException("Item takes its spec from the tuple");
            case Op.Scan scan -> scanned(scan, in);
            case Op.Switch(var branches) -> chosen(op, branches, in);
            case Op.While loop -> repeated(loop, in);
            case Op.CustomGradient(var gradient, int arguments) -> customGradient(op, gradient, arguments, in);
            case Op.Fused(Fusion fusion) -> fused(fusion, in);
        };
    }

    private static List<Spec> fused(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.Softmax(), Fusion.LogSoftmax(), Fusion.SoftmaxGradient() -> List.of(in.get(0));
            case Fusion.LayerNorm(var _) -> List.of(in.get(0));
            case Fusion.SparseCrossentropy(var _, var _) -> {
                Spec row = checkCrossentropy(fusion, in.subList(0, 2), in);
                yield List.of(row);
            }
            case Fusion.SparseCrossentropyGradient(var _, var _) -> {
                Spec row = checkCrossentropy(fusion, in.subList(0, 2), in);
                if (!in.get(2).equals(row))
                    throw new IllegalArgumentException(fusion + ": expected a gradient " + row + ", got " + in);
                yield List.of(in.get(0));
            }
            case Fusion.LstmCell() -> {
                checkCell(fusion, 4, in, 1);
                yield List.of(in.get(2), in.get(2));
            }
            case Fusion.LstmCellGradient() -> {
                checkCell(fusion, 4, in, 3);
                yield List.of(in.get(0), in.get(2));
            }
            case Fusion.GruCell() -> {
                checkCell(fusion, 3, in, 1);
                yield List.of(in.get(2));
            }
            case Fusion.GruCellGradient() -> {
                checkCell(fusion, 3, in, 2);
                yield List.of(in.get(0), in.get(0), in.get(2));
            }
            case Fusion.Recurrence(Fusion.Cell cell, int reserve) -> RecurrenceRules.results(fusion, cell, reserve, in);
            case Fusion.RecurrenceGradient(Fusion.Cell cell, int reserve) ->
                RecurrenceRules.gradients(fusion, cell, reserve, in);
            case Fusion.BatchNorm(var _) -> {
                Spec channel = checkBatchNorm(fusion, 3, in);
                yield List.of(in.get(0), channel, channel, channel);
            }
            case Fusion.BatchNormGradient(var _) -> {
                Spec channel = checkBatchNorm(fusion, 5, in);
                yield List.of(in.get(0), channel, channel);
            }
            case Fusion.Attention attention -> {
                Spec y = checkAttention(attention, in);
                yield List.of(y, row(y));
            }
            case Fusion.AttentionGradient(Fusion.Attention forward) -> {
                int own = in.size() - 4;
                Spec y = checkAttention(forward, in.subList(0, Math.max(0, own)));
                List<Spec> expected = List.of(y, row(y), y, row(y));
                if (!in.subList(own, in.size()).equals(expected))
                    throw new IllegalArgumentException(
                            fusion + ": expected " + expected + " after the inputs of the attention, got " + in);
                yield in.subList(0, 3);
            }
            case Fusion.DotEpilogue(Op.Dot dot, var _, var _) -> of(dot, in.subList(0, 2));
            case Fusion.ConvEpilogue(Op.Conv conv, var _, var _) -> of(conv, in.subList(0, 2));
        };
    }

    /** Returns what one number for each row of p[m, n] is; refuses other inputs than p and int32 label[m]. */
    private static Spec checkCrossentropy(Fusion fusion, List<Spec> rows, List<Spec> got) {
        Shape p = rows.get(0).shape();
        boolean fits = p.rank() == 2 && p.last() > 0 && rows.get(0).dtype().isFloating();
        if (!fits || !rows.get(1).equals(new Spec(DType.INT32, p.slice(0, 1))))
            throw new IllegalArgumentException(fusion + ": expected p[m, n] and int32 label[m], got " + got);
        return reshaped(rows.get(0), p.slice(0, 1));
    }

    /** Returns what one number for each channel of x[..., n] is; refuses other inputs than x, such numbers, and dy. */
    private static Spec checkBatchNorm(Fusion fusion, int count, List<Spec> in) {
        Spec x = in.getFirst();
        boolean fits = in.size() == count && x.shape().rank() >= 2 && x.dtype().isFloating();
        DType wide = x.dtype().isNarrow() ? DType.FLOAT32 : x.dtype();
        var channel = new Spec(wide, fits ? Shape.of(x.shape().last()) : Shape.SCALAR);
        for (int i = 1; fits && i < count; i++) fits = in.get(i).equals(i < 4 ? channel : x);
        if (!fits)
            throw new IllegalArgumentException(fusion + ": expected x[..., n], " + (count < 5 ? "two" : "three")
                    + " tensors [n] of " + wide + (count < 5 ? "" : " and dy like x") + ", got " + in);
        return channel;
    }

    /** Returns the result of attention; refuses inputs that do not belong together. */
    private static Spec checkAttention(Fusion.Attention attention, List<Spec> in) {
        boolean fits = in.size() == (attention.mask() ? 4 : 3)
                && in.subList(0, 3).stream().allMatch(x -> x.shape().rank() == 4)
                && in.getFirst().dtype().isFloating();
        if (fits) {
            Shape q = in.get(0).shape();
            Shape k = in.get(1).shape();
            Shape v = in.get(2).shape();
            fits = in.get(1).equals(reshaped(in.get(0), k))
                    && in.get(2).equals(reshaped(in.get(0), v))
                    && k.dim(0) == q.dim(0)
                    && k.last() == q.last()
                    && k.slice(0, 3).equals(v.slice(0, 3))
                    && k.dim(2) > 0
                    && q.dim(2) % k.dim(2) == 0
                    && (in.size() == 3 || masks(in.get(3), Shape.of(q.dim(0), q.dim(2), q.dim(1), k.dim(1))));
            if (fits) return reshaped(in.get(0), q.with(3, v.last()));
        }
        throw new IllegalArgumentException(attention + ": expected q[b, t, h, d], k[b, s, g, d], v[b, s, g, e] with h a"
                + " multiple of g" + (attention.mask() ? " and a bool mask that broadcasts to [b, h, t, s]" : "")
                + ", got " + in);
    }

    /** Returns what one number for each row of an attention's result is. */
    private static Spec row(Spec y) {
        DType dtype = y.dtype().isNarrow() ? DType.FLOAT32 : y.dtype();
        return new Spec(dtype, y.shape().slice(0, 3));
    }

    private static boolean masks(Spec mask, Shape scores) {
        boolean fits = mask.dtype() == DType.BOOL && mask.shape().rank() == 4;
        for (int i = 0; fits && i < 4; i++)
            fits = mask.shape().dim(i) == 1 || mask.shape().dim(i) == scores.dim(i);
        return fits;
    }

    /** Refuses what is not two tensors of {@code gates} blocks of columns and {@code states} of one block. */
    private static void checkCell(Fusion fusion, int gates, List<Spec> in, int states) {
        Spec state = in.getLast();
        boolean fits = in.size() == 2 + states && state.shape().rank() == 2;
        for (int i = 0; fits && i < in.size(); i++) {
            int units = state.shape().last() * (i < 2 ? gates : 1);
            fits = in.get(i).equals(reshaped(state, state.shape().with(1, units)));
        }
        if (!fits)
            throw new IllegalArgumentException(fusion + ": expected two tensors (batch, " + gates + " units) and "
                    + states + " (batch, units), got " + in);
    }

    /** Returns the shape that pooling windows of {@code size} give. */
    public static Shape pooled(Shape x, Ints size, Window w) {
        int[] dims = x.dims();
        for (int i = 0; i < w.rank(); i++) dims[i + 1] = w.windows(i, dims[i + 1], size.get(i));
        return Shape.of(dims);
    }

    private static Shape convolved(Op op, Window w, List<Spec> in) {
        Shape x = in.get(0).shape();
        Shape kernel = in.get(1).shape();
        check(
                x.rank() == w.rank() + 2
                        && kernel.rank() == x.rank()
                        && x.last() == kernel.dim(-2) * w.groups()
                        && kernel.last() % w.groups() == 0
                        && in.get(0).dtype() == in.get(1).dtype(),
                op,
                "x[batch, space..., in], kernel[space..., in / groups, out]",
                in);
        int[] dims = x.dims();
        for (int i = 0; i < w.rank(); i++) dims[i + 1] = w.windows(i, dims[i + 1], kernel.dim(i));
        dims[dims.length - 1] = kernel.last();
        return Shape.of(dims);
    }

    private static Shape dotted(Op.Dot op, List<Spec> in) {
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        int m = op.transposeA() ? -1 : -2;
        int n = op.transposeB() ? -2 : -1;
        check(
                (a.rank() == 2 || a.rank() == 3)
                        && a.rank() == b.rank()
                        && a.dim(-3 - m) == b.dim(-3 - n)
                        && (a.rank() == 2 || a.dim(0) == b.dim(0))
                        && in.get(0).dtype() == in.get(1).dtype(),
                op,
                "[m, k] x [k, n] or batches of them",
                in);
        return a.rank() == 2 ? Shape.of(a.dim(m), b.dim(n)) : Shape.of(a.dim(0), a.dim(m), b.dim(n));
    }

    private static List<Spec> scanned(Op.Scan scan, List<Spec> in) {
        List<Spec> body = scan.body().inputs();
        check(body.size() == in.size(), scan, "one input for each of the body's", in);
        for (int i = 0; i < body.size(); i++) {
            boolean sequence = i >= scan.carried() && i < scan.carried() + scan.sequences();
            Spec expected = sequence ? reshaped(body.get(i), body.get(i).shape().insert(0, scan.steps())) : body.get(i);
            check(expected.equals(in.get(i)), scan, "input " + i + " to be " + expected, in);
        }
        List<Spec> out = new ArrayList<>(scan.body().outputs());
        for (int i = 0; i < out.size(); i++) {
            if (i < scan.carried())
                check(out.get(i).equals(body.get(i)), scan, "carried values to keep " + body.get(i), out);
            else out.set(i, reshaped(out.get(i), out.get(i).shape().insert(0, scan.steps())));
        }
        return List.copyOf(out);
    }

    private static List<Spec> chosen(Op op, List<Body> branches, List<Spec> in) {
        check(in.getFirst().equals(new Spec(DType.INT32, Shape.of())), op, "an int32 scalar that chooses", in);
        List<Spec> out = branches.getFirst().outputs();
        for (Body branch : branches) {
            check(branch.inputs().equals(in.subList(1, in.size())), op, "inputs " + branch.inputs(), in);
            check(branch.outputs().equals(out), op, "branches that all give " + out, branch.outputs());
        }
        return out;
    }

    private static List<Spec> repeated(Op.While loop, List<Spec> in) {
        check(loop.step().inputs().equals(in), loop, "inputs " + loop.step().inputs(), in);
        check(
                loop.condition().inputs().equals(in),
                loop,
                "inputs " + loop.condition().inputs(),
                in);
        List<Spec> flag = loop.condition().outputs();
        check(flag.equals(List.of(new Spec(DType.BOOL, Shape.of()))), loop, "a condition that is one bool", flag);
        List<Spec> next = loop.step().outputs();
        check(next.equals(in.subList(0, loop.carried())), loop, "a step that gives what it is given", next);
        return next;
    }

    private static List<Spec> customGradient(Op op, Body gradient, int arguments, List<Spec> in) {
        List<Spec> taken = new ArrayList<>(in.subList(1 + arguments, in.size()));
        taken.addFirst(in.getFirst());
        check(gradient.inputs().equals(taken), op, "inputs that a gradient of " + gradient.inputs() + " fits", in);
        check(gradient.outputs().equals(in.subList(1, 1 + arguments)), op, "one gradient for each argument", in);
        return List.of(in.getFirst());
    }

    private static List<Spec> qr(List<Spec> in, boolean complete) {
        Shape a = in.get(0).shape();
        int m = a.dim(-2);
        int k = complete ? m : Math.min(m, a.last());
        return List.of(reshaped(in.get(0), a.with(-1, k)), reshaped(in.get(0), a.with(-2, k)));
    }

    private static List<Spec> svd(List<Spec> in) {
        Shape a = in.get(0).shape();
        int k = Math.min(a.dim(-2), a.last());
        return List.of(
                reshaped(in.get(0), a.with(-1, k)),
                reshaped(in.get(0), a.without(-1).with(-1, k)),
                reshaped(in.get(0), a.with(-2, k)));
    }

    private static Shape transposed(Op op, List<Spec> in, Ints p) {
        Shape x = in.get(0).shape();
        check(p.size() == x.rank(), op, "one number for each axis", in);
        var dims = new int[p.size()];
        for (int i = 0; i < dims.length; i++) dims[i] = x.dim(p.get(i));
        return Shape.of(dims);
    }

    private static Shape sliced(Op.Slice s, List<Spec> in) {
        Shape x = in.get(0).shape();
        check(
                s.starts().size() == x.rank()
                        && s.sizes().size() == x.rank()
                        && s.strides().size() == x.rank(),
                s,
                "one number for each axis",
                in);
        for (int i = 0; i < x.rank(); i++) {
            int size = s.sizes().get(i);
            long last = s.starts().get(i) + (long) (size - 1) * s.strides().get(i);
            check(
                    size >= 0 && s.strides().get(i) >= 1 && s.starts().get(i) >= 0 && (size == 0 || last < x.dim(i)),
                    s,
                    "a range inside axis " + i,
                    in);
        }
        return Shape.of(s.sizes().toArray());
    }

    private static Shape padded(Op.Pad p, List<Spec> in) {
        int[] dims = in.get(0).shape().dims();
        check(p.low().size() == dims.length, p, "one number for each axis", in);
        for (int i = 0; i < dims.length; i++)
            dims[i] = p.low().get(i)
                    + p.high().get(i)
                    + dims[i]
                    + Math.max(0, dims[i] - 1) * p.interior().get(i);
        return Shape.of(dims);
    }

    private static Shape concatenated(Op op, List<Spec> in, int axis) {
        Shape first = in.get(0).shape();
        int total = 0;
        for (Spec s : in) {
            check(
                    s.dtype() == in.get(0).dtype()
                            && s.shape().rank() == first.rank()
                            && s.shape().with(axis, 0).equals(first.with(axis, 0)),
                    op,
                    "inputs that differ only on axis " + axis,
                    in);
            total += s.shape().dim(axis);
        }
        return first.with(axis, total);
    }

    private static void checkBroadcast(Op op, List<Spec> in, Shape to) {
        Shape from = in.get(0).shape();
        boolean fits = from.rank() == to.rank();
        for (int i = 0; fits && i < to.rank(); i++) fits = from.dim(i) == 1 || from.dim(i) == to.dim(i);
        check(fits, op, "sizes equal or 1", in);
    }

    private static void square(Op op, List<Spec> in) {
        Shape a = in.get(0).shape();
        check(a.rank() >= 2 && a.dim(-1) == a.dim(-2), op, "square matrices", in);
    }

    private static Spec bool(Spec spec) {
        return new Spec(DType.BOOL, spec.shape());
    }

    private static Spec reshaped(Spec spec, Shape to) {
        return new Spec(spec.dtype(), to);
    }

    private static void check(boolean fits, Op op, String expected, List<Spec> got) {
        if (!fits) throw new IllegalArgumentException(op + ": expected " + expected + ", got " + got);
    }
}
