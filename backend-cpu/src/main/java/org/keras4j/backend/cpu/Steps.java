package org.keras4j.backend.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.cpu.kernels.FloatLoops;
import org.keras4j.backend.cpu.kernels.IntLoops;
import org.keras4j.backend.cpu.kernels.VectorMath;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Chooses the loop of each instruction: vector loops for floats, int32 and bool, element by element for the rest. */
final class Steps {
    /** A step and about how long it takes per element. */
    record Costed(Step step, double nanos) {}

    interface Loop1 {
        void run(float[] x, int xo, float[] y, int yo, int n);
    }

    private interface Loop2 {
        void run(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
    }

    private interface LoopNumber {
        void run(float[] x, int xo, float s, float[] y, int yo, int n);
    }

    private interface Test2 {
        void run(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n);
    }

    private interface IntLoop2 {
        void run(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n);
    }

    static final double SIMPLE = 0.1;
    private static final double POLYNOMIAL = 0.5;
    private static final double SLOW = 10;

    private Steps() {}

    /**
     * Returns the step that computes node {@code i}; a register that is {@code uniform} has one value all over. Without
     * {@code polynomials}, functions that vector loops compute by polynomials are computed element by element.
     */
    static Costed of(Expression expression, int i, boolean[] uniform, boolean polynomials) {
        List<Expression.Node> nodes = expression.nodes();
        Expression.Node node = nodes.get(i);
        Costed fast = switch (node) {
            case Apply1 apply -> unary(apply, nodes.get(apply.a()).dtype(), i, polynomials);
            case Apply2 apply -> binary(apply, nodes.get(apply.a()).dtype(), nodes.get(apply.b()), i, uniform);
            case Choose choose -> choose(choose, i);
            case Convert convert -> convert(convert, nodes.get(convert.a()).dtype(), i);
            case Expression.Load _, Expression.Number _ ->
                throw new IllegalArgumentException("not an instruction: " + node);
        };
        if (fast == null) return new Costed(ScalarSteps.of(expression, i), SLOW);
        DType dtype = node.dtype();
        if (dtype != DType.FLOAT16 && dtype != DType.BFLOAT16) return fast;
        Step exact = fast.step();
        return new Costed(
                (r, n) -> {
                    exact.run(r, n);
                    FloatLoops.round(dtype, r.floats[i], r.at[i], n);
                },
                fast.nanos() + SIMPLE);
    }

    private static @Nullable Costed unary(Apply1 apply, DType from, int y, boolean polynomials) {
        int x = apply.a();
        if (from == DType.BOOL && apply.function() == Unary.LOGICAL_NOT)
            return new Costed((r, n) -> IntLoops.not(r.ints[x], r.at[x], r.ints[y], r.at[y], n), SIMPLE);
        if (from.storage() != Storage.FLOAT) return null;
        Loop1 cheap = cheap(apply.function());
        if (cheap != null) return new Costed(step(cheap, x, y), SIMPLE);
        Loop1 polynomial = polynomials ? polynomial(apply.function()) : null;
        return polynomial == null ? null : new Costed(step(polynomial, x, y), POLYNOMIAL);
    }

    /** Returns the step that computes register {@code y} from {@code x} by a polynomial of {@code loop}. */
    static Costed of(Loop1 loop, int x, int y) {
        return new Costed(step(loop, x, y), POLYNOMIAL);
    }

    private static Step step(Loop1 loop, int x, int y) {
        return (r, n) -> loop.run(r.floats[x], r.at[x], r.floats[y], r.at[y], n);
    }

    private static @Nullable Loop1 cheap(Unary function) {
        return switch (function) {
            case NEG -> FloatLoops::negate;
            case ABS -> FloatLoops::abs;
            case SIGN -> FloatLoops::sign;
            case SQUARE -> FloatLoops::square;
            case RECIPROCAL -> FloatLoops::reciprocal;
            case SQRT -> FloatLoops::sqrt;
            case RSQRT -> FloatLoops::rsqrt;
            case RELU -> FloatLoops::relu;
            case FLOOR -> FloatLoops::floor;
            case CEIL -> FloatLoops::ceil;
            case ROUND -> FloatLoops::rint;
            default -> null;
        };
    }

