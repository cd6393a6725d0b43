package org.keras4j.backend.cpu;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.cpu.kernels.Registers;
import org.keras4j.backend.reference.BinaryMath;
import org.keras4j.backend.reference.UnaryMath;

/** Computes any instruction on any dtype element by element, with the functions of the reference backend. */
final class ScalarSteps {
    private ScalarSteps() {}

    static Step of(Expression expression, int i) {
        List<Expression.Node> nodes = expression.nodes();
        Expression.Node node = nodes.get(i);
        DType to = node.dtype();
        return switch (node) {
            case Apply1 apply -> unary(apply, nodes.get(apply.a()).dtype(), i, to);
            case Apply2 apply -> binary(apply, nodes.get(apply.a()).dtype(), i, to);
            case Choose choose -> choose(choose, i, to);
            case Convert convert -> convert(convert.a(), nodes.get(convert.a()).dtype(), i, to);
            case Expression.Load _, Expression.Number _ ->
                throw new IllegalArgumentException("not an instruction: " + node);
        };
    }

    private static Step unary(Apply1 apply, DType from, int y, DType to) {
        int x = apply.a();
        if (!from.isFloating()) {
            LongUnaryOperator f = UnaryMath.integer(apply.function(), from);
            return (r, n) -> {
                for (int q = 0; q < n; q++) setLong(r, y, to, q, f.applyAsLong(getLong(r, x, from, q)));
            };
        }
        if (apply.function().isTest()) {
            DoublePredicate f = UnaryMath.test(apply.function());
            return (r, n) -> {
                for (int q = 0; q < n; q++) setLong(r, y, to, q, f.test(get(r, x, from, q)) ? 1 : 0);
            };
        }
        DoubleUnaryOperator f = UnaryMath.floating(apply.function());
        return (r, n) -> {
            for (int q = 0; q < n; q++) set(r, y, to, q, f.applyAsDouble(get(r, x, from, q)));
        };
    }

    private static Step binary(Apply2 apply, DType from, int y, DType to) {
        int a = apply.a();
        int b = apply.b();
        if (!from.isFloating()) {
            LongBinaryOperator f = BinaryMath.integer(apply.function(), from);
            return (r, n) -> {
                for (int q = 0; q < n; q++)
                    setLong(r, y, to, q, f.applyAsLong(getLong(r, a, from, q), getLong(r, b, from, q)));
            };
        }
        if (apply.function().isTest()) {
            BinaryMath.Test f = BinaryMath.test(apply.function());
            return (r, n) -> {
                for (int q = 0; q < n; q++)
                    setLong(r, y, to, q, f.test(get(r, a, from, q), get(r, b, from, q)) ? 1 : 0);
            };
        }
        DoubleBinaryOperator f = BinaryMath.floating(apply.function(), from);
        return (r, n) -> {
            for (int q = 0; q < n; q++) set(r, y, to, q, f.applyAsDouble(get(r, a, from, q), get(r, b, from, q)));
        };
    }

    private static Step choose(Choose choose, int y, DType to) {
        int c = choose.condition();
        int a = choose.a();
        int b = choose.b();
        if (to.isFloating()) {
            return (r, n) -> {
                for (int q = 0; q < n; q++) set(r, y, to, q, get(r, r.ints[c][r.at[c] + q] != 0 ? a : b, to, q));
            };
        }
        return (r, n) -> {
            for (int q = 0; q < n; q++) setLong(r, y, to, q, getLong(r, r.ints[c][r.at[c] + q] != 0 ? a : b, to, q));
        };
    }

    private static Step convert(int x, DType from, int y, DType to) {
        if (to == DType.BOOL && from.isFloating()) {
            return (r, n) -> {
                for (int q = 0; q < n; q++) setLong(r, y, to, q, get(r, x, from, q) != 0 ? 1 : 0);
            };
        }
        if (to.isFloating()) {
            return (r, n) -> {
                for (int q = 0; q < n; q++) set(r, y, to, q, get(r, x, from, q));
            };
        }
        return (r, n) -> {
            for (int q = 0; q < n; q++) setLong(r, y, to, q, getLong(r, x, from, q));
        };
    }

    private static double get(Registers r, int x, DType type, int q) {
        int at = r.at[x] + q;
        return switch (type.storage()) {
            case FLOAT -> r.floats[x][at];
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> r.doubles[x][at];
            case INT -> r.ints[x][at];
            case LONG -> r.longs[x][at];
        };
    }

    private static long getLong(Registers r, int x, DType type, int q) {
        return type.storage() == Storage.LONG ? r.longs[x][r.at[x] + q] : (long) get(r, x, type, q);
    }

    private static void set(Registers r, int y, DType type, int q, double value) {
        int at = r.at[y] + q;
        double rounded = type.round(value);
        switch (type.storage()) {
            case FLOAT -> r.floats[y][at] = (float) rounded;
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> r.doubles[y][at] = rounded;
            case INT -> r.ints[y][at] = (int) rounded;
            case LONG -> r.longs[y][at] = (long) rounded;
        }
    }

    private static void setLong(Registers r, int y, DType type, int q, long value) {
        int at = r.at[y] + q;
        long wrapped = type.wrap(value);
        if (type.storage() == Storage.LONG) r.longs[y][at] = wrapped;
        else r.ints[y][at] = (int) wrapped;
    }
}
