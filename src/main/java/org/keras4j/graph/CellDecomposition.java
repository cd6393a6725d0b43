package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.concatenate;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.neg;
import static org.keras4j.graph.Primitives.shift;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.unary;

import java.util.List;
import org.keras4j.op.Unary;

/** The steps of recurrent layers in primitives: what the fused operations for them mean. */
final class CellDecomposition {
    private CellDecomposition() {}

    /** Returns h, c' from x, r, c. */
    static List<Tensor> lstm(List<Tensor> in) {
        Lstm cell = new Lstm(in);
        return List.of(mul(cell.o, cell.squashed), cell.next);
    }

    /** Returns dz, dc from x, r, c, dh, dc'. */
    static List<Tensor> lstmGradient(List<Tensor> in) {
        Lstm cell = new Lstm(in);
        Tensor dh = in.get(3);
        Tensor dNext = add(in.get(4), mul(mul(dh, cell.o), ofTanh(cell.squashed)));
        Tensor di = mul(mul(dNext, cell.g), ofSigmoid(cell.i));
        Tensor df = mul(mul(dNext, in.get(2)), ofSigmoid(cell.f));
        Tensor dg = mul(mul(dNext, cell.i), ofTanh(cell.g));
        Tensor dO = mul(mul(dh, cell.squashed), ofSigmoid(cell.o));
        return List.of(concatenate(List.of(di, df, dg, dO), 1), mul(dNext, cell.f));
    }

    private static final class Lstm {
        final Tensor i;
        final Tensor f;
        final Tensor g;
        final Tensor o;
        final Tensor next;
        final Tensor squashed;

        Lstm(List<Tensor> in) {
            Tensor z = add(in.get(0), in.get(1));
            int units = in.get(2).shape().last();
            i = unary(Unary.SIGMOID, block(z, 0, units));
            f = unary(Unary.SIGMOID, block(z, 1, units));
            g = unary(Unary.TANH, block(z, 2, units));
            o = unary(Unary.SIGMOID, block(z, 3, units));
            next = add(mul(f, in.get(2)), mul(i, g));
            squashed = unary(Unary.TANH, next);
        }
    }

    /** Returns the next h from x, r, h. */
    static Tensor gru(List<Tensor> in) {
        Gru cell = new Gru(in);
        return add(mul(cell.z, in.get(2)), mul(shift(neg(cell.z), 1), cell.c));
    }

    /** Returns dx, dr, dh from x, r, h, dy. */
    static List<Tensor> gruGradient(List<Tensor> in) {
        Gru cell = new Gru(in);
        Tensor dy = in.get(3);
        Tensor dz = mul(mul(dy, sub(in.get(2), cell.c)), ofSigmoid(cell.z));
        Tensor dc = mul(mul(dy, shift(neg(cell.z), 1)), ofTanh(cell.c));
        Tensor dReset = mul(mul(dc, cell.seen), ofSigmoid(cell.reset));
        return List.of(
                concatenate(List.of(dz, dReset, dc), 1),
                concatenate(List.of(dz, dReset, mul(dc, cell.reset)), 1),
                mul(dy, cell.z));
    }

    private static final class Gru {
        final Tensor z;
        final Tensor reset;
        final Tensor seen;
        final Tensor c;

        Gru(List<Tensor> in) {
            Tensor x = in.get(0);
            Tensor r = in.get(1);
            int units = in.get(2).shape().last();
            z = unary(Unary.SIGMOID, add(block(x, 0, units), block(r, 0, units)));
            reset = unary(Unary.SIGMOID, add(block(x, 1, units), block(r, 1, units)));
            seen = block(r, 2, units);
            c = unary(Unary.TANH, add(block(x, 2, units), mul(reset, seen)));
        }
    }

    private static Tensor block(Tensor x, int index, int units) {
        return Primitives.slice(x, 1, index * units, units);
    }

    /** The derivative of the sigmoid whose value is {@code s}. */
    private static Tensor ofSigmoid(Tensor s) {
        return mul(s, shift(neg(s), 1));
    }

    /** The derivative of the hyperbolic tangent whose value is {@code t}. */
    private static Tensor ofTanh(Tensor t) {
        return shift(neg(mul(t, t)), 1);
    }
}