    private static @Nullable Loop1 polynomial(Unary function) {
        return switch (function) {
            case EXP -> VectorMath::exp;
            case EXPM1 -> VectorMath::expm1;
            case LOG -> VectorMath::log;
            case LOG1P -> VectorMath::log1p;
            case TANH -> VectorMath::tanh;
            case SIGMOID -> VectorMath::sigmoid;
            case SOFTPLUS -> VectorMath::softplus;
            case ERF -> VectorMath::erf;
            default -> null;
        };
    }

    private static @Nullable Costed binary(Apply2 apply, DType from, Expression.Node second, int y, boolean[] uniform) {
        int a = apply.a();
        int b = apply.b();
        if (from == DType.INT32 || from == DType.BOOL) {
            IntLoop2 loop = ints(apply.function(), from == DType.BOOL);
            if (loop == null) return swapped(apply.function()) ? intsSwapped(apply, y) : null;
            return new Costed(
                    (r, n) -> loop.run(r.ints[a], r.at[a], r.ints[b], r.at[b], r.ints[y], r.at[y], n), SIMPLE);
        }
        if (from.storage() != Storage.FLOAT) return null;
        if (apply.function() == Binary.POW) {
            Loop1 power = second instanceof Expression.Number number ? power(number.value()) : null;
            return power == null ? null : new Costed(step(power, a, y), SIMPLE);
        }
        LoopNumber withNumber =
                uniform[b] ? numberSecond(apply.function()) : uniform[a] ? numberFirst(apply.function()) : null;
        if (withNumber != null) {
            int x = uniform[b] ? a : b;
            int s = uniform[b] ? b : a;
            return new Costed(
                    (r, n) -> withNumber.run(r.floats[x], r.at[x], r.floats[s][r.at[s]], r.floats[y], r.at[y], n),
                    SIMPLE);
        }
        Loop2 loop = floats(apply.function());
        if (loop != null)
            return new Costed(
                    (r, n) -> loop.run(r.floats[a], r.at[a], r.floats[b], r.at[b], r.floats[y], r.at[y], n), SIMPLE);
        boolean swap = swapped(apply.function());
        Test2 test = test(apply.function());
        if (test == null) return null;
        int p = swap ? b : a;
        int q = swap ? a : b;
        Step step = (r, n) -> test.run(r.floats[p], r.at[p], r.floats[q], r.at[q], r.ints[y], r.at[y], n);
        if (apply.function() != Binary.NOT_EQUAL) return new Costed(step, SIMPLE);
        return new Costed(
                (r, n) -> {
                    step.run(r, n);
                    IntLoops.not(r.ints[y], r.at[y], r.ints[y], r.at[y], n);
                },
                SIMPLE);
    }

    /** Returns the loop for a second argument that is one number: it spares reading a tile of equal numbers. */
    private static @Nullable LoopNumber numberSecond(Binary function) {
        return switch (function) {
            case ADD -> FloatLoops::addNumber;
            case SUB -> FloatLoops::subtractNumber;
            case MUL -> FloatLoops::multiplyByNumber;
            case DIV -> FloatLoops::divideByNumber;
            default -> null;
        };
    }

    private static @Nullable LoopNumber numberFirst(Binary function) {
        return switch (function) {
            case ADD -> FloatLoops::addNumber;
            case SUB -> FloatLoops::subtractFromNumber;
            case MUL -> FloatLoops::multiplyByNumber;
            case DIV -> FloatLoops::divideNumber;
            default -> null;
        };
    }

    private static @Nullable Loop1 power(double exponent) {
        if (exponent == 2) return FloatLoops::square;
        if (exponent == 3) return FloatLoops::cube;
        if (exponent == -1) return FloatLoops::reciprocal;
        return null;
    }

