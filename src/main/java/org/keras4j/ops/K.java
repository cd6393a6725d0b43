package org.keras4j.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.CustomGradients;
import org.keras4j.graph.Function;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/**
 * Keras's operations ({@code keras.ops}) under their names in camelCase. Tensors broadcast as in NumPy; dtypes are
 * promoted as in Keras ({@link DTypes}); plain Java numbers are weak, so that {@code K.multiply(x, 0.5)} keeps the
 * dtype of a float {@code x}. Axes may be negative; where axes are a varargs list, none means all.
 */
public final class K {
    private K() {}

    // ---- settings ---------------------------------------------------------------------------------------------------

    /** Returns {@code keras.config.floatx()}. */
    public static DType floatx() {
        return DTypes.floatx();
    }

    /** Returns {@code keras.config.epsilon()}, the small number of losses and metrics. */
    public static double epsilon() {
        return Config.epsilon();
    }

    /** Sets {@code keras.config.epsilon()}. */
    public static void epsilon(double value) {
        Config.setEpsilon(value);
    }

    /** Returns {@code keras.config.image_data_format()}: "channels_last" or "channels_first". */
    public static String imageDataFormat() {
        return Config.imageDataFormat();
    }

    /** Sets {@code keras.config.image_data_format()}. */
    public static void imageDataFormat(String format) {
        Config.setImageDataFormat(format);
    }

    // ---- tensors, variables, functions ------------------------------------------------------------------------------

    /** Returns the tensor of a number, a boolean, a (nested) array of them, an NDArray, a Variable or a Tensor. */
    public static Tensor constant(Object value) {
        return Creation.tensor(value, null);
    }

    /** Returns {@link #constant(Object)} converted to {@code dtype}. */
    public static Tensor constant(Object value, DType dtype) {
        return Creation.tensor(value, dtype);
    }

    /** Returns an input of a graph, for {@link #function}. */
    public static Tensor placeholder(DType dtype, int... shape) {
        return Primitives.input("placeholder", dtype, Shape.of(shape));
    }

    /** Returns a variable of this first value. */
    public static Variable variable(Object value, String name) {
        return new Variable(name, NDArray.of(value instanceof Tensor t ? t.value() : value));
    }

    /** Returns the function that computes {@code outputs} from {@code inputs} and stores {@code updates}. */
    public static Function function(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates) {
        return Function.of(inputs, outputs, updates);
    }

    /** Returns the function that computes {@code outputs} from {@code inputs}. */
    public static Function function(List<Tensor> inputs, List<Tensor> outputs) {
        return Function.of(inputs, outputs, Map.of());
    }

    /** Returns the gradient of a scalar {@code loss} for each variable; zeros where it does not depend on one. */
    public static List<Tensor> gradients(Tensor loss, List<Variable> variables) {
        return Derivatives.of(loss, variables);
    }

    /** Converts; floats to integers truncate, anything to bool is {@code != 0}. */
    public static Tensor cast(Tensor x, DType dtype) {
        return Primitives.cast(x, dtype);
    }

    /** Passes {@code x} on, but no gradient back. */
    public static Tensor stopGradient(Tensor x) {
        return Primitives.stopGradient(x);
    }

    // ---- functions of functions -------------------------------------------------------------------------------------

    /**
     * Returns what {@code trueFn} gives if {@code pred} (one element) holds, else what {@code falseFn} gives. Only the
     * one that is chosen is computed, in a traced model as well; variables that it assigns to change. T is a Tensor, or
     * lists and maps of Tensors; both functions give the same dtypes and shapes.
     */
    public static <T> T cond(Tensor pred, Supplier<T> trueFn, Supplier<T> falseFn) {
        return ControlFlow.cond(pred, trueFn, falseFn);
    }

    /**
     * Returns what the branch of number {@code index} gives for {@code operands}; one outside their range takes the
     * nearest. This is {@code keras.ops.switch}, whose name is a word of the language; see {@link #cond}.
     */
    public static <A, T> T switchCase(Tensor index, List<java.util.function.Function<A, T>> branches, A operands) {
        return ControlFlow.switchCase(index, branches, operands);
    }

    /**
     * Applies {@code body} again and again while {@code cond} (one element) holds. T is a Tensor, or lists and maps of
     * Tensors, of the same dtypes and shapes in each step. As in JAX, no gradient flows back through it.
     */
    public static <T> T whileLoop(java.util.function.Function<T, Tensor> cond, UnaryOperator<T> body, T loopVars) {
        return ControlFlow.whileLoop(cond, body, loopVars, null);
    }

    /** As {@link #whileLoop(java.util.function.Function, UnaryOperator, Object)}, but at most so many times. */
    public static <T> T whileLoop(
            java.util.function.Function<T, Tensor> cond, UnaryOperator<T> body, T loopVars, int maximumIterations) {
        return ControlFlow.whileLoop(cond, body, loopVars, maximumIterations);
    }

    /** Applies {@code body} to each number (int32) from {@code lower} up to below {@code upper} and what was before. */
    public static <T> T foriLoop(int lower, int upper, BiFunction<Tensor, T, T> bodyFun, T initVal) {
        return ControlFlow.foriLoop(lower, upper, bodyFun, initVal);
    }

    /** As {@link #foriLoop(int, int, BiFunction, Object)}; no gradient flows back where the bounds depend on inputs. */
    public static <T> T foriLoop(Tensor lower, Tensor upper, BiFunction<Tensor, T, T> bodyFun, T initVal) {
        return ControlFlow.foriLoop(lower, upper, bodyFun, initVal);
    }

    /**
     * Loops over axis 0 of {@code xs}: each step takes what the one before carries and its part of {@code xs}. All three
     * are Tensors, or lists and maps of Tensors; a step may give null outputs. Loops are unrolled when they are prepared.
     */
    public static <C, X extends @Nullable Object, Y extends @Nullable Object> ScanResult<C, Y> scan(
            BiFunction<C, X, ScanResult<C, Y>> f, C init, X xs) {
        return ControlFlow.scan(f, init, xs, null, false);
    }

    /** As {@link #scan(BiFunction, Object, Object)} in {@code length} steps (null: the size of xs), or from the end. */
    public static <C, X extends @Nullable Object, Y extends @Nullable Object> ScanResult<C, Y> scan(
            BiFunction<C, X, ScanResult<C, Y>> f, C init, X xs, @Nullable Integer length, boolean reverse) {
        return ControlFlow.scan(f, init, xs, length, reverse);
    }

    /** Returns all running combinations along {@code axis} by a function that is associative and works elementwise there. */
    public static <T> T associativeScan(BinaryOperator<T> f, T elems, boolean reverse, int axis) {
        return AssociativeScan.of(f, elems, reverse, axis);
    }

    /** Applies {@code f} to each slice along axis 0 and stacks what it gives. */
    public static <X, Y> Y map(java.util.function.Function<X, Y> f, X xs) {
        return ControlFlow.map("map", f, xs);
    }

    /** Gives what {@link #map} gives; the slices are computed one after the other here. */
    public static <X, Y> Y vectorizedMap(java.util.function.Function<X, Y> function, X elements) {
        return ControlFlow.map("vectorizedMap", function, elements);
    }

    /** Makes a function of numbers one of tensors, which are broadcast against each other. */
    public static <R> java.util.function.Function<List<Tensor>, R> vectorize(
            java.util.function.Function<List<Tensor>, R> pyfunc) {
        return new Vectorized<>(pyfunc, Set.of(), null);
    }

    /**
     * Makes a function of small tensors one of tensors with more axes before, which are broadcast against each other.
     *
     * @param excluded the numbers of arguments that are handed on as they are
     * @param signature the last axes of each argument and result, such as {@code "(m,n),(n)->(m)"}; null for numbers
     */
    public static <R> java.util.function.Function<List<Tensor>, R> vectorize(
            java.util.function.Function<List<Tensor>, R> pyfunc, Set<Integer> excluded, @Nullable String signature) {
        return new Vectorized<>(pyfunc, excluded, signature);
    }

    /** Makes a function whose gradient is the one that it gives beside its result. */
    public static java.util.function.Function<List<Tensor>, Tensor> customGradient(
            java.util.function.Function<List<Tensor>, WithGradient> f) {
        return arguments -> {
            WithGradient made = f.apply(arguments);
            return CustomGradients.attach(made.output(), arguments, made.gradient());
        };
    }

    /** Returns {@code fun(primals)} and how it changes if {@code primals} do by {@code tangents}, of the same shapes. */
    public static <T> Jvp<T> jvp(
            java.util.function.Function<List<Tensor>, T> fun, List<Tensor> primals, List<Tensor> tangents) {
        return Derivatives.jvp(fun, primals, tangents);
    }

    // ---- made from numbers ------------------------------------------------------------------------------------------

    /** Returns zeros. */
    public static Tensor zeros(Shape shape, DType dtype) {
        return Primitives.full(0, dtype, shape);
    }

    /** Returns ones. */
    public static Tensor ones(Shape shape, DType dtype) {
        return Primitives.full(1, dtype, shape);
    }

    /** Returns a tensor filled with {@code value}. */
    public static Tensor full(Shape shape, double value, DType dtype) {
        return Primitives.full(value, dtype, shape);
    }

    /** Returns zeros of {@code x}'s shape and dtype. */
    public static Tensor zerosLike(Tensor x) {
        return Arithmetic.fullLike(x, 0);
    }

    /** Returns ones of {@code x}'s shape and dtype. */
    public static Tensor onesLike(Tensor x) {
        return Arithmetic.fullLike(x, 1);
    }

    /** Returns {@code value} in {@code x}'s shape and dtype. */
    public static Tensor fullLike(Tensor x, double value) {
        return Arithmetic.fullLike(x, value);
    }

    /** Returns 0, 1, ..., {@code stop} - 1 as int32. */
    public static Tensor arange(int stop) {
        return Creation.arange(0, stop, 1, DType.INT32);
    }

    /** Returns {@code start}, {@code start + step}, ... before {@code stop}. */
    public static Tensor arange(double start, double stop, double step, DType dtype) {
        return Creation.arange(start, stop, step, dtype);
    }

    /** Returns {@code num} floatx numbers evenly spaced from {@code start} to {@code stop}, both included. */
    public static Tensor linspace(double start, double stop, int num) {
        DType f = floatx();
        return Creation.linspace(Arithmetic.scalar(start, f), Arithmetic.scalar(stop, f), num, true, f, 0);
    }

