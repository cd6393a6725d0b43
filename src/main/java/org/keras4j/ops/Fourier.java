package org.keras4j.ops;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/**
 * Fourier transforms of pairs of real tensors (real and imaginary part) as matrix products. Lengths with small factors
 * are split into them (Cooley and Tukey 1965), so that a transform of n numbers takes about n * (sum of factors) steps.
 */
final class Fourier {
    /** Up to this length one matrix product is faster than splitting. */
    private static final int WHOLE = 64;

    private Fourier() {}

    static Complex pair(List<Tensor> parts) {
        if (parts.size() != 2)
            throw new IllegalArgumentException(
                    "Expected a real and an imaginary part, got " + parts.size() + " tensors");
        return new Complex(parts.get(0), parts.get(1));
    }

    /** Transforms the last axis. */
    static Complex fft(Complex x) {
        return transform(x, -1);
    }

    static Complex inverse(Complex x) {
        Complex y = transform(x, 1);
        double scale = 1.0 / x.length();
        return new Complex(Primitives.scale(y.real(), scale), Primitives.scale(y.imag(), scale));
    }

    /** Transforms the last two axes. */
    static Complex fft2(Complex x, boolean inverse) {
        Complex rows = inverse ? inverse(x) : fft(x);
        Complex turned = turned(rows);
        return turned(inverse ? inverse(turned) : fft(turned));
    }

    private static Complex turned(Complex x) {
        return new Complex(LinearAlgebra.turned(x.real()), LinearAlgebra.turned(x.imag()));
    }

    private static Complex transform(Complex x, int sign) {
        int n = x.length();
        int a = factor(n);
        if (a == 1) return direct(x, n, sign);
        int b = n / a;
        int rank = x.real().rank();
        Shape split = x.real().shape().with(-1, b).insert(rank - 1, a);
        Complex grid = new Complex(Primitives.reshape(x.real(), split), Primitives.reshape(x.imag(), split));
        // Over the a rows for each column, then turned by the twiddle factors, then over the b columns for each row.
        Complex columns = turned(direct(turned(grid), a, sign));
        Complex twisted = multiply(columns, twiddles(a, b, sign, x.real().dtype()));
        Complex rows = turned(transform(twisted, sign));
        return new Complex(
                Primitives.reshape(rows.real(), x.real().shape()),
                Primitives.reshape(rows.imag(), x.real().shape()));
    }

    /** Returns a divisor to split by, or 1 to transform as a whole. */
    private static int factor(int n) {
        if (n <= WHOLE) return 1;
        for (int a = WHOLE; a >= 2; a--) if (n % a == 0) return a;
        return 1;
    }

    private static Complex direct(Complex x, int n, int sign) {
        Complex w = roots(n, n, n, sign, x.real().dtype());
        Tensor re = Primitives.sub(Contractions.matmul(x.real(), w.real()), Contractions.matmul(x.imag(), w.imag()));
        Tensor im = Primitives.add(Contractions.matmul(x.real(), w.imag()), Contractions.matmul(x.imag(), w.real()));
        return new Complex(re, im);
    }

    private static Complex twiddles(int a, int b, int sign, DType dtype) {
        return roots(a, b, (long) a * b, sign, dtype);
    }

    /** The matrix exp(sign 2 pi i j k / n), j below rows and k below columns. */
    private static Complex roots(int rows, int columns, long n, int sign, DType dtype) {
        var re = new double[rows * columns];
        var im = new double[rows * columns];
        for (int j = 0; j < rows; j++) {
            for (int k = 0; k < columns; k++) {
                double angle = 2 * Math.PI * ((long) j * k % n) / n;
                re[j * columns + k] = Math.cos(angle);
                im[j * columns + k] = sign * Math.sin(angle);
            }
        }
        Shape shape = Shape.of(rows, columns);
        return new Complex(Creation.array(re, dtype, shape), Creation.array(im, dtype, shape));
    }

    private static Complex multiply(Complex x, Complex y) {
        Tensor re = Arithmetic.binary(
                Binary.SUB,
                Arithmetic.binary(Binary.MUL, x.real(), y.real()),
                Arithmetic.binary(Binary.MUL, x.imag(), y.imag()));
        Tensor im = Arithmetic.binary(
                Binary.ADD,
                Arithmetic.binary(Binary.MUL, x.real(), y.imag()),
                Arithmetic.binary(Binary.MUL, x.imag(), y.real()));
        return new Complex(re, im);
    }

    // ---- real signals -----------------------------------------------------------------------------------------------

    /** Cuts the last axis, or fills it with zeros. */
    private static Tensor fitted(Tensor x, int n) {
        int have = x.shape().last();
        if (have >= n) return Primitives.slice(x, -1, 0, n);
        var high = new int[x.rank()];
        high[high.length - 1] = n - have;
        return Primitives.pad(x, new int[x.rank()], high);
    }

