package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;

import org.jspecify.annotations.Nullable;

/** Linear algebra and signal processing by name. */
final class LinalgEntries {
    private LinalgEntries() {}

    static void register() {
        decompositions();
        products();
        signals();
    }

    private static void decompositions() {
        add("cholesky(x, upper=False)", a -> LinearAlgebra.cholesky(a.tensor("x"), a.flag("upper")));
        add("cholesky_inverse(x, upper=False)", a -> LinearAlgebra.choleskyInverse(a.tensor("x"), a.flag("upper")));
        add("det(x)", a -> LinearAlgebra.det(a.tensor("x")));
        add("slogdet(x)", a -> LinearAlgebra.slogdet(a.tensor("x")));
        add("logdet(x)", a -> LinearAlgebra.slogdet(a.tensor("x")).getLast());
        add("eigh(x)", a -> LinearAlgebra.eigh(a.tensor("x")));
        add("inv(x)", a -> LinearAlgebra.inv(a.tensor("x")));
        add("lu_factor(x)", a -> LinearAlgebra.luFactor(a.tensor("x")));
        add("qr(x, mode=\"reduced\")", a -> LinearAlgebra.qr(a.tensor("x"), a.text("mode")));
        add(
                "svd(x, full_matrices=True, compute_uv=True)",
                a -> LinearAlgebra.svd(a.tensor("x"), a.flag("full_matrices"), a.flag("compute_uv")));
        add("solve(a, b)", a -> LinearAlgebra.solve(a.tensor("a"), a.tensor("b")));
        add(
                "solve_triangular(a, b, lower=False)",
                a -> LinearAlgebra.solveTriangular(a.tensor("a"), a.tensor("b"), a.flag("lower")));
        add("pinv(x, rcond=None)", a -> LinearAlgebra.pinv(a.tensor("x"), a.optionalReal("rcond")));
        add("lstsq(a, b, rcond=None)", a -> LinearAlgebra.lstsq(a.tensor("a"), a.tensor("b"), a.optionalReal("rcond")));
        add("matrix_rank(x, tol=None)", a -> LinearAlgebra.matrixRank(a.tensor("x"), a.optionalTensor("tol")));
        add("matrix_power(x, n)", a -> LinearAlgebra.matrixPower(a.tensor("x"), a.integer("n")));
        add(
                "norm(x, ord=None, axis=None, keepdims=False)",
                a -> LinearAlgebra.norm(a.tensor("x"), a.get("ord"), a.optionalInts("axis"), a.flag("keepdims")));
    }

    private static void products() {
        add("inner(x1, x2)", a -> Products.inner(a.pair("x1", "x2")[0], a.pair("x1", "x2")[1]));
        add("outer(x1, x2)", a -> Products.outer(a.pair("x1", "x2")[0], a.pair("x1", "x2")[1]));
        add("vdot(x1, x2)", a -> Products.vdot(a.pair("x1", "x2")[0], a.pair("x1", "x2")[1]));
        add("kron(x1, x2)", a -> Products.kron(a.tensor("x1"), a.tensor("x2")));
        add("cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None)", a -> {
            Integer axis = a.optionalInteger("axis");
            return Products.cross(
                    a.tensor("x1"),
                    a.tensor("x2"),
                    axis == null ? a.integer("axisa") : axis,
                    axis == null ? a.integer("axisb") : axis,
                    axis == null ? a.integer("axisc") : axis);
        });
        add("diag(x, k=0)", a -> LinearAlgebra.diag(a.tensor("x"), a.integer("k")));
        add("diagflat(x, k=0)", a -> LinearAlgebra.onDiagonal(Manipulation.reshape(a.tensor("x"), -1), a.integer("k")));
        add(
                "diagonal(x, offset=0, axis1=0, axis2=1)",
                a -> LinearAlgebra.diagonal(
                        a.tensor("x"), a.integer("offset"), a.integer("axis1"), a.integer("axis2")));
        add(
                "trace(x, offset=0, axis1=0, axis2=1)",
                a -> LinearAlgebra.trace(a.tensor("x"), a.integer("offset"), a.integer("axis1"), a.integer("axis2")));
        add("diff(a, n=1, axis=-1)", a -> Products.diff(a.tensor("a"), a.integer("n"), a.integer("axis")));
        add(
                "trapezoid(y, x=None, dx=1.0, axis=-1)",
                a -> Products.trapezoid(a.tensor("y"), a.optionalTensor("x"), a.real("dx"), a.integer("axis")));
        add(
                "vander(x, N=None, increasing=False)",
                a -> Products.vander(a.tensor("x"), a.optionalInteger("N"), a.flag("increasing")));
        add(
                "correlate(x1, x2, mode=\"valid\")",
                a -> Products.correlate(a.tensor("x1"), a.tensor("x2"), a.text("mode")));
        add("corrcoef(x)", a -> Products.corrcoef(a.tensor("x")));
        add("cdist(x, y)", a -> Products.cdist(a.tensor("x"), a.tensor("y")));
    }

    private static void signals() {
        add("fft(x)", a -> Fourier.fft(Fourier.pair(a.tensors("x"))).toList());
        add("fft2(x)", a -> Fourier.fft2(Fourier.pair(a.tensors("x")), false).toList());
        add("ifft2(x)", a -> Fourier.fft2(Fourier.pair(a.tensors("x")), true).toList());
        add(
                "rfft(x, fft_length=None)",
                a -> Fourier.rfft(a.tensor("x"), a.optionalInteger("fft_length"))
                        .toList());
        add(
                "irfft(x, fft_length=None)",
                a -> Fourier.irfft(Fourier.pair(a.tensors("x")), a.optionalInteger("fft_length")));
        add(
                "stft(x, sequence_length, sequence_stride, fft_length, window=\"hann\", center=True)",
                a -> Fourier.stft(
                                a.tensor("x"),
                                a.integer("sequence_length"),
                                a.integer("sequence_stride"),
                                a.integer("fft_length"),
                                window(a),
                                a.flag("center"))
                        .toList());
        add(
                "istft(x, sequence_length, sequence_stride, fft_length, length=None, window=\"hann\", center=True)",
                a -> Fourier.istft(
                        Fourier.pair(a.tensors("x")),
                        a.integer("sequence_length"),
                        a.integer("sequence_stride"),
                        a.integer("fft_length"),
                        a.optionalInteger("length"),
                        window(a),
                        a.flag("center")));
        add(
                "extract_sequences(x, sequence_length, sequence_stride)",
                a -> Fourier.sequences(a.tensor("x"), a.integer("sequence_length"), a.integer("sequence_stride")));
    }

    private static @Nullable Object window(Arguments a) {
        return a.get("window") instanceof String || !a.has("window") ? a.get("window") : a.tensor("window");
    }
}
