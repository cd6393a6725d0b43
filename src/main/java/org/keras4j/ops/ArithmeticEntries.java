package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;
import static org.keras4j.ops.Operations.alias;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Elementwise operations by name. */
final class ArithmeticEntries {
    private ArithmeticEntries() {}

    static void register() {
        binary();
        comparisons();
        bits();
        unary();
        others();
    }

    private static void two(String name, BinaryOperator<Tensor> f) {
        add(name + "(x1, x2)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            return f.apply(x[0], x[1]);
        });
    }

    private static void ofFloats(String name, BinaryOperator<Tensor> f) {
        add(name + "(x1, x2)", a -> {
            Tensor[] x = a.floats("x1", "x2");
            return f.apply(x[0], x[1]);
        });
    }

    private static void one(String name, UnaryOperator<Tensor> f) {
        add(name + "(x)", a -> f.apply(a.tensor("x")));
    }

    private static void binary() {
        two("add", (x, y) -> Arithmetic.binary(Binary.ADD, x, y));
        two("subtract", (x, y) -> Arithmetic.binary(Binary.SUB, x, y));
        two("multiply", (x, y) -> Arithmetic.binary(Binary.MUL, x, y));
        ofFloats("divide", (x, y) -> Arithmetic.floatBinary(Binary.DIV, x, y));
        ofFloats("divide_no_nan", Elementwise::divideNoNan);
        two("floor_divide", (x, y) -> Arithmetic.intBinary(Binary.FLOOR_DIV, x, y));
        two("mod", (x, y) -> Arithmetic.intBinary(Binary.MOD, x, y));
        two("fmod", Elementwise::fmod);
        two("power", Elementwise::power);
        two("maximum", (x, y) -> Arithmetic.binary(Binary.MAX, x, y));
        two("minimum", (x, y) -> Arithmetic.binary(Binary.MIN, x, y));
        two("fmax", (x, y) -> Elementwise.ignoringNan(Binary.MAX, x, y));
        two("fmin", (x, y) -> Elementwise.ignoringNan(Binary.MIN, x, y));
        ofFloats("arctan2", (x, y) -> Arithmetic.floatBinary(Binary.ATAN2, x, y));
        ofFloats("hypot", Elementwise::hypot);
        two("heaviside", Elementwise::heaviside);
        two("gcd", Elementwise::gcd);
        two("lcm", Elementwise::lcm);
        two("ldexp", Elementwise::ldexp);
        ofFloats("logaddexp", (x, y) -> Elementwise.logaddexp(x, y, Math.E));
        ofFloats("logaddexp2", (x, y) -> Elementwise.logaddexp(x, y, 2));
        two("nextafter", (x, y) -> Arithmetic.floatBinary(Binary.NEXT_AFTER, x, y));
        alias("divide", "true_divide");
    }

    private static void comparisons() {
        two("equal", (x, y) -> Arithmetic.binary(Binary.EQUAL, x, y));
        two("not_equal", (x, y) -> Arithmetic.binary(Binary.NOT_EQUAL, x, y));
        two("less", (x, y) -> Arithmetic.binary(Binary.LESS, x, y));
        two("less_equal", (x, y) -> Arithmetic.binary(Binary.LESS_EQUAL, x, y));
        two("greater", (x, y) -> Arithmetic.binary(Binary.GREATER, x, y));
        two("greater_equal", (x, y) -> Arithmetic.binary(Binary.GREATER_EQUAL, x, y));
        two("logical_and", (x, y) -> Arithmetic.logical(Binary.LOGICAL_AND, x, y));
        two("logical_or", (x, y) -> Arithmetic.logical(Binary.LOGICAL_OR, x, y));
        two("logical_xor", (x, y) -> Arithmetic.logical(Binary.LOGICAL_XOR, x, y));
        one("logical_not", x -> Primitives.unary(Unary.LOGICAL_NOT, Primitives.cast(x, DType.BOOL)));
        one("isnan", x -> Primitives.unary(Unary.IS_NAN, Arithmetic.toFloat(x)));
        one("isinf", x -> Primitives.unary(Unary.IS_INF, Arithmetic.toFloat(x)));
        one("isfinite", x -> Primitives.unary(Unary.IS_FINITE, Arithmetic.toFloat(x)));
        one("isposinf", x -> Elementwise.isInfinite(x, 1));
        one("isneginf", x -> Elementwise.isInfinite(x, -1));
        one("signbit", Elementwise::signbit);
        add("isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            return Elementwise.isclose(x[0], x[1], a.real("rtol"), a.real("atol"), a.flag("equal_nan"));
        });
        add("allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            Tensor close = Elementwise.isclose(x[0], x[1], a.real("rtol"), a.real("atol"), a.flag("equal_nan"));
            return Reductions.all(close, null, false);
        });
        add("isin(x1, x2, assume_unique=False, invert=False)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            return Elementwise.isin(x[0], x[1], a.flag("invert"));
        });
    }

    private static void bits() {
        bits("bitwise_and", Binary.BITWISE_AND);
        bits("bitwise_or", Binary.BITWISE_OR);
        bits("bitwise_xor", Binary.BITWISE_XOR);
        bits("bitwise_left_shift", Binary.SHIFT_LEFT);
        bits("bitwise_right_shift", Binary.SHIFT_RIGHT);
        alias("bitwise_left_shift", "left_shift");
        alias("bitwise_right_shift", "right_shift");
        one(
                "bitwise_not",
                x -> x.dtype() == DType.BOOL
                        ? Primitives.unary(Unary.LOGICAL_NOT, x)
                        : Primitives.unary(Unary.BITWISE_NOT, x));
        alias("bitwise_not", "bitwise_invert");
    }

    private static void bits(String name, Binary f) {
        add(name + "(x, y)", a -> {
            Tensor[] x = a.pair("x", "y");
            boolean shift = f == Binary.SHIFT_LEFT || f == Binary.SHIFT_RIGHT;
            return shift ? Arithmetic.intBinary(f, x[0], x[1]) : Arithmetic.binary(f, x[0], x[1]);
        });
    }

    private static void unary() {
        one("fabs", x -> Primitives.unary(Unary.ABS, Arithmetic.toFloat(x)));
        one("negative", x -> Primitives.neg(x));
        one("sign", x -> Primitives.unary(Unary.SIGN, x));
        one("square", Elementwise::square);
        one("trunc", Elementwise::trunc);
        one("cbrt", Elementwise::cbrt);
        one("exp2", Elementwise::exp2);
        one("log2", x -> Elementwise.log(x, 2));
        one("log10", x -> Elementwise.log(x, 10));
        one("deg2rad", Elementwise::deg2rad);
        one("rad2deg", Elementwise::rad2deg);
        one("i0", Elementwise::i0);
        one("sinc", Elementwise::sinc);
        one("erfc", x -> {
            Tensor f = Arithmetic.toFloat(x);
            return Primitives.shift(Primitives.neg(Primitives.unary(Unary.ERF, f)), 1);
        });
        floating("exp", Unary.EXP);
        floating("expm1", Unary.EXPM1);
        floating("log", Unary.LOG);
        floating("log1p", Unary.LOG1P);
        floating("sqrt", Unary.SQRT);
        floating("rsqrt", Unary.RSQRT);
        floating("reciprocal", Unary.RECIPROCAL);
        floating("sin", Unary.SIN);
        floating("cos", Unary.COS);
        floating("tan", Unary.TAN);
        floating("arcsin", Unary.ASIN);
        floating("arccos", Unary.ACOS);
        floating("arctan", Unary.ATAN);
        floating("sinh", Unary.SINH);
        floating("cosh", Unary.COSH);
        floating("arcsinh", Unary.ASINH);
        floating("arccosh", Unary.ACOSH);
        floating("arctanh", Unary.ATANH);
        floating("erf", Unary.ERF);
        floating("erfinv", Unary.ERFINV);
        floating("floor", Unary.FLOOR);
        floating("ceil", Unary.CEIL);
    }

    private static void floating(String name, Unary f) {
        one(name, x -> Arithmetic.floatUnary(f, x));
    }

    private static void others() {
        add("clip(x, x_min, x_max)", a -> {
            Tensor x = a.tensor("x");
            if (a.get("x_min") instanceof Number low && a.get("x_max") instanceof Number high)
                return Elementwise.clip(x, low.doubleValue(), high.doubleValue());
            return Elementwise.clip(x, a.pair("x", "x_min")[1], a.pair("x", "x_max")[1]);
        });
        add("round(x, decimals=0)", a -> Elementwise.round(a.tensor("x"), a.integer("decimals")));
        add(
                "nan_to_num(x, nan=0.0, posinf=None, neginf=None)",
                a -> Elementwise.nanToNum(
                        a.tensor("x"), a.real("nan"), a.optionalReal("posinf"), a.optionalReal("neginf")));
        add("where(condition, x1=None, x2=None)", a -> {
            if (!a.has("x1") && !a.has("x2")) return Searching.nonzero(a.tensor("condition"));
            Tensor[] x = a.pair("x1", "x2");
            return Arithmetic.where(a.tensor("condition"), x[0], x[1]);
        });
        add("select(condlist, choicelist, default=0)", a -> {
            Tensor otherwise = a.get("default") instanceof Number n
                    ? Arguments.weak(
                            n,
                            Arithmetic.promote(a.tensors("choicelist"))
                                    .getFirst()
                                    .dtype())
                    : a.tensor("default");
            return Elementwise.select(a.tensors("condlist"), a.tensors("choicelist"), otherwise);
        });
        add("cast(x, dtype)", a -> Primitives.cast(a.tensor("x"), a.dtype("dtype", DTypes.floatx())));
        add("saturate_cast(x, dtype)", a -> Elementwise.saturateCast(a.tensor("x"), a.dtype("dtype", DTypes.floatx())));
        add("stop_gradient(variable)", a -> Primitives.stopGradient(a.tensor("variable")));
        add("copy(x)", a -> a.tensor("x"));
    }
}