    /** The first n / 2 + 1 frequencies of a real signal. */
    static Complex rfft(Tensor x, @Nullable Integer length) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor signal = length == null ? f : fitted(f, length);
        int n = signal.shape().last();
        Complex y = fft(new Complex(signal, Arithmetic.fullLike(signal, 0)));
        int bins = n / 2 + 1;
        return new Complex(Primitives.slice(y.real(), -1, 0, bins), Primitives.slice(y.imag(), -1, 0, bins));
    }

    /** The real signal of n points with these first n / 2 + 1 frequencies. */
    static Tensor irfft(Complex x, @Nullable Integer length) {
        int n = length == null ? 2 * (x.length() - 1) : length;
        if (n < 1) throw new IllegalArgumentException("irfft: length must be positive, got " + n);
        int bins = n / 2 + 1;
        int mirrored = n - bins;
        Tensor re = fitted(x.real(), bins);
        Tensor im = fitted(x.imag(), bins);
        int axis = re.rank() - 1;
        // The imaginary parts of the first and, for even n, the last frequency do not count.
        var real = new double[bins];
        Arrays.fill(real, 1);
        real[0] = 0;
        if (n % 2 == 0) real[bins - 1] = 0;
        im = Arithmetic.binary(Binary.MUL, im, Creation.vector(real, im.dtype()));
        Tensor reAll = Primitives.concatenate(
                List.of(re, Primitives.flip(Primitives.slice(re, axis, 1, mirrored), axis)), axis);
        Tensor imAll = Primitives.concatenate(
                List.of(im, Primitives.neg(Primitives.flip(Primitives.slice(im, axis, 1, mirrored), axis))), axis);
        return inverse(new Complex(reAll, imAll)).real();
    }

    /** Windows of a signal: {@code [..., n] -> [..., windows, length]}. */
    static Tensor sequences(Tensor x, int length, int stride) {
        int n = x.shape().last();
        int count = n < length ? 0 : (n - length) / stride + 1;
        var index = new int[count * length];
        for (int i = 0; i < index.length; i++) index[i] = i / length * stride + i % length;
        Tensor places = Primitives.reshape(Indexing.constant(index), Shape.of(count, length));
        return Primitives.gather(x, places, -1);
    }

    static Complex stft(Tensor x, int length, int stride, int fftLength, @Nullable Object window, boolean center) {
        if (x.dtype() != DType.FLOAT32 && x.dtype() != DType.FLOAT64)
            throw new IllegalArgumentException("stft: expected float32 or float64, got " + x.dtype());
        checkLengths("stft", length, fftLength);
        Tensor signal = x;
        if (center) {
            var around = new int[x.rank()];
            around[around.length - 1] = fftLength / 2;
            signal = Manipulation.pad(x, around, around, "reflect", 0);
        }
        Tensor frames = sequences(signal, fftLength, stride);
        Tensor shaped = Arithmetic.binary(Binary.MUL, frames, window(window, length, fftLength, x.dtype()));
        return rfft(shaped, null);
    }

    private static void checkLengths(String name, int length, int fftLength) {
        if (fftLength < length)
            throw new IllegalArgumentException(
                    name + ": fft_length " + fftLength + " must not be less than sequence_length " + length);
    }

    /** The window in the middle of {@code fftLength} points; null stands for ones everywhere. */
    private static Tensor window(@Nullable Object window, int length, int fftLength, DType dtype) {
        if (window == null) return Primitives.full(1, dtype, Shape.of(fftLength));
        Tensor values = window instanceof String name
                ? Creation.vector(WindowFunctions.periodic(name, length), dtype)
                : Creation.tensor(window, dtype);
        if (!values.shape().equals(Shape.of(length)))
            throw new IllegalArgumentException(
                    "The window must have the shape (" + length + ",), got " + values.shape());
        int before = (fftLength - length) / 2;
        return Primitives.pad(values, new int[] {before}, new int[] {fftLength - length - before});
    }

    static Tensor istft(
            Complex x,
            int length,
            int stride,
            int fftLength,
            @Nullable Integer outputLength,
            @Nullable Object window,
            boolean center) {
        checkLengths("istft", length, fftLength);
        if (x.real().rank() < 2)
            throw new IllegalArgumentException(
                    "istft: expected at least two axes, got " + x.real().shape());
        Tensor win = window(window, length, fftLength, x.real().dtype());
        Tensor frames = Arithmetic.binary(Binary.MUL, irfft(x, fftLength), win);
        Tensor sum = overlapped(frames, stride);
        Tensor squares = Arithmetic.broadcastTo(
                Primitives.mul(win, win), Shape.of(frames.shape().dim(-2), fftLength));
        Tensor weight = overlapped(squares, stride);
        Tensor empty = Arithmetic.test(Binary.LESS_EQUAL, weight, 1e-10);
        Tensor y = Arithmetic.binary(Binary.DIV, sum, Primitives.select(empty, Arithmetic.fullLike(weight, 1), weight));
        if (window == null) y = Primitives.scale(y, (double) fftLength / stride);
        int start = center ? fftLength / 2 : 0;
        int end = outputLength != null ? start + outputLength : y.shape().last() - start;
        return Indexing.range(y, y.rank() - 1, start, end, 1);
    }

    /** Adds frames {@code [..., count, n]} up where they lie: a convolution with the identity run backwards. */
    private static Tensor overlapped(Tensor frames, int stride) {
        int count = frames.shape().dim(-2);
        int n = frames.shape().last();
        int length = n + stride * (count - 1);
        Shape outer = frames.shape().slice(0, frames.rank() - 2);
        int batch = outer.size();
        Tensor kernel = Primitives.reshape(Creation.eye(n, n, 0, frames.dtype()), Shape.of(n, 1, n));
        var w = new Window(Ints.of(stride), Ints.of(1), Ints.of(0), Ints.of(0), 1);
        Tensor dy = Primitives.reshape(frames, Shape.of(batch, count, n));
        Tensor y = Tensor.of(new Op.ConvInputGradient(w, Shape.of(batch, length, 1)), dy, kernel);
        return Primitives.reshape(y, outer.concat(Shape.of(length)));
    }
}
