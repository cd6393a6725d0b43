package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.layers.KerasTensor;

/** Functions of each element: arithmetic, comparisons, activations. */
final class ElementwiseFunctions {
    /** Functions of one tensor, and the classes of Keras's operations that are the same. */
    private static final String UNARY = "abs=Absolute acos=Arccos acosh=Arccosh asin=Arcsin asinh=Arcsinh atan=Arctan"
            + " atanh=Arctanh ceil=Ceil cos=Cos cosh=Cosh elu=Elu erf=Erf erfc=Erfc erfinv=Erfinv exp=Exp expm1=Expm1"
            + " floor=Floor is_finite=Isfinite is_inf=Isinf is_nan=Isnan log=Log log1p=Log1p log_sigmoid=LogSigmoid"
            + " logical_not=LogicalNot negative=Negative reciprocal=Reciprocal relu=Relu relu6=Relu6 rint=Round"
            + " round=Round rsqrt=Rsqrt selu=Selu sigmoid=Sigmoid sign=Sign sin=Sin sinh=Sinh softplus=Softplus"
            + " softsign=Softsign sqrt=Sqrt square=Square stop_gradient=StopGradient tan=Tan tanh=Tanh";

    /** Functions of {@code x} and {@code y}. */
    private static final String BINARY = "add=Add atan2=Arctan2 divide=TrueDivide divide_no_nan=DivideNoNan equal=Equal"
            + " eq=Equal floor_div=FloorDivide floordiv=FloorDivide floormod=Mod mod=Mod greater=Greater"
            + " greater_equal=GreaterEqual less=Less less_equal=LessEqual logical_and=LogicalAnd logical_or=LogicalOr"
            + " logical_xor=LogicalXor maximum=Maximum minimum=Minimum multiply=Multiply not_equal=NotEqual ne=NotEqual"
            + " pow=Power realdiv=TrueDivide div=TrueDivide subtract=Subtract truediv=TrueDivide";

    private static final Map<String, String> SAME_OF_NUMBERS = Map.of(
            "divide", "truediv", "realdiv", "truediv", "div", "truediv", "floor_div", "floordiv", "mod", "floormod");

    private ElementwiseFunctions() {}

    static void register(Map<String, Function> all) {
        for (String pair : UNARY.split(" ")) {
            String[] names = pair.split("=");
            all.put(names[0], (a, e) -> unary(names[0], names[1], a, e));
        }
        for (String pair : BINARY.split(" ")) {
            String[] names = pair.split("=");
            all.put(names[0], (a, e) -> binary(names[0], names[1], a, e));
        }
        all.put("identity", (a, e) -> Objects.requireNonNull(a.first(), "a tensor"));
        all.put("bias_add", (a, e) -> e.op("Add", a.x(), e.operand(a.get("bias"), a.x().dtype())));
        all.put(
                "scalar_mul",
                (a, e) -> e.op(
                        "Multiply",
                        a.tensor("x"),
                        e.operand(a.first(), a.tensor("x").dtype())));
        all.put("add_n", ElementwiseFunctions::addN);
        all.put("squared_difference", (a, e) -> e.op("Square", (KerasTensor) binary("subtract", "Subtract", a, e)));
        all.put("multiply_no_nan", (a, e) -> {
            Object y = e.operand(a.get("y"), a.x().dtype());
            return e.op("Where", e.op("Equal", y, 0), 0.0, e.op("Multiply", a.x(), y));
        });
        all.put("where", ElementwiseFunctions::where);
        all.put("cast", ElementwiseFunctions::cast);
        all.put("saturate_cast", (a, e) -> e.op("SaturateCast", Map.of("dtype", dtype(a)), a.x()));
        all.put("clip_by_value", (a, e) -> {
            Object low = e.operand(a.get("clip_value_min"), a.x().dtype());
            Object high = e.operand(a.get("clip_value_max"), a.x().dtype());
            return low instanceof Number && high instanceof Number
                    ? e.op("Clip", Map.of("x_min", low, "x_max", high), a.x())
                    : e.op("Minimum", e.op("Maximum", a.x(), low), high);
        });
        activations(all);
    }