    private static @Nullable Loop2 floats(Binary function) {
        return switch (function) {
            case ADD -> FloatLoops::add;
            case SUB -> FloatLoops::subtract;
            case MUL -> FloatLoops::multiply;
            case DIV -> FloatLoops::divide;
            case MAX -> FloatLoops::max;
            case MIN -> FloatLoops::min;
            default -> null;
        };
    }

    /** Says whether the function is the loop of {@link #test} with its arguments the other way round. */
    private static boolean swapped(Binary function) {
        return function == Binary.GREATER || function == Binary.GREATER_EQUAL;
    }

    private static @Nullable Test2 test(Binary function) {
        return switch (function) {
            case LESS, GREATER -> FloatLoops::less;
            case LESS_EQUAL, GREATER_EQUAL -> FloatLoops::lessEqual;
            case EQUAL, NOT_EQUAL -> FloatLoops::equal;
            default -> null;
        };
    }

    private static @Nullable IntLoop2 ints(Binary function, boolean bool) {
        return switch (function) {
            case ADD -> bool ? null : IntLoops::add;
            case SUB -> bool ? null : IntLoops::subtract;
            case MUL -> IntLoops::multiply;
            case MAX -> IntLoops::max;
            case MIN -> IntLoops::min;
            case LESS -> IntLoops::less;
            case EQUAL -> IntLoops::equal;
            case BITWISE_AND -> IntLoops::and;
            case BITWISE_OR -> IntLoops::or;
            case BITWISE_XOR -> IntLoops::xor;
            case LOGICAL_AND -> bool ? IntLoops::and : null;
            case LOGICAL_OR -> bool ? IntLoops::or : null;
            case LOGICAL_XOR -> bool ? IntLoops::xor : null;
            default -> null;
        };
    }

    private static @Nullable Costed intsSwapped(Apply2 apply, int y) {
        if (apply.function() != Binary.GREATER) return null;
        int a = apply.a();
        int b = apply.b();
        return new Costed(
                (r, n) -> IntLoops.less(r.ints[b], r.at[b], r.ints[a], r.at[a], r.ints[y], r.at[y], n), SIMPLE);
    }

    private static @Nullable Costed choose(Choose choose, int y) {
        int c = choose.condition();
        int a = choose.a();
        int b = choose.b();
        return switch (choose.dtype().storage()) {
            case FLOAT ->
                new Costed(
                        (r, n) -> FloatLoops.choose(
                                r.ints[c],
                                r.at[c],
                                r.floats[a],
                                r.at[a],
                                r.floats[b],
                                r.at[b],
                                r.floats[y],
                                r.at[y],
                                n),
                        SIMPLE);
            case INT ->
                new Costed(
                        (r, n) -> IntLoops.choose(
                                r.ints[c], r.at[c], r.ints[a], r.at[a], r.ints[b], r.at[b], r.ints[y], r.at[y], n),
                        SIMPLE);
            case HALF, DOUBLE, LONG -> null;
        };
    }

    private static @Nullable Costed convert(Convert convert, DType from, int y) {
        int x = convert.a();
        DType to = convert.dtype();
        if (from.storage() == Storage.FLOAT && to.storage() == Storage.FLOAT)
            return new Costed((r, n) -> System.arraycopy(r.floats[x], r.at[x], r.floats[y], r.at[y], n), SIMPLE);
        if (from.storage() == Storage.INT && to.storage() == Storage.FLOAT)
            return new Costed((r, n) -> FloatLoops.fromInts(r.ints[x], r.at[x], r.floats[y], r.at[y], n), SIMPLE);
        if (from.storage() == Storage.INT && to == DType.INT32)
            return new Costed((r, n) -> System.arraycopy(r.ints[x], r.at[x], r.ints[y], r.at[y], n), SIMPLE);
        return null;
    }
}
