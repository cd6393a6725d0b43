package org.keras4j.backend.reference;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.keras4j.DType;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** Computes an expression element by element: floating registers are doubles, all others longs. */
final class ReferenceElementwise {
    private final Expression expression;
    private final Elements[] in;
    private final Walk walk;
    private final double[] floating;
    private final long[] integer;

    private ReferenceElementwise(Expression expression, List<View> in) {
        this.expression = expression;
        this.in = new Elements[in.size()];
        var strides = new int[in.size()][];
        for (int i = 0; i < strides.length; i++) {
            checkBroadcast(expression, in.get(i));
            this.in[i] = Elements.of(in.get(i));
            strides[i] = Walk.broadcastStrides(in.get(i).shape());
        }
        this.walk = new Walk(expression.shape().dims(), strides);
        this.floating = new double[expression.nodes().size()];
        this.integer = new long[expression.nodes().size()];
    }

    static Kernel prepare(Expression expression, List<View> in, List<View> out) {
        return new ReferenceElementwise(expression, in).kernel(out);
    }

    private static void checkBroadcast(Expression expression, View in) {
        boolean fits = in.shape().rank() == expression.shape().rank();
        for (int axis = 0; fits && axis < in.shape().rank(); axis++)
            fits = in.shape().dim(axis) == 1
                    || in.shape().dim(axis) == expression.shape().dim(axis);
        if (!fits)
            throw new IllegalArgumentException("Expression of " + expression.shape()
                    + ": expected inputs with each size equal or 1, got " + in.shape());
    }

    private Kernel kernel(List<View> out) {
        List<Node> nodes = expression.nodes();
        var steps = new Kernel[nodes.size()];
        for (int i = 0; i < steps.length; i++) steps[i] = step(i, nodes.get(i));
        var outputs = new Elements[out.size()];
        for (int k = 0; k < outputs.length; k++) {
            outputs[k] = Elements.of(out.get(k));
            DType dtype = nodes.get(expression.outputs().get(k)).dtype();
            if (outputs[k].dtype != dtype || outputs[k].size != walk.size())
                throw new IllegalArgumentException("Expression: output " + k + " is " + dtype + expression.shape()
                        + ", got a view of " + out.get(k).dtype() + out.get(k).shape());
        }
        return () -> {
            for (int at = 0; at < walk.size(); at++, walk.advance()) {
                for (Kernel step : steps) step.run();
                for (int k = 0; k < outputs.length; k++)
                    store(outputs[k], at, expression.outputs().get(k));
            }
        };
    }

    private void store(Elements out, int at, int register) {
        if (out.dtype.isFloating()) out.set(at, floating[register]);
        else out.setLong(at, integer[register]);
    }

    private Kernel step(int i, Node node) {
        DType dtype = node.dtype();
        return switch (node) {
            case Load load -> load(i, load.input(), dtype);
            case Expression.Number number -> {
                double rounded = dtype.round(number.value());
                yield dtype.isFloating() ? () -> floating[i] = rounded : () -> integer[i] = (long) rounded;
            }
            case Apply1 apply -> unary(i, apply);
            case Apply2 apply -> binary(i, apply);
            case Choose choice -> choose(i, choice.condition(), choice.a(), choice.b(), dtype);
            case Convert conversion -> convert(i, conversion.a(), dtypeOf(conversion.a()), dtype);
        };
    }

    private Kernel load(int i, int input, DType dtype) {
        Elements x = in[input];
        if (x.dtype != dtype)
            throw new IllegalArgumentException(
                    "Expression: input " + input + " is loaded as " + dtype + ", got " + x.dtype);
        return dtype.isFloating()
                ? () -> floating[i] = x.get(walk.at(input))
                : () -> integer[i] = x.getLong(walk.at(input));
    }

    private Kernel choose(int i, int condition, int a, int b, DType dtype) {
        if (dtype.isFloating()) return () -> floating[i] = integer[condition] != 0 ? floating[a] : floating[b];
        return () -> integer[i] = integer[condition] != 0 ? integer[a] : integer[b];
    }

    private Kernel unary(int i, Apply1 apply) {
        int a = apply.a();
        DType dtype = apply.dtype();
        DType from = dtypeOf(a);
        if (!from.isFloating()) {
            LongUnaryOperator f = UnaryMath.integer(apply.function(), from);
            return () -> integer[i] = dtype.wrap(f.applyAsLong(integer[a]));
        }
        if (apply.function().isTest()) {
            DoublePredicate f = UnaryMath.test(apply.function());
            return () -> integer[i] = f.test(floating[a]) ? 1 : 0;
        }
        DoubleUnaryOperator f = UnaryMath.floating(apply.function());
        return () -> floating[i] = dtype.round(f.applyAsDouble(floating[a]));
    }

    private Kernel binary(int i, Apply2 apply) {
        int a = apply.a();
        int b = apply.b();
        DType dtype = apply.dtype();
        DType from = dtypeOf(a);
        if (from != dtypeOf(b))
            throw new IllegalArgumentException(
                    apply + ": expected two values of one dtype, got " + from + " and " + dtypeOf(b));
        if (!from.isFloating()) {
            LongBinaryOperator f = BinaryMath.integer(apply.function(), from);
            return () -> integer[i] = dtype.wrap(f.applyAsLong(integer[a], integer[b]));
        }
        if (apply.function().isTest()) {
            BinaryMath.Test f = BinaryMath.test(apply.function());
            return () -> integer[i] = f.test(floating[a], floating[b]) ? 1 : 0;
        }
        DoubleBinaryOperator f = BinaryMath.floating(apply.function(), from);
        return () -> floating[i] = dtype.round(f.applyAsDouble(floating[a], floating[b]));
    }

    private Kernel convert(int i, int a, DType from, DType to) {
        if (from.isFloating() && to.isFloating()) return () -> floating[i] = to.round(floating[a]);
        if (to.isFloating()) return () -> floating[i] = to.round(integer[a]);
        if (!from.isFloating()) return () -> integer[i] = to.wrap(integer[a]);
        if (to == DType.BOOL) return () -> integer[i] = floating[a] != 0 ? 1 : 0;
        return () -> integer[i] = to.wrap((long) floating[a]);
    }

    private DType dtypeOf(int register) {
        return expression.nodes().get(register).dtype();
    }
}
