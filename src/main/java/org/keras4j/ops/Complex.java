package org.keras4j.ops;

import java.util.List;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/**
 * A complex tensor: Keras's {@code complex64} as its two parts, floats of one dtype and shape. Operations take it where
 * they are about complex numbers; for others its parts are ordinary tensors.
 */
public record Complex(Tensor real, Tensor imag) {
    public Complex {
        if (!real.spec().equals(imag.spec()))
            throw new IllegalArgumentException(
                    "Real and imaginary part must be alike, got " + real.spec() + " and " + imag.spec());
        if (!real.dtype().isFloating())
            throw new IllegalArgumentException("Complex numbers are made of floats, got " + real.dtype());
    }

    /** Returns the numbers of these lengths and angles. */
    static Complex polar(Tensor length, Tensor angle) {
        return new Complex(
                Arithmetic.floatBinary(Binary.MUL, length, Arithmetic.floatUnary(Unary.COS, angle)),
                Arithmetic.floatBinary(Binary.MUL, length, Arithmetic.floatUnary(Unary.SIN, angle)));
    }

    /** Takes the two elements of the last axis as real and imaginary part. */
    static Complex of(Tensor pairs) {
        if (pairs.rank() == 0 || pairs.shape().last() != 2)
            throw new IllegalArgumentException(
                    "view_as_complex: expected a last axis of size 2, real and imaginary part," + " got shape "
                            + pairs.shape());
        List<Tensor> parts = Manipulation.unstack(pairs, -1);
        return new Complex(parts.get(0), parts.get(1));
    }

    /** Returns the parts as a last axis of size 2. */
    Tensor pairs() {
        return Manipulation.stack(List.of(real, imag), -1);
    }

    Complex conjugate() {
        return new Complex(real, Primitives.neg(imag));
    }

    Tensor abs() {
        return Elementwise.hypot(real, imag);
    }

    Tensor angle() {
        return Primitives.binary(Binary.ATAN2, imag, real);
    }

    List<Tensor> toList() {
        return List.of(real, imag);
    }

    int length() {
        return real.shape().last();
    }
}
