package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;
import static org.keras4j.ops.Operations.alias;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Unary;

/** Operations that take complex numbers. */
final class ComplexEntries {
    private ComplexEntries() {}

    static void register() {
        one("absolute", Elementwise::abs, Complex::abs);
        alias("absolute", "abs");
        one("angle", Elementwise::angle, Complex::angle);
        one("real", x -> x, Complex::real);
        one("imag", x -> Arithmetic.fullLike(x, 0), Complex::imag);
        one("conjugate", x -> x, Complex::conjugate);
        alias("conjugate", "conj");
        one(
                "isreal",
                x -> Primitives.full(1, DType.BOOL, x.shape()),
                x -> Primitives.unary(Unary.LOGICAL_NOT, Primitives.cast(x.imag(), DType.BOOL)));
        add("polar(abs_, angle)", a -> {
            Tensor[] parts = a.floats("abs_", "angle");
            return Complex.polar(parts[0], parts[1]);
        });
        add("view_as_complex(x)", a -> Complex.of(a.tensor("x")));
        add("view_as_real(x)", a -> {
            if (a.get("x") instanceof Complex c) return c.pairs();
            throw new IllegalArgumentException("view_as_real: expected complex numbers, got "
                    + a.tensor("x").spec());
        });
    }

    private static void one(String name, UnaryOperator<Tensor> real, Function<Complex, Object> complex) {
        add(name + "(x)", a -> a.get("x") instanceof Complex c ? complex.apply(c) : real.apply(a.tensor("x")));
    }
}