    /** Returns the matrix with ones on diagonal {@code k} (above the main one where positive). */
    public static Tensor eye(int rows, int columns, int k, DType dtype) {
        return Creation.eye(rows, columns, k, dtype);
    }

    /** Returns the identity matrix. */
    public static Tensor identity(int n, DType dtype) {
        return Creation.eye(n, n, 0, dtype);
    }

    // ---- arithmetic and comparison ----------------------------------------------------------------------------------

    /** Adds, broadcasting. */
    public static Tensor add(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.ADD, a, b);
    }

    /** Adds, broadcasting. */
    public static Tensor add(Tensor a, double b) {
        return Arithmetic.binary(Binary.ADD, a, b);
    }

    /** Adds, broadcasting. */
    public static Tensor add(Tensor a, int b) {
        return Arithmetic.binary(Binary.ADD, a, b);
    }

    /** Adds, broadcasting. */
    public static Tensor add(double a, Tensor b) {
        return Arithmetic.binary(Binary.ADD, a, b);
    }

    /** Adds, broadcasting. */
    public static Tensor add(int a, Tensor b) {
        return Arithmetic.binary(Binary.ADD, a, b);
    }

    /** Subtracts. */
    public static Tensor subtract(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.SUB, a, b);
    }

    /** Subtracts. */
    public static Tensor subtract(Tensor a, double b) {
        return Arithmetic.binary(Binary.SUB, a, b);
    }

    /** Subtracts. */
    public static Tensor subtract(Tensor a, int b) {
        return Arithmetic.binary(Binary.SUB, a, b);
    }

    /** Subtracts. */
    public static Tensor subtract(double a, Tensor b) {
        return Arithmetic.binary(Binary.SUB, a, b);
    }

    /** Subtracts. */
    public static Tensor subtract(int a, Tensor b) {
        return Arithmetic.binary(Binary.SUB, a, b);
    }

    /** Multiplies. */
    public static Tensor multiply(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.MUL, a, b);
    }

    /** Multiplies. */
    public static Tensor multiply(Tensor a, double b) {
        return Arithmetic.binary(Binary.MUL, a, b);
    }

    /** Multiplies. */
    public static Tensor multiply(Tensor a, int b) {
        return Arithmetic.binary(Binary.MUL, a, b);
    }

    /** Multiplies. */
    public static Tensor multiply(double a, Tensor b) {
        return Arithmetic.binary(Binary.MUL, a, b);
    }

    /** Multiplies. */
    public static Tensor multiply(int a, Tensor b) {
        return Arithmetic.binary(Binary.MUL, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor divide(Tensor a, Tensor b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor divide(Tensor a, double b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor divide(Tensor a, int b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor divide(double a, Tensor b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor divide(int a, Tensor b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides and rounds towards minus infinity, as Python's {@code //}. */
    public static Tensor floorDivide(Tensor a, Tensor b) {
        return Arithmetic.intBinary(Binary.FLOOR_DIV, a, b);
    }

    /** Divides and rounds towards minus infinity, as Python's {@code //}. */
    public static Tensor floorDivide(Tensor a, double b) {
        return Arithmetic.intBinary(Binary.FLOOR_DIV, a, b);
    }

    /** Divides and rounds towards minus infinity, as Python's {@code //}. */
    public static Tensor floorDivide(Tensor a, int b) {
        return Arithmetic.intBinary(Binary.FLOOR_DIV, a, b);
    }

    /** Divides and rounds towards minus infinity, as Python's {@code //}. */
    public static Tensor floorDivide(double a, Tensor b) {
        return Arithmetic.intBinary(Binary.FLOOR_DIV, a, b);
    }

    /** Divides and rounds towards minus infinity, as Python's {@code //}. */
    public static Tensor floorDivide(int a, Tensor b) {
        return Arithmetic.intBinary(Binary.FLOOR_DIV, a, b);
    }

    /** Returns the remainder with the sign of the divisor, as Python's {@code %}. */
    public static Tensor mod(Tensor a, Tensor b) {
        return Arithmetic.intBinary(Binary.MOD, a, b);
    }

    /** Returns the remainder with the sign of the divisor, as Python's {@code %}. */
    public static Tensor mod(Tensor a, double b) {
        return Arithmetic.intBinary(Binary.MOD, a, b);
    }

    /** Returns the remainder with the sign of the divisor, as Python's {@code %}. */
    public static Tensor mod(Tensor a, int b) {
        return Arithmetic.intBinary(Binary.MOD, a, b);
    }

    /** Returns the remainder with the sign of the divisor, as Python's {@code %}. */
    public static Tensor mod(double a, Tensor b) {
        return Arithmetic.intBinary(Binary.MOD, a, b);
    }

    /** Returns the remainder with the sign of the divisor, as Python's {@code %}. */
    public static Tensor mod(int a, Tensor b) {
        return Arithmetic.intBinary(Binary.MOD, a, b);
    }

    /** Raises {@code a} to the power {@code b}. */
    public static Tensor power(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.POW, a, b);
    }

    /** Raises {@code a} to the power {@code b}. */
    public static Tensor power(Tensor a, double b) {
        return Arithmetic.binary(Binary.POW, a, b);
    }

    /** Raises {@code a} to the power {@code b}. */
    public static Tensor power(Tensor a, int b) {
        return Arithmetic.binary(Binary.POW, a, b);
    }

    /** Raises {@code a} to the power {@code b}. */
    public static Tensor power(double a, Tensor b) {
        return Arithmetic.binary(Binary.POW, a, b);
    }

    /** Raises {@code a} to the power {@code b}. */
    public static Tensor power(int a, Tensor b) {
        return Arithmetic.binary(Binary.POW, a, b);
    }

    /** Returns the greater of each pair; NaN if either is NaN. */
    public static Tensor maximum(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.MAX, a, b);
    }

    /** Returns the greater of each pair; NaN if either is NaN. */
    public static Tensor maximum(Tensor a, double b) {
        return Arithmetic.binary(Binary.MAX, a, b);
    }

    /** Returns the greater of each pair; NaN if either is NaN. */
    public static Tensor maximum(Tensor a, int b) {
        return Arithmetic.binary(Binary.MAX, a, b);
    }

    /** Returns the greater of each pair; NaN if either is NaN. */
    public static Tensor maximum(double a, Tensor b) {
        return Arithmetic.binary(Binary.MAX, a, b);
    }

    /** Returns the greater of each pair; NaN if either is NaN. */
    public static Tensor maximum(int a, Tensor b) {
        return Arithmetic.binary(Binary.MAX, a, b);
    }

    /** Returns the smaller of each pair; NaN if either is NaN. */
    public static Tensor minimum(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.MIN, a, b);
    }

    /** Returns the smaller of each pair; NaN if either is NaN. */
    public static Tensor minimum(Tensor a, double b) {
        return Arithmetic.binary(Binary.MIN, a, b);
    }

    /** Returns the smaller of each pair; NaN if either is NaN. */
    public static Tensor minimum(Tensor a, int b) {
        return Arithmetic.binary(Binary.MIN, a, b);
    }

    /** Returns the smaller of each pair; NaN if either is NaN. */
    public static Tensor minimum(double a, Tensor b) {
        return Arithmetic.binary(Binary.MIN, a, b);
    }

    /** Returns the smaller of each pair; NaN if either is NaN. */
    public static Tensor minimum(int a, Tensor b) {
        return Arithmetic.binary(Binary.MIN, a, b);
    }

    /** Says where both are equal. */
    public static Tensor equal(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.EQUAL, a, b);
    }

    /** Says where both are equal. */
    public static Tensor equal(Tensor a, double b) {
        return Arithmetic.binary(Binary.EQUAL, a, b);
    }

    /** Says where both are equal. */
    public static Tensor equal(Tensor a, int b) {
        return Arithmetic.binary(Binary.EQUAL, a, b);
    }

    /** Says where both are equal. */
    public static Tensor equal(double a, Tensor b) {
        return Arithmetic.binary(Binary.EQUAL, a, b);
    }

    /** Says where both are equal. */
    public static Tensor equal(int a, Tensor b) {
        return Arithmetic.binary(Binary.EQUAL, a, b);
    }

    /** Says where both differ. */
    public static Tensor notEqual(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.NOT_EQUAL, a, b);
    }

    /** Says where both differ. */
    public static Tensor notEqual(Tensor a, double b) {
        return Arithmetic.binary(Binary.NOT_EQUAL, a, b);
    }

    /** Says where both differ. */
    public static Tensor notEqual(Tensor a, int b) {
        return Arithmetic.binary(Binary.NOT_EQUAL, a, b);
    }

    /** Says where both differ. */
    public static Tensor notEqual(double a, Tensor b) {
        return Arithmetic.binary(Binary.NOT_EQUAL, a, b);
    }

    /** Says where both differ. */
    public static Tensor notEqual(int a, Tensor b) {
        return Arithmetic.binary(Binary.NOT_EQUAL, a, b);
    }

    /** Says where {@code a < b}. */
    public static Tensor less(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.LESS, a, b);
    }

    /** Says where {@code a < b}. */
    public static Tensor less(Tensor a, double b) {
        return Arithmetic.binary(Binary.LESS, a, b);
    }

    /** Says where {@code a < b}. */
    public static Tensor less(Tensor a, int b) {
        return Arithmetic.binary(Binary.LESS, a, b);
    }

    /** Says where {@code a < b}. */
    public static Tensor less(double a, Tensor b) {
        return Arithmetic.binary(Binary.LESS, a, b);
    }

    /** Says where {@code a < b}. */
    public static Tensor less(int a, Tensor b) {
        return Arithmetic.binary(Binary.LESS, a, b);
    }

    /** Says where {@code a <= b}. */
    public static Tensor lessEqual(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.LESS_EQUAL, a, b);
    }

    /** Says where {@code a <= b}. */
    public static Tensor lessEqual(Tensor a, double b) {
        return Arithmetic.binary(Binary.LESS_EQUAL, a, b);
    }

    /** Says where {@code a <= b}. */
    public static Tensor lessEqual(Tensor a, int b) {
        return Arithmetic.binary(Binary.LESS_EQUAL, a, b);
    }

    /** Says where {@code a <= b}. */
    public static Tensor lessEqual(double a, Tensor b) {
        return Arithmetic.binary(Binary.LESS_EQUAL, a, b);
    }

    /** Says where {@code a <= b}. */
    public static Tensor lessEqual(int a, Tensor b) {
        return Arithmetic.binary(Binary.LESS_EQUAL, a, b);
    }

    /** Says where {@code a > b}. */
    public static Tensor greater(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER, a, b);
    }

    /** Says where {@code a > b}. */
    public static Tensor greater(Tensor a, double b) {
        return Arithmetic.binary(Binary.GREATER, a, b);
    }

    /** Says where {@code a > b}. */
    public static Tensor greater(Tensor a, int b) {
        return Arithmetic.binary(Binary.GREATER, a, b);
    }

    /** Says where {@code a > b}. */
    public static Tensor greater(double a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER, a, b);
    }

    /** Says where {@code a > b}. */
    public static Tensor greater(int a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER, a, b);
    }

    /** Says where {@code a >= b}. */
    public static Tensor greaterEqual(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER_EQUAL, a, b);
    }

    /** Says where {@code a >= b}. */
    public static Tensor greaterEqual(Tensor a, double b) {
        return Arithmetic.binary(Binary.GREATER_EQUAL, a, b);
    }

    /** Says where {@code a >= b}. */
    public static Tensor greaterEqual(Tensor a, int b) {
        return Arithmetic.binary(Binary.GREATER_EQUAL, a, b);
    }

    /** Says where {@code a >= b}. */
    public static Tensor greaterEqual(double a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER_EQUAL, a, b);
    }

    /** Says where {@code a >= b}. */
    public static Tensor greaterEqual(int a, Tensor b) {
        return Arithmetic.binary(Binary.GREATER_EQUAL, a, b);
    }

    /** Says where both are true. */
    public static Tensor logicalAnd(Tensor a, Tensor b) {
        return Arithmetic.logical(Binary.LOGICAL_AND, a, b);
    }

    /** Says where at least one is true. */
    public static Tensor logicalOr(Tensor a, Tensor b) {
        return Arithmetic.logical(Binary.LOGICAL_OR, a, b);
    }

    /** Says where exactly one is true. */
    public static Tensor logicalXor(Tensor a, Tensor b) {
        return Arithmetic.logical(Binary.LOGICAL_XOR, a, b);
    }

    /** Says where {@code x} is false or 0. */
    public static Tensor logicalNot(Tensor x) {
        return Primitives.unary(Unary.LOGICAL_NOT, Primitives.cast(x, DType.BOOL));
    }

    /** Takes from {@code a} where {@code condition} is true, else from {@code b}. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Arithmetic.where(condition, a, b);
    }

    /** Takes from {@code a} where {@code condition} is true, else the number. */
    public static Tensor where(Tensor condition, Tensor a, double b) {
        return Arithmetic.where(condition, a, b);
    }

    /** Takes the number where {@code condition} is true, else from {@code b}. */
    public static Tensor where(Tensor condition, double a, Tensor b) {
        return Arithmetic.where(condition, a, b);
    }

    // ---- functions of one argument ----------------------------------------------------------------------------------

    /** Returns the absolute value. */
    public static Tensor abs(Tensor x) {
        return x.dtype() == DType.BOOL ? x : Primitives.unary(Unary.ABS, x);
    }

    /** Returns -1, 0 or 1. */
    public static Tensor sign(Tensor x) {
        return Primitives.unary(Unary.SIGN, x);
    }

    /** Returns x * x. */
    public static Tensor square(Tensor x) {
        return Elementwise.square(x);
    }

    /** Rounds to whole numbers, ties to even. */
    public static Tensor round(Tensor x) {
        return Elementwise.round(x, 0);
    }

    /** Cuts off at both ends. */
    public static Tensor clip(Tensor x, double low, double high) {
        return Elementwise.clip(x, low, high);
    }

    /** Says where {@code x} is NaN. */
    public static Tensor isnan(Tensor x) {
        return Primitives.unary(Unary.IS_NAN, Arithmetic.toFloat(x));
    }

    /** Says where {@code x} is infinite. */
    public static Tensor isinf(Tensor x) {
        return Primitives.unary(Unary.IS_INF, Arithmetic.toFloat(x));
    }

    /** Says where {@code x} is neither infinite nor NaN. */
    public static Tensor isfinite(Tensor x) {
        return Primitives.unary(Unary.IS_FINITE, Arithmetic.toFloat(x));
    }

    /** Returns the negative. */
    public static Tensor negative(Tensor x) {
        return Arithmetic.unary(Unary.NEG, x);
    }

    /** Returns e to the power x. */
    public static Tensor exp(Tensor x) {
        return Arithmetic.floatUnary(Unary.EXP, x);
    }

    /** Returns exp(x) - 1, exact near 0. */
    public static Tensor expm1(Tensor x) {
        return Arithmetic.floatUnary(Unary.EXPM1, x);
    }

    /** Returns the natural logarithm. */
    public static Tensor log(Tensor x) {
        return Arithmetic.floatUnary(Unary.LOG, x);
    }

    /** Returns log(1 + x), exact near 0. */
    public static Tensor log1p(Tensor x) {
        return Arithmetic.floatUnary(Unary.LOG1P, x);
    }

    /** Returns the square root. */
    public static Tensor sqrt(Tensor x) {
        return Arithmetic.floatUnary(Unary.SQRT, x);
    }

    /** Returns one over the square root. */
    public static Tensor rsqrt(Tensor x) {
        return Arithmetic.floatUnary(Unary.RSQRT, x);
    }

    /** Returns one over x. */
    public static Tensor reciprocal(Tensor x) {
        return Arithmetic.floatUnary(Unary.RECIPROCAL, x);
    }

    /** Returns the sine. */
    public static Tensor sin(Tensor x) {
        return Arithmetic.floatUnary(Unary.SIN, x);
    }

    /** Returns the cosine. */
    public static Tensor cos(Tensor x) {
        return Arithmetic.floatUnary(Unary.COS, x);
    }

    /** Returns the tangent. */
    public static Tensor tan(Tensor x) {
        return Arithmetic.floatUnary(Unary.TAN, x);
    }

    /** Returns the inverse sine. */
    public static Tensor arcsin(Tensor x) {
        return Arithmetic.floatUnary(Unary.ASIN, x);
    }

    /** Returns the inverse cosine. */
    public static Tensor arccos(Tensor x) {
        return Arithmetic.floatUnary(Unary.ACOS, x);
    }

    /** Returns the inverse tangent. */
    public static Tensor arctan(Tensor x) {
        return Arithmetic.floatUnary(Unary.ATAN, x);
    }

    /** Returns the hyperbolic sine. */
    public static Tensor sinh(Tensor x) {
        return Arithmetic.floatUnary(Unary.SINH, x);
    }

    /** Returns the hyperbolic cosine. */
    public static Tensor cosh(Tensor x) {
        return Arithmetic.floatUnary(Unary.COSH, x);
    }

    /** Returns the inverse hyperbolic sine. */
    public static Tensor arcsinh(Tensor x) {
        return Arithmetic.floatUnary(Unary.ASINH, x);
    }

    /** Returns the inverse hyperbolic cosine. */
    public static Tensor arccosh(Tensor x) {
        return Arithmetic.floatUnary(Unary.ACOSH, x);
    }

    /** Returns the inverse hyperbolic tangent. */
    public static Tensor arctanh(Tensor x) {
        return Arithmetic.floatUnary(Unary.ATANH, x);
    }

    /** Returns the error function. */
    public static Tensor erf(Tensor x) {
        return Arithmetic.floatUnary(Unary.ERF, x);
    }

    /** Returns the inverse of the error function. */
    public static Tensor erfinv(Tensor x) {
        return Arithmetic.floatUnary(Unary.ERFINV, x);
    }

    /** Returns the next whole number below; integers become floatx. */
    public static Tensor floor(Tensor x) {
        return Arithmetic.floatUnary(Unary.FLOOR, x);
    }

    /** Returns the next whole number above; integers become floatx. */
    public static Tensor ceil(Tensor x) {
        return Arithmetic.floatUnary(Unary.CEIL, x);
    }

    // ---- activations ------------------------------------------------------------------------------------------------

    /** Returns max(x, 0). */
    public static Tensor relu(Tensor x) {
        return ActivationFunctions.relu(x);
    }

    /** Returns min(max(x, 0), 6). */
    public static Tensor relu6(Tensor x) {
        return ActivationFunctions.relu6(x);
    }

    /** Returns 1 / (1 + exp(-x)). */
    public static Tensor sigmoid(Tensor x) {
        return ActivationFunctions.sigmoid(x);
    }

    /** Returns the hyperbolic tangent. */
    public static Tensor tanh(Tensor x) {
        return ActivationFunctions.tanh(x);
    }

    /** Returns log(1 + exp(x)). */
    public static Tensor softplus(Tensor x) {
        return ActivationFunctions.softplus(x);
    }

    /** Returns x / (1 + |x|). */
    public static Tensor softsign(Tensor x) {
        return ActivationFunctions.softsign(x);
    }

    /** Returns x * sigmoid(x), also called swish. */
    public static Tensor silu(Tensor x) {
        return ActivationFunctions.silu(x);
    }

    /** Returns log(sigmoid(x)). */
    public static Tensor logSigmoid(Tensor x) {
        return ActivationFunctions.logSigmoid(x);
    }

    /** Returns relu6(x + 3) / 6. */
    public static Tensor hardSigmoid(Tensor x) {
        return ActivationFunctions.hardSigmoid(x);
    }

    /** Returns x * hardSigmoid(x), also called hard swish. */
    public static Tensor hardSilu(Tensor x) {
        return ActivationFunctions.hardSilu(x);
    }

    /** Returns the scaled exponential linear unit (Klambauer et al. 2017). */
    public static Tensor selu(Tensor x) {
        return ActivationFunctions.selu(x);
    }

    /** Returns x cut off at -1 and 1. */
    public static Tensor hardTanh(Tensor x) {
        return ActivationFunctions.hardTanh(x);
    }

    /** Returns x - tanh(x). */
    public static Tensor tanhShrink(Tensor x) {
        return ActivationFunctions.tanhShrink(x);
    }

    /** Returns x * tanh(softplus(x)). */
    public static Tensor mish(Tensor x) {
        return ActivationFunctions.mish(x);
    }

    /** Returns 0 up to -1, x from 1 on, and a parabola between. */
    public static Tensor sparsePlus(Tensor x) {
        return ActivationFunctions.sparsePlus(x);
    }

    /** Returns 0 up to -1, 1 from 1 on, and a line between. */
    public static Tensor sparseSigmoid(Tensor x) {
        return ActivationFunctions.sparseSigmoid(x);
    }

    /** Returns x where positive, else {@code negativeSlope * x}. */
    public static Tensor leakyRelu(Tensor x, double negativeSlope) {
        return ActivationFunctions.leakyRelu(x, negativeSlope);
    }

    /** Returns x where positive, else {@code alpha * (exp(x) - 1)}. */
    public static Tensor elu(Tensor x, double alpha) {
        return ActivationFunctions.elu(x, alpha);
    }

    /** Returns {@code max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)}. */
    public static Tensor celu(Tensor x, double alpha) {
        return ActivationFunctions.celu(x, alpha);
    }

    /** Returns {@code x * P(X <= x)} for a normal X, with tanh instead of erf if {@code approximate}. */
    public static Tensor gelu(Tensor x, boolean approximate) {
        return ActivationFunctions.gelu(x, approximate);
    }

    /** Returns a * sigmoid(b) for the halves a and b of an axis. */
    public static Tensor glu(Tensor x, int axis) {
        return ActivationFunctions.glu(x, axis);
    }

    /** Returns exp(x) divided by its sum over the last axis. */
    public static Tensor softmax(Tensor x) {
        return ActivationFunctions.softmax(x, -1);
    }

    /** Returns exp(x) divided by its sum over an axis. */
    public static Tensor softmax(Tensor x, int axis) {
        return ActivationFunctions.softmax(x, axis);
    }

    /** Returns exp(x) divided by its sum over several axes. */
    public static Tensor softmax(Tensor x, int[] axes) {
        return ActivationFunctions.softmax(x, axes, false);
    }

    /** Returns log(softmax(x)) over an axis. */
    public static Tensor logSoftmax(Tensor x, int axis) {
        return ActivationFunctions.logSoftmax(x, axis);
    }

    // ---- reductions -------------------------------------------------------------------------------------------------

    /** Adds up the elements along the axes; without axes, all. */
    public static Tensor sum(Tensor x, int... axes) {
        return Reductions.sum(x, axes.length == 0 ? null : axes, false);
    }

    /** Adds up the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor sum(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.sum(x, axes, keepdims);
    }

    /** Adds up the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor sum(Tensor x, int axis, boolean keepdims) {
        return Reductions.sum(x, new int[] {axis}, keepdims);
    }

    /** Multiplies the elements along the axes; without axes, all. */
    public static Tensor prod(Tensor x, int... axes) {
        return Reductions.prod(x, axes.length == 0 ? null : axes, false);
    }

    /** Multiplies the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor prod(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.prod(x, axes, keepdims);
    }

    /** Multiplies the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor prod(Tensor x, int axis, boolean keepdims) {
        return Reductions.prod(x, new int[] {axis}, keepdims);
    }

    /** Takes the greatest of the elements along the axes; without axes, all. */
    public static Tensor max(Tensor x, int... axes) {
        return Reductions.max(x, axes.length == 0 ? null : axes, false, null);
    }

    /** Takes the greatest of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor max(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.max(x, axes, keepdims, null);
    }

    /** Takes the greatest of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor max(Tensor x, int axis, boolean keepdims) {
        return Reductions.max(x, new int[] {axis}, keepdims, null);
    }

    /** Takes the least of the elements along the axes; without axes, all. */
    public static Tensor min(Tensor x, int... axes) {
        return Reductions.min(x, axes.length == 0 ? null : axes, false, null);
    }

    /** Takes the least of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor min(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.min(x, axes, keepdims, null);
    }

    /** Takes the least of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor min(Tensor x, int axis, boolean keepdims) {
        return Reductions.min(x, new int[] {axis}, keepdims, null);
    }

    /** Averages the elements along the axes; without axes, all. */
    public static Tensor mean(Tensor x, int... axes) {
        return Reductions.mean(x, axes.length == 0 ? null : axes, false);
    }

    /** Averages the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor mean(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.mean(x, axes, keepdims);
    }

    /** Averages the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor mean(Tensor x, int axis, boolean keepdims) {
        return Reductions.mean(x, new int[] {axis}, keepdims);
    }

    /** Returns the variance of the elements along the axes; without axes, all. */
    public static Tensor var(Tensor x, int... axes) {
        return Reductions.var(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns the variance of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor var(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.var(x, axes, keepdims);
    }

    /** Returns the variance of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor var(Tensor x, int axis, boolean keepdims) {
        return Reductions.var(x, new int[] {axis}, keepdims);
    }

    /** Returns the standard deviation of the elements along the axes; without axes, all. */
    public static Tensor std(Tensor x, int... axes) {
        return Reductions.std(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns the standard deviation of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor std(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.std(x, axes, keepdims);
    }

    /** Returns the standard deviation of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor std(Tensor x, int axis, boolean keepdims) {
        return Reductions.std(x, new int[] {axis}, keepdims);
    }

    /** Says whether any is true of the elements along the axes; without axes, all. */
    public static Tensor any(Tensor x, int... axes) {
        return Reductions.any(x, axes.length == 0 ? null : axes, false);
    }

    /** Says whether any is true of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor any(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.any(x, axes, keepdims);
    }

    /** Says whether any is true of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor any(Tensor x, int axis, boolean keepdims) {
        return Reductions.any(x, new int[] {axis}, keepdims);
    }

    /** Says whether all are true of the elements along the axes; without axes, all. */
    public static Tensor all(Tensor x, int... axes) {
        return Reductions.all(x, axes.length == 0 ? null : axes, false);
    }

    /** Says whether all are true of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor all(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.all(x, axes, keepdims);
    }

    /** Says whether all are true of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor all(Tensor x, int axis, boolean keepdims) {
        return Reductions.all(x, new int[] {axis}, keepdims);
    }

    /** Returns log(sum(exp(x))) of the elements along the axes; without axes, all. */
    public static Tensor logsumexp(Tensor x, int... axes) {
        return Reductions.logsumexp(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns log(sum(exp(x))) of the elements along the axes (null: all); {@code keepdims} leaves them as size 1. */
    public static Tensor logsumexp(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Reductions.logsumexp(x, axes, keepdims);
    }

    /** Returns log(sum(exp(x))) of the elements along one axis; {@code keepdims} leaves it as size 1. */
    public static Tensor logsumexp(Tensor x, int axis, boolean keepdims) {
        return Reductions.logsumexp(x, new int[] {axis}, keepdims);
    }

    /** Returns the int32 index of the first greatest element along an axis. */
    public static Tensor argmax(Tensor x, int axis) {
        return Reductions.argReduce(true, x, axis, false);
    }

    /** Returns the int32 index of the first least element along an axis. */
    public static Tensor argmin(Tensor x, int axis) {
        return Reductions.argReduce(false, x, axis, false);
    }

    /** Returns running sums along an axis. */
    public static Tensor cumsum(Tensor x, int axis) {
        return Reductions.cumulative(Op.Reduction.SUM, x, axis, null);
    }

    /** Returns running products along an axis. */
    public static Tensor cumprod(Tensor x, int axis) {
        return Reductions.cumulative(Op.Reduction.PROD, x, axis, null);
    }

    // ---- shape ------------------------------------------------------------------------------------------------------

    /** Returns the sizes that broadcasting both gives. */
    public static Shape broadcastShapes(Shape a, Shape b) {
        return Arithmetic.broadcast(a, b);
    }

    /** Repeats axes of size 1, and adds axes in front. */
    public static Tensor broadcastTo(Tensor x, Shape shape) {
        return Arithmetic.broadcastTo(x, shape);
    }

    /** Gives the elements another shape; one size may be -1 for what is left. */
    public static Tensor reshape(Tensor x, int... shape) {
        return Manipulation.reshape(x, shape);
    }

    /** Gives the elements another shape. */
    public static Tensor reshape(Tensor x, Shape shape) {
        return Manipulation.reshape(x, shape.dims());
    }

    /** Orders the axes anew; without axes, the other way round. */
    public static Tensor transpose(Tensor x, int... axes) {
        return Manipulation.transpose(x, axes);
    }

    /** Exchanges two axes. */
    public static Tensor swapaxes(Tensor x, int a, int b) {
        return Manipulation.swapaxes(x, a, b);
    }

    /** Moves one axis to another place. */
    public static Tensor moveaxis(Tensor x, int source, int destination) {
        return Manipulation.moveaxis(x, new int[] {source}, new int[] {destination});
    }

    /** Adds axes of size 1 at these places of the result. */
    public static Tensor expandDims(Tensor x, int... axes) {
        return Manipulation.expandDims(x, axes);
    }

    /** Takes axes of size 1 away; without axes, all of them. */
    public static Tensor squeeze(Tensor x, int... axes) {
        return Manipulation.squeeze(x, axes);
    }

    /** Returns all elements on one axis. */
    public static Tensor ravel(Tensor x) {
        return Manipulation.reshape(x, -1);
    }

    /** Joins tensors along an axis. */
    public static Tensor concatenate(List<Tensor> tensors, int axis) {
        return Manipulation.concatenate(tensors, axis);
    }

    /** Joins tensors along a new axis. */
    public static Tensor stack(List<Tensor> tensors, int axis) {
        return Manipulation.stack(tensors, axis);
    }

    /** Takes an axis apart. */
    public static List<Tensor> unstack(Tensor x, int axis) {
        return Manipulation.unstack(x, axis);
    }

    /** Splits an axis into equal parts. */
    public static List<Tensor> split(Tensor x, int sections, int axis) {
        return Manipulation.split(x, sections, axis);
    }

    /** Splits an axis before each of the indices. */
    public static List<Tensor> split(Tensor x, int[] indices, int axis) {
        return Manipulation.splitAt(x, indices, axis);
    }

    /** Repeats each element along an axis. */
    public static Tensor repeat(Tensor x, int times, int axis) {
        return Manipulation.repeat(x, times, (Integer) axis);
    }

    /** Repeats the whole along each axis. */
    public static Tensor tile(Tensor x, int... repeats) {
        return Manipulation.tile(x, repeats);
    }

    /** Reverses the order along the axes; without axes, along all. */
    public static Tensor flip(Tensor x, int... axes) {
        return Manipulation.flip(x, axes.length == 0 ? null : axes);
    }

    /** Moves elements along an axis by {@code shift} places, round the end. */
    public static Tensor roll(Tensor x, int shift, int axis) {
        return Manipulation.roll(x, shift, (Integer) axis);
    }

    /** Puts zeros before and after each axis. */
    public static Tensor pad(Tensor x, int[][] widths) {
        return pad(x, widths, "constant", 0);
    }

    /** Pads each axis; modes are constant (with {@code value}), edge, reflect, symmetric, wrap. */
    public static Tensor pad(Tensor x, int[][] widths, String mode, double value) {
        int[] low = Arrays.stream(widths).mapToInt(w -> w[0]).toArray();
        int[] high = Arrays.stream(widths).mapToInt(w -> w[1]).toArray();
        return Manipulation.pad(x, low, high, mode, value);
    }

    // ---- indexing ---------------------------------------------------------------------------------------------------

    /** Takes a block of {@code sizes} from {@code starts} on. */
    public static Tensor slice(Tensor x, int[] starts, int[] sizes) {
        return Indexing.slice(x, starts, sizes);
    }

    /** Takes {@code start:stop:step} of one axis, as Python does. */
    public static Tensor slice(Tensor x, int axis, @Nullable Integer start, @Nullable Integer stop, int step) {
        return Indexing.range(x, axis, start, stop, step);
    }

    /** Puts {@code updates} in place of the block that begins at {@code starts}. */
    public static Tensor sliceUpdate(Tensor x, int[] starts, Tensor updates) {
        return Indexing.sliceUpdate(x, starts, updates);
    }

    /**
     * Returns Python's {@code x[index...]}: each entry an Integer, a {@link Slice}, {@code "..."}, null for a new axis,
     * or a Tensor of indices.
     */
    public static Tensor getItem(Tensor x, @Nullable Object... index) {
        return Indexing.getItem(x, Arrays.asList(index));
    }

    /** Takes slices along an axis by index; negative indices count from the end. */
    public static Tensor take(Tensor x, Tensor indices, int axis) {
        return Indexing.take(x, indices, (Integer) axis);
    }

    /** Takes elements along an axis, by an index for each place of the others. */
    public static Tensor takeAlongAxis(Tensor x, Tensor indices, int axis) {
        return Indexing.takeAlongAxis(x, indices, axis);
    }

    /** Returns 1 at each class on a new last axis, else 0. */
    public static Tensor oneHot(Tensor x, int numClasses) {
        return Indexing.oneHot(x, numClasses, -1, floatx());
    }

    /** Returns 1 at each class on the new axis {@code axis}, else 0. */
    public static Tensor oneHot(Tensor x, int numClasses, int axis, DType dtype) {
        return Indexing.oneHot(x, numClasses, axis, dtype);
    }

    /** Returns zeros of {@code shape} with {@code values} added at {@code indices[..., axes]}. */
    public static Tensor scatter(Tensor indices, Tensor values, Shape shape) {
        return Indexing.scatterUpdate(zeros(shape, values.dtype()), indices, values, Op.Update.ADD);
    }

    /** Replaces the elements of {@code x} at {@code indices[..., axes]}. */
    public static Tensor scatterUpdate(Tensor x, Tensor indices, Tensor updates) {
        return Indexing.scatterUpdate(x, indices, updates, Op.Update.SET);
    }

    /** Adds up the rows of {@code data} that have the same id. */
    public static Tensor segmentSum(Tensor data, Tensor segmentIds, int numSegments) {
        return Indexing.segment(data, segmentIds, numSegments, Op.Update.ADD);
    }

    /** Returns the greatest of the rows of {@code data} that have the same id. */
    public static Tensor segmentMax(Tensor data, Tensor segmentIds, int numSegments) {
        return Indexing.segment(data, segmentIds, numSegments, Op.Update.MAX);
    }

    /** Keeps the part of matrices on and below diagonal {@code k}. */
    public static Tensor tril(Tensor x, int k) {
        return Indexing.tril(x, k);
    }

    /** Keeps the part of matrices on and above diagonal {@code k}. */
    public static Tensor triu(Tensor x, int k) {
        return Indexing.triu(x, k);
    }

    /** Sorts along an axis, ascending. */
    public static Tensor sort(Tensor x, int axis) {
        return Indexing.sort(x, axis, false).getFirst();
    }

    /** Returns the int32 order that sorts along an axis. */
    public static Tensor argsort(Tensor x, int axis) {
        return Indexing.sort(x, axis, false).getLast();
    }

    /** Returns the k greatest values of the last axis, falling, and their int32 indices. */
    public static List<Tensor> topK(Tensor x, int k) {
        return Indexing.topK(x, k);
    }

    // ---- products ---------------------------------------------------------------------------------------------------

    /** Multiplies matrices: the last two axes; the others broadcast, vectors count as a row or a column. */
    public static Tensor matmul(Tensor a, Tensor b) {
        return Contractions.matmul(a, b);
    }

    /** Sums over the last axis of {@code a} and the last but one of {@code b}. */
    public static Tensor dot(Tensor a, Tensor b) {
        return Contractions.dot(a, b);
    }

    /** Sums over the last {@code axes} axes of {@code a} and the first of {@code b}. */
    public static Tensor tensordot(Tensor a, Tensor b, int axes) {
        return Contractions.tensordot(a, b, axes);
    }

    /** Sums over pairs of axes. */
    public static Tensor tensordot(Tensor a, Tensor b, int[] axesA, int[] axesB) {
        return Contractions.tensordot(a, b, axesA, axesB);
    }

    // ---- convolution and pooling ------------------------------------------------------------------------------------

    /** Convolves with a kernel {@code [space..., in / groups, out]}; padding is "valid", "same" or "causal". */
    public static Tensor conv(
            Tensor x, Tensor kernel, int[] strides, String padding, @Nullable String dataFormat, int[] dilationRate) {
        return Convolutions.conv(x, kernel, strides, padding, dataFormat, dilationRate);
    }

    /** Convolves each channel with its own filters, kernel {@code [space..., in, multiplier]}. */
    public static Tensor depthwiseConv(
            Tensor x, Tensor kernel, int[] strides, String padding, @Nullable String dataFormat, int[] dilationRate) {
        return Convolutions.depthwiseConv(x, kernel, strides, padding, dataFormat, dilationRate);
    }

    /** Convolves each channel, then mixes channels with a pointwise kernel {@code [1..., in * multiplier, out]}. */
    public static Tensor separableConv(
            Tensor x,
            Tensor depthwiseKernel,
            Tensor pointwiseKernel,
            int[] strides,
            String padding,
            @Nullable String dataFormat,
            int[] dilationRate) {
        return Convolutions.separableConv(
                x, depthwiseKernel, pointwiseKernel, strides, padding, dataFormat, dilationRate);
    }

    /** Runs a convolution backwards, kernel {@code [space..., out, in]}; output padding null is Keras's default. */
    public static Tensor convTranspose(
            Tensor x,
            Tensor kernel,
            int[] strides,
            String padding,
            int @Nullable [] outputPadding,
            @Nullable String dataFormat,
            int[] dilationRate) {
        return Convolutions.convTranspose(x, kernel, strides, padding, outputPadding, dataFormat, dilationRate);
    }

    /** Takes the greatest element of each window; strides null are the pool size. */
    public static Tensor maxPool(
            Tensor x, int[] poolSize, int @Nullable [] strides, String padding, @Nullable String dataFormat) {
        return Pooling.pool(true, x, poolSize, strides, padding, dataFormat);
    }

    /** Averages each window, without padding; strides null are the pool size. */
    public static Tensor averagePool(
            Tensor x, int[] poolSize, int @Nullable [] strides, String padding, @Nullable String dataFormat) {
        return Pooling.average(x, poolSize, strides, padding, dataFormat);
    }

    /** Takes the greatest element of windows chosen to give {@code outputSize}. */
    public static Tensor adaptiveMaxPool(Tensor x, int[] outputSize, @Nullable String dataFormat) {
        return Pooling.adaptive(true, x, outputSize, dataFormat);
    }

    /** Averages windows chosen to give {@code outputSize}. */
    public static Tensor adaptiveAveragePool(Tensor x, int[] outputSize, @Nullable String dataFormat) {
        return Pooling.adaptive(false, x, outputSize, dataFormat);
    }

    // ---- normalization, losses, attention ---------------------------------------------------------------------------

    /** Returns mean and variance over the axes (null: all). */
    public static List<Tensor> moments(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Normalizations.moments(x, axes, keepdims);
    }

    /** Returns {@code (x - mean) / sqrt(variance + epsilon) * scale + offset}, with vectors along {@code axis}. */
    public static Tensor batchNormalization(
            Tensor x,
            Tensor mean,
            Tensor variance,
            int axis,
            @Nullable Tensor offset,
            @Nullable Tensor scale,
            double epsilon) {
        return Normalizations.batch(x, mean, variance, axis, offset, scale, epsilon);
    }

    /** Returns {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}, the statistics over {@code axes}. */
    public static Tensor layerNormalization(
            Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, int[] axes, double epsilon) {
        return Normalizations.layer(x, gamma, beta, axes, epsilon);
    }

    /** Returns {@code x / sqrt(mean(x^2) + epsilon) * scale}. */
    public static Tensor rmsNormalization(Tensor x, @Nullable Tensor scale, int[] axes, double epsilon) {
        return Normalizations.rms(x, scale, axes, epsilon);
    }

    /** Divides by the norm of that order over the axes (null: all), which counts as at least epsilon. */
    public static Tensor normalize(Tensor x, int @Nullable [] axes, int order) {
        return Normalizations.normalize(x, axes, order, epsilon());
    }

    /** Returns the norm of all elements together, or over axes: order 2 is Euclid's, infinity the greatest. */
    public static Tensor norm(Tensor x, double order, int @Nullable [] axes, boolean keepdims) {
        return Normalizations.vectorNorm(x, order, axes, keepdims);
    }

    /** Returns {@code -sum(target * log(output))} over {@code axis}. */
    public static Tensor categoricalCrossentropy(Tensor target, Tensor output, boolean fromLogits, int axis) {
        return Crossentropies.categorical(target, output, fromLogits, axis);
    }

    /** Returns {@code -log(output[target])}; the target holds class numbers. */
    public static Tensor sparseCategoricalCrossentropy(Tensor target, Tensor output, boolean fromLogits, int axis) {
        return Crossentropies.sparse(target, output, fromLogits, axis);
    }

    /** Returns {@code -target * log(output) - (1 - target) * log(1 - output)} elementwise. */
    public static Tensor binaryCrossentropy(Tensor target, Tensor output, boolean fromLogits) {
        return Crossentropies.binary(target, output, fromLogits);
    }

    /**
     * Returns softmax(query key^T * scale + bias) value; query {@code [batch, t, heads, size]}, key and value
     * {@code [batch, s, groups, size]}; bias and mask (true: takes part) broadcast to {@code [batch, heads, t, s]}.
     * Scale null is one over the root of size.
     */
    public static Tensor dotProductAttention(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor bias,
            @Nullable Tensor mask,
            @Nullable Double scale,
            boolean isCausal) {
        return Attention.attend(query, key, value, bias, mask, scale, isCausal);
    }

    /** Returns 1 at each class that comes along axis 1 (or 0 of a vector), else 0. */
    public static Tensor multiHot(Tensor x, int numClasses, int axis, DType dtype) {
        return Normalizations.multiHot(x, numClasses, axis, dtype);
    }

    /** Projects onto the probability simplex, as Keras's sparsemax. */
    public static Tensor sparsemax(Tensor x, int axis) {
        return ActivationFunctions.sparsemax(x, axis);
    }

    /** Returns {@code (x + sqrt(x^2 + b)) / 2}. */
    public static Tensor squareplus(Tensor x, double b) {
        return ActivationFunctions.squareplus(x, b);
    }

    /** Returns Keras's relu with a slope below {@code threshold} and an upper bound (infinite: none). */
    public static Tensor relu(Tensor x, double negativeSlope, double maxValue, double threshold) {
        return ActivationFunctions.relu(x, negativeSlope, maxValue, threshold);
    }

    /** Returns x where greater than {@code threshold}, else {@code defaultValue}. */
    public static Tensor threshold(Tensor x, double threshold, double defaultValue) {
        return ActivationFunctions.threshold(x, threshold, defaultValue);
    }

    /** Sums products as {@code subscripts} says, such as {@code "bij,bjk->bik"}; {@code ...} broadcasts. */
    public static Tensor einsum(String subscripts, Tensor... operands) {
        return Einsum.einsum(subscripts, List.of(operands));
    }

    /** Multiplies each element of {@code a} with each of {@code b}, giving a matrix. */
    public static Tensor outer(Tensor a, Tensor b) {
        return multiply(expandDims(ravel(a), 1), expandDims(ravel(b), 0));
    }

    /** Returns x where farther from 0 than {@code threshold}, else 0. */
    public static Tensor hardShrink(Tensor x, double threshold) {
        return ActivationFunctions.hardShrink(x, threshold);
    }

    /** Returns x moved towards 0 by {@code threshold}, 0 where it is nearer. */
    public static Tensor softShrink(Tensor x, double threshold) {
        return ActivationFunctions.softShrink(x, threshold);
    }

    /**
     * Returns the CTC loss of each sample: {@code target[b, labels], output[b, steps, classes]} (logits),
     * {@code targetLength[b], outputLength[b] -> [b]}; class {@code maskIndex} is the blank.
     */
    public static Tensor ctcLoss(
            Tensor target, Tensor output, Tensor targetLength, Tensor outputLength, int maskIndex) {
        return Ctc.loss(target, output, targetLength, outputLength, maskIndex);
    }

    // ---- more elementwise functions
    // --------------------------------------------------------------------------------------

    /** Returns 0 for positive and pi for negative numbers. */
    public static Tensor angle(Tensor x) {
        return Elementwise.angle(x);
    }

    /** Returns the cube root. */
    public static Tensor cbrt(Tensor x) {
        return Elementwise.cbrt(x);
    }

    /** Returns 1 - erf(x). */
    public static Tensor erfc(Tensor x) {
        return subtract(1.0, erf(x));
    }

    /** Returns 2 to the power x. */
    public static Tensor exp2(Tensor x) {
        return Elementwise.exp2(x);
    }

    /** Returns the absolute value as a float. */
    public static Tensor fabs(Tensor x) {
        return Primitives.unary(Unary.ABS, Arithmetic.toFloat(x));
    }

    /** Returns the modified Bessel function of order 0. */
    public static Tensor i0(Tensor x) {
        return Elementwise.i0(x);
    }

    /** Returns the logarithm to base 2. */
    public static Tensor log2(Tensor x) {
        return Elementwise.log(x, 2);
    }

    /** Returns the logarithm to base 10. */
    public static Tensor log10(Tensor x) {
        return Elementwise.log(x, 10);
    }

    /** Returns degrees as radians. */
    public static Tensor deg2rad(Tensor x) {
        return Elementwise.deg2rad(x);
    }

    /** Returns radians as degrees. */
    public static Tensor rad2deg(Tensor x) {
        return Elementwise.rad2deg(x);
    }

    /** Returns sin(pi x) / (pi x). */
    public static Tensor sinc(Tensor x) {
        return Elementwise.sinc(x);
    }

    /** Returns the whole part. */
    public static Tensor trunc(Tensor x) {
        return Elementwise.trunc(x);
    }

    /** Returns whether the sign is minus, also of -0.0. */
    public static Tensor signbit(Tensor x) {
        return Elementwise.signbit(x);
    }

    /** Returns where {@code x} is plus infinity. */
    public static Tensor isposinf(Tensor x) {
        return Elementwise.isInfinite(x, 1);
    }

    /** Returns where {@code x} is minus infinity. */
    public static Tensor isneginf(Tensor x) {
        return Elementwise.isInfinite(x, -1);
    }

    /** Returns x * sigmoid(x), also called silu. */
    public static Tensor swish(Tensor x) {
        return ActivationFunctions.silu(x);
    }

    /** Returns x * hardSigmoid(x), also called hard silu. */
    public static Tensor hardSwish(Tensor x) {
        return ActivationFunctions.hardSilu(x);
    }

    /** Returns the inverse of all bits. */
    public static Tensor bitwiseNot(Tensor x) {
        return x.dtype() == DType.BOOL ? logicalNot(x) : Primitives.unary(Unary.BITWISE_NOT, x);
    }

    /** Returns the angle of the point (b, a). */
    public static Tensor arctan2(Tensor a, Tensor b) {
        return Arithmetic.floatBinary(Binary.ATAN2, a, b);
    }

    /** Divides; integers become floatx. */
    public static Tensor trueDivide(Tensor a, Tensor b) {
        return Arithmetic.floatBinary(Binary.DIV, a, b);
    }

    /** Divides; 0 where {@code b} is 0. */
    public static Tensor divideNoNan(Tensor a, Tensor b) {
        return Elementwise.divideNoNan(a, b);
    }

    /** Returns the greater of each pair, leaving NaN out. */
    public static Tensor fmax(Tensor a, Tensor b) {
        return Elementwise.ignoringNan(Binary.MAX, a, b);
    }

    /** Returns the smaller of each pair, leaving NaN out. */
    public static Tensor fmin(Tensor a, Tensor b) {
        return Elementwise.ignoringNan(Binary.MIN, a, b);
    }

    /** Returns the remainder with the sign of {@code a}. */
    public static Tensor fmod(Tensor a, Tensor b) {
        return Elementwise.fmod(a, b);
    }

    /** Returns the greatest common divisor. */
    public static Tensor gcd(Tensor a, Tensor b) {
        return Elementwise.gcd(a, b);
    }

    /** Returns the least common multiple. */
    public static Tensor lcm(Tensor a, Tensor b) {
        return Elementwise.lcm(a, b);
    }

    /** Returns 0 below 0, {@code b} at 0, 1 above. */
    public static Tensor heaviside(Tensor a, Tensor b) {
        return Elementwise.heaviside(a, b);
    }

    /** Returns sqrt(a^2 + b^2). */
    public static Tensor hypot(Tensor a, Tensor b) {
        return Elementwise.hypot(a, b);
    }

    /** Returns a * 2^b. */
    public static Tensor ldexp(Tensor a, Tensor b) {
        return Elementwise.ldexp(a, b);
    }

    /** Returns log(exp(a) + exp(b)). */
    public static Tensor logaddexp(Tensor a, Tensor b) {
        return Elementwise.logaddexp(a, b, Math.E);
    }

    /** Returns log2(2^a + 2^b). */
    public static Tensor logaddexp2(Tensor a, Tensor b) {
        return Elementwise.logaddexp(a, b, 2);
    }

    /** Returns the next float after {@code a} towards {@code b}. */
    public static Tensor nextafter(Tensor a, Tensor b) {
        return Arithmetic.floatBinary(Binary.NEXT_AFTER, a, b);
    }

    /** Combines bits by and. */
    public static Tensor bitwiseAnd(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.BITWISE_AND, a, b);
    }

    /** Combines bits by or. */
    public static Tensor bitwiseOr(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.BITWISE_OR, a, b);
    }

    /** Combines bits by exclusive or. */
    public static Tensor bitwiseXor(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.BITWISE_XOR, a, b);
    }

    /** Moves bits up. */
    public static Tensor bitwiseLeftShift(Tensor a, Tensor b) {
        return Arithmetic.intBinary(Binary.SHIFT_LEFT, a, b);
    }

    /** Moves bits down. */
    public static Tensor bitwiseRightShift(Tensor a, Tensor b) {
        return Arithmetic.intBinary(Binary.SHIFT_RIGHT, a, b);
    }

    /** Cuts off at both ends, elementwise. */
    public static Tensor clip(Tensor x, Tensor low, Tensor high) {
        return Elementwise.clip(x, low, high);
    }

    /** Rounds to {@code decimals} digits after the point. */
    public static Tensor round(Tensor x, int decimals) {
        return Elementwise.round(x, decimals);
    }

    /** Says where {@code |a - b| <= atol + rtol |b|}. */
    public static Tensor isclose(Tensor a, Tensor b, double rtol, double atol, boolean equalNan) {
        return Elementwise.isclose(a, b, rtol, atol, equalNan);
    }

    /** Says whether all are close, see {@link #isclose}. */
    public static Tensor allclose(Tensor a, Tensor b, double rtol, double atol) {
        return all(Elementwise.isclose(a, b, rtol, atol, false));
    }

    /** Says which elements of {@code x} are among {@code elements}. */
    public static Tensor isin(Tensor x, Tensor elements) {
        return Elementwise.isin(x, elements, false);
    }

    /** Replaces NaN, and infinities by the greatest finite numbers. */
    public static Tensor nanToNum(Tensor x, double nan) {
        return Elementwise.nanToNum(x, nan, null, null);
    }

    /** Converts after cutting off what the dtype cannot hold. */
    public static Tensor saturateCast(Tensor x, DType dtype) {
        return Elementwise.saturateCast(x, dtype);
    }

    /** Takes the first choice whose condition is true, else {@code otherwise}. */
    public static Tensor select(List<Tensor> conditions, List<Tensor> choices, Tensor otherwise) {
        return Elementwise.select(conditions, choices, otherwise);
    }

    // ---- more reductions, statistics and searching
    // -----------------------------------------------------------------------

    /** Takes the greatest of the elements along the axes; without axes, all. */
    public static Tensor amax(Tensor x, int... axes) {
        return Reductions.max(x, axes.length == 0 ? null : axes, false, null);
    }

    /** Takes the least of the elements along the axes; without axes, all. */
    public static Tensor amin(Tensor x, int... axes) {
        return Reductions.min(x, axes.length == 0 ? null : axes, false, null);
    }

    /** Returns greatest minus least along the axes; without axes, all. */
    public static Tensor ptp(Tensor x, int... axes) {
        return subtract(max(x, axes), min(x, axes));
    }

    /** Counts the elements that are not 0 along the axes; without axes, all. */
    public static Tensor countNonzero(Tensor x, int... axes) {
        return Reductions.sum(Arithmetic.test(Binary.NOT_EQUAL, x, 0), axes.length == 0 ? null : axes, false);
    }

    /** Returns the middle element along the axes; without axes, all. */
    public static Tensor median(Tensor x, int... axes) {
        return Statistics.median(x, axes.length == 0 ? null : axes, false, false);
    }

    /** Adds up without NaN along the axes; without axes, all. */
    public static Tensor nansum(Tensor x, int... axes) {
        return Reductions.sum(Statistics.withoutNan(x, 0), axes.length == 0 ? null : axes, false);
    }

    /** Multiplies without NaN along the axes; without axes, all. */
    public static Tensor nanprod(Tensor x, int... axes) {
        return Reductions.prod(Statistics.withoutNan(x, 1), axes.length == 0 ? null : axes, false);
    }

    /** Takes the greatest without NaN along the axes; without axes, all. */
    public static Tensor nanmax(Tensor x, int... axes) {
        return Statistics.nanExtreme(true, x, axes.length == 0 ? null : axes, false);
    }

    /** Takes the least without NaN along the axes; without axes, all. */
    public static Tensor nanmin(Tensor x, int... axes) {
        return Statistics.nanExtreme(false, x, axes.length == 0 ? null : axes, false);
    }

    /** Averages without NaN along the axes; without axes, all. */
    public static Tensor nanmean(Tensor x, int... axes) {
        return Statistics.nanMean(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns the variance without NaN along the axes; without axes, all. */
    public static Tensor nanvar(Tensor x, int... axes) {
        return Statistics.nanVar(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns the standard deviation without NaN along the axes; without axes, all. */
    public static Tensor nanstd(Tensor x, int... axes) {
        return Statistics.nanStd(x, axes.length == 0 ? null : axes, false);
    }

    /** Returns the middle element without NaN along the axes; without axes, all. */
    public static Tensor nanmedian(Tensor x, int... axes) {
        return Statistics.median(x, axes.length == 0 ? null : axes, false, true);
    }

    /** Averages with weights of {@code x}'s shape, or a vector along the one axis; axes null are all. */
    public static Tensor average(Tensor x, int @Nullable [] axes, @Nullable Tensor weights) {
        return Statistics.average(x, axes, weights);
    }

    /**
     * Returns quantiles {@code q} (0 to 1) along the axes (null: all); methods linear, lower, higher, midpoint,
     * nearest.
     */
    public static Tensor quantile(Tensor x, Tensor q, int @Nullable [] axes, String method, boolean keepdims) {
        return Statistics.quantile(x, q, axes, method, keepdims, false);
    }

    /** Returns quantiles like {@link #quantile} without NaN. */
    public static Tensor nanquantile(Tensor x, Tensor q, int @Nullable [] axes, String method, boolean keepdims) {
        return Statistics.quantile(x, q, axes, method, keepdims, true);
    }

    /** Returns quantiles {@code q} in percent, see {@link #quantile}. */
    public static Tensor percentile(Tensor x, Tensor q, int @Nullable [] axes, String method, boolean keepdims) {
        return Statistics.quantile(x, divide(q, 100.0), axes, method, keepdims, false);
    }

    /** Returns quantiles {@code q} in percent without NaN, see {@link #quantile}. */
    public static Tensor nanpercentile(Tensor x, Tensor q, int @Nullable [] axes, String method, boolean keepdims) {
        return Statistics.quantile(x, divide(q, 100.0), axes, method, keepdims, true);
    }

    /** Counts 0, 1, ... in a vector or in each row; works on known values. */
    public static Tensor bincount(Tensor x, @Nullable Tensor weights, int minlength) {
        return Searching.bincount(x, weights, minlength);
    }

    /** Returns for each value the number of bins that begin at or below it. */
    public static Tensor digitize(Tensor x, Tensor bins) {
        return Searching.digitize(x, bins);
    }

    /** Returns the place of each value in a sorted vector; side is "left" or "right" of equals. */
    public static Tensor searchsorted(Tensor sortedSequence, Tensor values, String side) {
        return Searching.searchsorted(sortedSequence, values, side);
    }

    /** Returns counts in bins of equal width, and the edges of the bins. */
    public static List<Tensor> histogram(Tensor x, int bins) {
        return Searching.histogram(x, bins, null);
    }

    /** Says for each row whether its target is among the k greatest predictions. */
    public static Tensor inTopK(Tensor targets, Tensor predictions, int k) {
        return Searching.inTopK(targets, predictions, k);
    }

    /** Returns the places of the elements that are not 0, one vector for each axis; works on known values. */
    public static List<Tensor> nonzero(Tensor x) {
        return Searching.nonzero(x);
    }

    /** Returns the sorted different elements; works on known values. */
    public static Tensor unique(Tensor x) {
        return (Tensor) Unique.of(x, null, null, null, false, false, false);
    }

    /** Returns the place along each axis of flat indices. */
    public static List<Tensor> unravelIndex(Tensor indices, Shape shape) {
        return Searching.unravelIndex(indices, shape);
    }

    /** Multiplies the rows of {@code data} that have the same id. */
    public static Tensor segmentProd(Tensor data, Tensor segmentIds, int numSegments) {
        return Indexing.segment(data, segmentIds, numSegments, Op.Update.MUL);
    }

    /** Returns the least of the rows of {@code data} that have the same id. */
    public static Tensor segmentMin(Tensor data, Tensor segmentIds, int numSegments) {
        return Indexing.segment(data, segmentIds, numSegments, Op.Update.MIN);
    }

    // ---- more shapes
    // -----------------------------------------------------------------------------------------------------

    /** Returns a tensor of ones on and below diagonal {@code k}, else zeros. */
    public static Tensor tri(int rows, int columns, int k, DType dtype) {
        return Creation.tri(rows, columns, k, dtype);
    }

    /** Returns base to the power of evenly spaced exponents. */
    public static Tensor logspace(double start, double stop, int num, double base) {
        return Creation.logspace(
                new Tensor[] {constant((float) start), constant((float) stop)}, num, true, base, null, 0);
    }

    /** Returns numbers with evenly spaced logarithms. */
    public static Tensor geomspace(double start, double stop, int num) {
        return Creation.geomspace(new Tensor[] {constant((float) start), constant((float) stop)}, num, true, null, 0);
    }

    /** Spreads vectors over a grid; indexing is "xy" or "ij". */
    public static List<Tensor> meshgrid(List<Tensor> vectors, String indexing) {
        return Creation.meshgrid(vectors, indexing);
    }

    /** Returns the symmetric window "bartlett", "blackman", "hamming", "hanning" of n points. */
    public static Tensor window(String name, int n) {
        return WindowFunctions.symmetric(name, n, 0);
    }

    /** Returns the Kaiser window of n points. */
    public static Tensor kaiser(int n, double beta) {
        return WindowFunctions.symmetric("kaiser", n, beta);
    }

    /** Splits an axis into parts of which the first are longer by one where it does not come out even. */
    public static List<Tensor> arraySplit(Tensor x, int sections, int axis) {
        return Manipulation.arraySplit(x, sections, axis);
    }

    /** Turns by 90 degrees {@code k} times in the plane of two axes. */
    public static Tensor rot90(Tensor x, int k, int axis1, int axis2) {
        return Manipulation.rot90(x, k, axis1, axis2);
    }

    /** Reorders axes by a pattern such as {@code "b (h h1) w c -> b h w (c h1)"}. */
    public static Tensor rearrange(Tensor x, String pattern, Map<String, Integer> lengths) {
        return Rearrange.rearrange(x, pattern, lengths);
    }

    /** Moves blocks of channels into space. */
    public static Tensor depthToSpace(Tensor x, int blockSize, String dataFormat) {
        return SpaceToDepth.depthToSpace(x, blockSize, dataFormat);
    }

    /** Moves blocks of space into channels. */
    public static Tensor spaceToDepth(Tensor x, int blockSize, String dataFormat) {
        return SpaceToDepth.spaceToDepth(x, blockSize, dataFormat);
    }

    /** Lays windows of {@code [n, c, h, w]} out as columns {@code [n, c * kh * kw, places]}. */
    public static Tensor unfold(Tensor x, int[] kernelSize, int[] dilation, int[] padding, int[] stride) {
        return SpaceToDepth.unfold(x, kernelSize, dilation, padding, stride);
    }

    /** Adds columns {@code [n, c * kh * kw, places]} up where they came from. */
    public static Tensor fold(
            Tensor x, int[] outputSize, int[] kernelSize, int[] dilation, int[] padding, int[] stride) {
        return SpaceToDepth.fold(x, outputSize, kernelSize, dilation, padding, stride);
    }

    /** Takes windows along the last axis: {@code [..., n] -> [..., windows, length]}. */
    public static Tensor extractSequences(Tensor x, int length, int stride) {
        return Fourier.sequences(x, length, stride);
    }

    /** Reads the bits of known values as another dtype. */
    public static Tensor view(Tensor x, DType dtype) {
        return BitViews.view(x, dtype);
    }

    // ---- vectors and signals
    // ---------------------------------------------------------------------------------------------

    /** Sums over the last axes. */
    public static Tensor inner(Tensor a, Tensor b) {
        return Products.inner(a, b);
    }

    /** Multiplies all elements in pairs and adds up. */
    public static Tensor vdot(Tensor a, Tensor b) {
        return Products.vdot(a, b);
    }

    /** Returns the Kronecker product. */
    public static Tensor kron(Tensor a, Tensor b) {
        return Products.kron(a, b);
    }

    /** Returns the cross product of vectors of 2 or 3 components along {@code axis}. */
    public static Tensor cross(Tensor a, Tensor b, int axis) {
        return Products.cross(a, b, axis, axis, axis);
    }

    /** Returns the diagonal of a matrix, or the matrix with a vector on diagonal {@code k}. */
    public static Tensor diag(Tensor x, int k) {
        return LinearAlgebra.diag(x, k);
    }

    /** Returns the diagonal of two axes as the last axis. */
    public static Tensor diagonal(Tensor x, int offset, int axis1, int axis2) {
        return LinearAlgebra.diagonal(x, offset, axis1, axis2);
    }

    /** Returns the sum of a diagonal. */
    public static Tensor trace(Tensor x, int offset, int axis1, int axis2) {
        return LinearAlgebra.trace(x, offset, axis1, axis2);
    }

    /** Returns the n-th difference of neighbours. */
    public static Tensor diff(Tensor x, int n, int axis) {
        return Products.diff(x, n, axis);
    }

    /** Integrates by the trapezoid rule with steps {@code dx}. */
    public static Tensor trapezoid(Tensor y, double dx, int axis) {
        return Products.trapezoid(y, null, dx, axis);
    }

    /** Returns powers of a vector as columns. */
    public static Tensor vander(Tensor x, int columns, boolean increasing) {
        return Products.vander(x, columns, increasing);
    }

    /** Correlates vectors; mode is "full", "same" or "valid". */
    public static Tensor correlate(Tensor a, Tensor b, String mode) {
        return Products.correlate(a, b, mode);
    }

    /** Returns the correlation coefficients of the rows. */
    public static Tensor corrcoef(Tensor x) {
        return Products.corrcoef(x);
    }

    /** Returns the distances between rows. */
    public static Tensor cdist(Tensor x, Tensor y) {
        return Products.cdist(x, y);
    }

    /** Returns 10 log10(max^2 / mse). */
    public static Tensor psnr(Tensor a, Tensor b, double maxValue) {
        return Normalizations.psnr(a, b, maxValue);
    }

    /** Transforms the last axis; real and imaginary part in and out. */
    public static List<Tensor> fft(Tensor re, Tensor im) {
        return Fourier.fft(new Complex(re, im)).toList();
    }

    /** Transforms the last two axes; real and imaginary part in and out. */
    public static List<Tensor> fft2(Tensor re, Tensor im) {
        return Fourier.fft2(new Complex(re, im), false).toList();
    }

    /** Undoes {@link #fft2}. */
    public static List<Tensor> ifft2(Tensor re, Tensor im) {
        return Fourier.fft2(new Complex(re, im), true).toList();
    }

    /** Returns the frequencies 0 to n / 2 of a real signal, cut or filled to {@code length} (null: as it is). */
    public static List<Tensor> rfft(Tensor x, @Nullable Integer length) {
        return Fourier.rfft(x, length).toList();
    }

    /** Undoes {@link #rfft}. */
    public static Tensor irfft(Tensor re, Tensor im, @Nullable Integer length) {
        return Fourier.irfft(new Complex(re, im), length);
    }

    /** Transforms windows of a signal; window is "hann", "hamming" or null. */
    public static List<Tensor> stft(
            Tensor x, int length, int stride, int fftLength, @Nullable String window, boolean center) {
        return Fourier.stft(x, length, stride, fftLength, window, center).toList();
    }

    /** Undoes {@link #stft}. */
    public static Tensor istft(
            Tensor re, Tensor im, int length, int stride, int fftLength, @Nullable String window, boolean center) {
        return Fourier.istft(new Complex(re, im), length, stride, fftLength, null, window, center);
    }

    /**
     * Returns the most probable labels {@code [1, batch, time]} of CTC outputs, -1 after their end, and their
     * scores.
     */
    public static List<Tensor> ctcDecode(Tensor inputs, Tensor sequenceLengths, boolean mergeRepeated, int maskIndex) {
        return Ctc.greedy(inputs, sequenceLengths, mergeRepeated, maskIndex);
    }

    /**
     * Returns the {@code topPaths} best label sequences {@code [topPaths, batch, time]} of CTC outputs, -1 after their
     * end, and the logarithms of their probabilities {@code [batch, topPaths]}, by beam search over values that are
     * known.
     *
     * @throws IllegalArgumentException if there are more paths than the beam is wide, or maskIndex is no class
     */
    public static List<Tensor> ctcDecode(
            Tensor inputs, Tensor sequenceLengths, int beamWidth, int topPaths, int maskIndex) {
        return BeamSearch.decode(inputs, sequenceLengths, beamWidth, topPaths, maskIndex);
    }

    // ---- complex numbers --------------------------------------------------------------------------------------------

    /** Takes the two elements of the last axis as real and imaginary part. */
    public static Complex viewAsComplex(Tensor x) {
        return Complex.of(x);
    }

    /** Returns the parts as a last axis of size 2. */
    public static Tensor viewAsReal(Complex x) {
        return x.pairs();
    }

    /** Returns the numbers of these lengths and angles, which are broadcast. */
    public static Complex polar(Tensor abs, Tensor angle) {
        return Complex.polar(abs, angle);
    }

    /** Returns the real part. */
    public static Tensor real(Complex x) {
        return x.real();
    }

    /** Returns the imaginary part. */
    public static Tensor imag(Complex x) {
        return x.imag();
    }

    /** Returns the numbers with the other sign of the imaginary part. */
    public static Complex conjugate(Complex x) {
        return x.conjugate();
    }

    /** Returns the distances from 0. */
    public static Tensor absolute(Complex x) {
        return x.abs();
    }

    /** Returns the angles in the complex plane, from -pi to pi. */
    public static Tensor angle(Complex x) {
        return x.angle();
    }

    // ---- NumPy's other names and forms ------------------------------------------------------------------------------

    /** Returns the absolute value. */
    public static Tensor absolute(Tensor x) {
        return Elementwise.abs(x);
    }

    /** Returns both joined along {@code axis}, or flat if that is null. */
    public static Tensor append(Tensor x1, Tensor x2, @Nullable Integer axis) {
        if (axis != null) return Manipulation.concatenate(List.of(x1, x2), axis);
        return Manipulation.concatenate(List.of(Manipulation.reshape(x1, -1), Manipulation.reshape(x2, -1)), 0);
    }

    /** Returns the places of the elements in an order in which the {@code kth} is where sorting would put it. */
    public static Tensor argpartition(Tensor x, int kth, @Nullable Integer axis) {
        return Searching.argPartition(x, kth, axis);
    }

    /** Returns the window of Bartlett, a triangle, of {@code n} points. */
    public static Tensor bartlett(int n) {
        return WindowFunctions.symmetric("bartlett", n, 0);
    }

    /** Returns the window of Blackman of {@code n} points. */
    public static Tensor blackman(int n) {
        return WindowFunctions.symmetric("blackman", n, 0);
    }

    /** Returns the window of Hamming of {@code n} points. */
    public static Tensor hamming(int n) {
        return WindowFunctions.symmetric("hamming", n, 0);
    }

    /** Returns the window of von Hann of {@code n} points. */
    public static Tensor hanning(int n) {
        return WindowFunctions.symmetric("hanning", n, 0);
    }

    /** Returns a square matrix with the elements of {@code x} on diagonal {@code k}. */
    public static Tensor diagflat(Tensor x, int k) {
        return LinearAlgebra.onDiagonal(Manipulation.reshape(x, -1), k);
    }

    /** Reverses the rows. */
    public static Tensor flipud(Tensor x) {
        return Manipulation.flip(x, new int[] {0});
    }

    /** Reverses the columns. */
    public static Tensor fliplr(Tensor x) {
        return Manipulation.flip(x, new int[] {1});
    }

    /** Joins vectors as rows, and others along their first axis. */
    public static Tensor vstack(List<Tensor> xs) {
        return Manipulation.concatenate(Manipulation.atLeast(xs, 2), 0);
    }

    /** Joins vectors end to end, and others along their second axis. */
    public static Tensor hstack(List<Tensor> xs) {
        List<Tensor> parts = Manipulation.atLeast(xs, 1);
        return Manipulation.concatenate(parts, parts.getFirst().rank() == 1 ? 0 : 1);
    }

    /** Joins along the third axis, which vectors and matrices get. */
    public static Tensor dstack(List<Tensor> xs) {
        return Manipulation.concatenate(Manipulation.atLeast(xs, 3), 2);
    }

    /** Splits along the first axis. */
    public static List<Tensor> vsplit(Tensor x, int sections) {
        return Manipulation.split(x, sections, 0);
    }

    /** Splits along the second axis, a vector along its only one. */
    public static List<Tensor> hsplit(Tensor x, int sections) {
        return Manipulation.split(x, sections, x.rank() == 1 ? 0 : 1);
    }

    /** Splits along the third axis. */
    public static List<Tensor> dsplit(Tensor x, int sections) {
        return Manipulation.split(x, sections, 2);
    }

    /** Returns the place of the greatest element that is not NaN; -1 where there is none. */
    public static Tensor nanargmax(Tensor x, @Nullable Integer axis, boolean keepdims) {
        return Statistics.nanArg(true, x, axis, keepdims);
    }

    /** Returns the place of the least element that is not NaN; -1 where there is none. */
    public static Tensor nanargmin(Tensor x, @Nullable Integer axis, boolean keepdims) {
        return Statistics.nanArg(false, x, axis, keepdims);
    }

    /** Returns running sums in which NaN counts as 0. */
    public static Tensor nancumsum(Tensor x, int axis) {
        return cumsum(Statistics.withoutNan(x, 0), axis);
    }

    /** Returns running products in which NaN counts as 1. */
    public static Tensor nancumprod(Tensor x, int axis) {
        return cumprod(Statistics.withoutNan(x, 1), axis);
    }
}