    private static void activations(Map<String, Function> all) {
        all.put("softmax", (a, e) -> e.op("Softmax", Map.of("axis", softmaxAxis(a)), a.x()));
        all.put("log_softmax", (a, e) -> e.op("LogSoftmax", Map.of("axis", softmaxAxis(a)), a.x()));
        all.put("leaky_relu", (a, e) -> e.op("LeakyRelu", Map.of("negative_slope", a.real("alpha", 0.2)), a.x()));
        all.put("gelu", (a, e) -> e.op("Gelu", Map.of("approximate", a.bool("approximate")), a.x()));
        all.put("crelu", (a, e) -> {
            List<Object> parts = List.of(e.op("Relu", a.x()), e.op("Relu", e.op("Negative", a.x())));
            return e.op("Concatenate", Map.of("axis", a.integer("axis", -1)), parts);
        });
        Function silu = (a, e) -> {
            double beta = a.real("beta", 1);
            return beta == 1
                    ? e.op("Silu", a.x())
                    : e.op("Multiply", a.x(), e.op("Sigmoid", e.op("Multiply", a.x(), beta)));
        };
        all.put("silu", silu);
        all.put("swish", silu);
    }

    private static int softmaxAxis(FunctionArguments a) {
        return a.has("dim") ? a.integer("dim") : a.integer("axis", -1);
    }

    private static Object unary(String function, String className, FunctionArguments a, Emitter e) {
        Object x = a.first();
        return x != null && Size.isScalar(x) ? Size.computed(function, x) : e.op(className, a.x());
    }

    private static Object binary(String function, String className, FunctionArguments a, Emitter e) {
        Object x = operand(a.first(), "its first argument");
        // == and != have other names for their arguments
        Object y = operand(a.has("other") ? a.get("other") : a.get("y") == null ? a.get("x") : a.get("y"), "y");
        if (Size.isScalar(x) && Size.isScalar(y))
            return Size.computed(SAME_OF_NUMBERS.getOrDefault(function, function), x, y);
        if (x instanceof Size.Vector v && Size.isScalar(y)) return vector(function, v, y);
        DType dtype = x instanceof KerasTensor t ? t.dtype() : y instanceof KerasTensor t ? t.dtype() : DType.FLOAT32;
        return e.op(className, e.operand(x, dtype), e.operand(y, dtype));
    }

    private static Object operand(@Nullable Object value, String name) {
        if (value == null)
            throw new IllegalArgumentException(name + ": expected a value, but the file does not hold it");
        return value;
    }

    private static Object vector(String function, Size.Vector vector, Object y) {
        List<Object> sizes = new ArrayList<>();
        for (Object size : vector.sizes())
            sizes.add(Size.computed(SAME_OF_NUMBERS.getOrDefault(function, function), size, y));
        return new Size.Vector(sizes);
    }

    private static Object addN(FunctionArguments a, Emitter e) {
        if (!(a.first() instanceof List<?> list)) return a.x();
        Object sum = list.getFirst();
        for (Object term : list.subList(1, list.size())) sum = e.op("Add", sum, term);
        return sum;
    }

    private static Object where(FunctionArguments a, Emitter e) {
        if (!a.has("x") || !a.has("y"))
            throw new IllegalArgumentException(
                    "expected x and y: without them the number of results depends on the data");
        Object x = a.get("x");
        Object y = a.get("y");
        DType dtype = x instanceof KerasTensor t ? t.dtype() : y instanceof KerasTensor t ? t.dtype() : DType.FLOAT32;
        return e.op("Where", a.x(), e.operand(x, dtype), e.operand(y, dtype));
    }

    private static Object cast(FunctionArguments a, Emitter e) {
        Object x = a.first();
        String dtype = dtype(a);
        boolean whole = dtype.startsWith("int") || dtype.startsWith("uint");
        return switch (x) {
            case Number n -> whole ? (Object) n.longValue() : n.doubleValue();
            case Size s when s.known() != null && !whole -> s.known().doubleValue();
            case Size s -> s;
            case Size.Vector v -> v;
            case null, default -> e.op("Cast", Map.of("dtype", dtype), a.x());
        };
    }

    private static String dtype(FunctionArguments a) {
        return DType.of(a.text("dtype", "float32")).keras();
    }
}
