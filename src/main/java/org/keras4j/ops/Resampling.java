package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Resizing with filters, and reading images at any coordinates. */
final class Resampling {
    /** Weights whose sum is smaller than this many ulps of 1 count as none. */
    private static final double SMALL_SUM = 1000 * 0x1p-23;

    private Resampling() {}

    // ---- filters ----------------------------------------------------------------------------------------------------

    private static double filter(String method, double x) {
        return switch (method) {
            case "linear", "bilinear", "trilinear" -> Math.max(0, 1 - x);
            case "cubic", "bicubic", "tricubic" -> cubic(x);
            case "lanczos3" -> lanczos(x, 3);
            case "lanczos5" -> lanczos(x, 5);
            default ->
                throw new IllegalArgumentException("Unknown interpolation \"" + method
                        + "\"; known: nearest, bilinear, bicubic, lanczos3, lanczos5");
        };
    }

    /** Keys 1981, with a = -1/2. */
    private static double cubic(double x) {
        if (x >= 2) return 0;
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
    }

    private static double lanczos(double x, double radius) {
        if (x > radius) return 0;
        if (x <= 1e-3) return 1;
        return radius * Math.sin(Math.PI * x) * Math.sin(Math.PI * x / radius) / (Math.PI * Math.PI * x * x);
    }

    /** How much of each of {@code n} inputs (rows) goes into each of {@code m} outputs (columns). */
    private static Tensor weights(int n, int m, double scale, String method, boolean antialias, DType dtype) {
        double step = 1 / scale;
        double width = antialias ? Math.max(step, 1) : 1;
        var all = new double[n * m];
        for (int j = 0; j < m; j++) {
            double at = (j + 0.5) * step - 0.5;
            if (at < -0.5 || at > n - 0.5) continue;
            double sum = 0;
            for (int i = 0; i < n; i++) sum += all[i * m + j] = filter(method, Math.abs(at - i) / width);
            for (int i = 0; i < n; i++) all[i * m + j] = Math.abs(sum) > SMALL_SUM ? all[i * m + j] / sum : 0;
        }
        return Creation.array(all, dtype, Shape.of(n, m));
    }

    /** Multiplies one axis by a matrix {@code [axis, new axis]}. */
    private static Tensor along(Tensor x, int axis, Tensor matrix) {
        Tensor y = Contractions.tensordot(x, matrix, new int[] {axis}, new int[] {0});
        return Manipulation.moveaxis(y, new int[] {-1}, new int[] {axis});
    }

    /** Each chosen axis becomes {@code scale[i]} times as long, moved by {@code translation[i]}. */
    static Tensor scaleAndTranslate(
            Tensor images,
            int[] outputShape,
            int[] axes,
            Tensor scale,
            Tensor translation,
            String method,
            boolean antialias) {
        Tensor y = Arithmetic.toFloat(images);
        for (int i = 0; i < axes.length; i++) {
            int axis = images.shape().axis(axes[i]);
            Tensor step =
                    Primitives.unary(Unary.RECIPROCAL, Primitives.cast(Primitives.slice(scale, 0, i, 1), y.dtype()));
            Tensor move = Primitives.mul(step, Primitives.cast(Primitives.slice(translation, 0, i, 1), y.dtype()));
            y = along(y, axis, weights(images.shape().dim(axis), outputShape[axis], step, move, method, antialias));
        }
        return y;
    }

    /** The same weights for a scale and a translation that are computed; both of shape (1,). */
    private static Tensor weights(int n, int m, Tensor step, Tensor move, String method, boolean antialias) {
        DType dtype = step.dtype();
        Shape shape = Shape.of(n, m);
        Tensor width = antialias
                ? Primitives.binary(Binary.MAX, step, Arithmetic.fullLike(step, 1))
                : Arithmetic.fullLike(step, 1);
        Tensor middle = Primitives.shift(Primitives.iota(1, dtype, Shape.of(1, m)), 0.5);
        Tensor at = Primitives.shift(
                Arithmetic.binary(Binary.SUB, Arithmetic.binary(Binary.MUL, middle, step), move), -0.5);
        Tensor distance = Primitives.unary(
                Unary.ABS, Arithmetic.binary(Binary.SUB, at, Primitives.iota(0, dtype, Shape.of(n, 1))));
        Tensor raw = filter(method, Arithmetic.binary(Binary.DIV, distance, width));
        Tensor sum = Reductions.sum(raw, new int[] {0}, true);
        Tensor enough = Arithmetic.test(Binary.GREATER, Primitives.unary(Unary.ABS, sum), SMALL_SUM);
        Tensor inside = Arithmetic.logical(
                Binary.LOGICAL_AND,
                Arithmetic.test(Binary.GREATER_EQUAL, at, -0.5),
                Arithmetic.test(Binary.LESS_EQUAL, at, n - 0.5));
        Tensor used = Arithmetic.broadcastTo(Arithmetic.logical(Binary.LOGICAL_AND, enough, inside), shape);
        Tensor normed = Arithmetic.binary(Binary.DIV, raw, Arithmetic.where(enough, sum, 1.0));
        return Arithmetic.where(used, normed, 0.0);
    }

    private static Tensor filter(String method, Tensor x) {
        return switch (method) {
            case "linear", "bilinear", "trilinear" -> {
                Tensor falling = Primitives.shift(Primitives.neg(x), 1);
                // Not relu: Keras's maximum shares the gradient where both are 0.
                yield Primitives.binary(Binary.MAX, falling, Arithmetic.fullLike(falling, 0));
            }
            case "cubic", "bicubic", "tricubic" -> {
                Tensor square = Primitives.mul(x, x);
                Tensor near =
                        Primitives.shift(Primitives.mul(Primitives.shift(Primitives.scale(x, 1.5), -2.5), square), 1);
                Tensor inner = Primitives.mul(Primitives.shift(Primitives.scale(x, -0.5), 2.5), x);
                Tensor far = Primitives.shift(Primitives.mul(Primitives.shift(inner, -4), x), 2);
                Tensor outside = Arithmetic.where(Arithmetic.test(Binary.LESS, x, 2), far, 0.0);
                yield Primitives.select(Arithmetic.test(Binary.LESS, x, 1), near, outside);
            }
            case "lanczos3" -> lanczos(x, 3);
            case "lanczos5" -> lanczos(x, 5);
            default -> {
                filter(method, 0);
                throw new AssertionError();
            }
        };
    }

    private static Tensor lanczos(Tensor x, double radius) {
        Tensor far = Arithmetic.test(Binary.GREATER, x, 1e-3);
        Tensor safe = Primitives.select(far, x, Arithmetic.fullLike(x, 1));
        Tensor waves = Primitives.mul(
                Primitives.unary(Unary.SIN, Primitives.scale(safe, Math.PI)),
                Primitives.unary(Unary.SIN, Primitives.scale(safe, Math.PI / radius)));
        Tensor y = Primitives.div(Primitives.scale(waves, radius / (Math.PI * Math.PI)), Primitives.mul(safe, safe));
        Tensor inside = Primitives.select(far, y, Arithmetic.fullLike(x, 1));
        return Arithmetic.where(Arithmetic.test(Binary.GREATER, x, radius), 0.0, inside);
    }

    private static Tensor resizeAxis(Tensor x, int axis, int size, String interpolation, boolean antialias) {
        int n = x.shape().dim(axis);
        if (n == size) return x;
        if (interpolation.equals("nearest")) {
            var index = new int[size];
            for (int i = 0; i < size; i++) index[i] = (int) Math.floor((float) (i + 0.5) * n / size);
            return Indexing.take(x, index, axis);
        }
        return along(x, axis, weights(n, size, (double) size / n, interpolation, antialias, x.dtype()));
    }

    /** Keras's resize; the result has the dtype of the images. */
    static Tensor resize(
            Tensor images,
            int height,
            int width,
            String interpolation,
            boolean antialias,
            boolean crop,
            boolean pad,
            double fillValue,
            @Nullable String dataFormat) {
        Images.check("resize", images);
        if (crop && pad)
            throw new IllegalArgumentException(
                    "resize: crop_to_aspect_ratio and pad_to_aspect_ratio cannot both be true");
        if (!interpolation.equals("nearest")) filter(interpolation, 0);
        int first = images.rank() - (Convolutions.channelsFirst(dataFormat) ? 2 : 3);
        Tensor x = images;
        int h = x.shape().dim(first);
        int w = x.shape().dim(first + 1);
        if (crop) {
            int cropHeight = Math.clamp((int) ((double) w * height / width), 1, h);
            int cropWidth = Math.clamp((int) ((double) h * width / height), 1, w);
            x = Primitives.slice(x, first, (h - cropHeight) / 2, cropHeight);
            x = Primitives.slice(x, first + 1, (w - cropWidth) / 2, cropWidth);
        } else if (pad) {
            // Keras puts as many rows (or else columns) after the image as before it.
            int rows = (Math.max(h, (int) ((double) w * height / width)) - h) / 2;
            int columns = rows > 0 ? 0 : (Math.max(w, (int) ((double) h * width / height)) - w) / 2;
            var around = new int[x.rank()];
            around[first] = rows;
            around[first + 1] = columns;
            x = Manipulation.pad(x, around, around, "constant", fillValue);
        }
        if (interpolation.equals("nearest")) {
            x = resizeAxis(x, first, height, interpolation, antialias);
            return resizeAxis(x, first + 1, width, interpolation, antialias);
        }
        Tensor y = resizeAxis(Arithmetic.toFloat(x), first, height, interpolation, antialias);
        y = resizeAxis(y, first + 1, width, interpolation, antialias);
        return images.dtype().isFloating()
                ? y
                : Elementwise.saturateCast(Primitives.unary(Unary.ROUND, y), images.dtype());
    }

    // ---- coordinates ------------------------------------------------------------------------------------------------

    /** Brings an index into the range 0 to n - 1 as the mode says. */
    private static Tensor fixed(Tensor index, int n, String mode) {
        return switch (mode) {
            case "constant", "nearest" -> Elementwise.clip(index, 0, n - 1);
            case "wrap" -> mod(index, n);
            case "mirror" -> mirror(index, n);
            case "reflect" -> {
                Tensor odd = mirror(Primitives.shift(Primitives.scale(index, 2), 1), 2 * n + 1);
                yield Primitives.binary(Binary.FLOOR_DIV, Primitives.shift(odd, -1), Arithmetic.fullLike(odd, 2));
            }
            default ->
                throw new IllegalArgumentException(
                        "Unknown fill_mode \"" + mode + "\"; known: constant, mirror, nearest, reflect, wrap");
        };
    }

    private static Tensor mod(Tensor x, int n) {
        return Primitives.binary(Binary.MOD, x, Arithmetic.fullLike(x, n));
    }

    private static Tensor mirror(Tensor index, int n) {
        if (n == 1) return Arithmetic.fullLike(index, 0);
        int s = n - 1;
        return Primitives.unary(Unary.ABS, Primitives.shift(mod(Primitives.shift(index, s), 2 * s), -s));
    }

    /** A neighbour along one axis: its index, whether it is inside (null: always), and its weight (null: 1). */
    private record Node(
            Tensor index, @Nullable Tensor inside, @Nullable Tensor weight) {}

    private static List<Node> nodes(Tensor at, int n, int order, String mode) {
        if (order == 0) return List.of(node(halfAway(at), null, n, mode));
        Tensor low = Primitives.unary(Unary.FLOOR, at);
        Tensor part = Primitives.sub(at, low);
        Tensor rest = Primitives.shift(Primitives.neg(part), 1);
        return List.of(node(low, rest, n, mode), node(Primitives.shift(low, 1), part, n, mode));
    }

    private static Node node(Tensor place, @Nullable Tensor weight, int n, String mode) {
        Tensor index = Primitives.cast(place, DType.INT32);
        Tensor inside = null;
        if (mode.equals("constant"))
            inside = Arithmetic.logical(
                    Binary.LOGICAL_AND,
                    Arithmetic.test(Binary.GREATER_EQUAL, index, 0),
                    Arithmetic.test(Binary.LESS, index, n));
        return new Node(fixed(index, n, mode), inside, weight);
    }

    /** To the nearest whole number, halves away from 0. */
    private static Tensor halfAway(Tensor x) {
        Tensor up = Primitives.unary(Unary.FLOOR, Primitives.shift(Primitives.unary(Unary.ABS, x), 0.5));
        return Primitives.mul(Primitives.unary(Unary.SIGN, x), up);
    }

    /**
     * Reads {@code rows[places, channels]}, whose places are a grid of {@code sizes}, at coordinates of one shape S,
     * giving {@code S + [channels]}. {@code base} is added to each place (null: 0).
     */
    private static Tensor read(
            Tensor rows,
            int[] sizes,
            List<Tensor> coordinates,
            @Nullable Tensor base,
            int order,
            String mode,
            double fillValue) {
        List<List<Node>> nodes = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) nodes.add(nodes(coordinates.get(i), sizes[i], order, mode));
        Tensor sum = null;
        for (int corner = 0; corner < (order == 0 ? 1 : 1 << sizes.length); corner++) {
            Tensor place = base;
            Tensor inside = null;
            Tensor weight = null;
            int below = 1;
            for (int i = sizes.length - 1; i >= 0; i--) {
                Node node = nodes.get(i).get(corner >> i & 1);
                Tensor step = Primitives.scale(node.index, below);
                place = place == null ? step : Arithmetic.binary(Binary.ADD, place, step);
                if (node.inside != null)
                    inside = inside == null ? node.inside : Arithmetic.logical(Binary.LOGICAL_AND, inside, node.inside);
                if (node.weight != null) weight = weight == null ? node.weight : Primitives.mul(weight, node.weight);
                below *= sizes[i];
            }
            Tensor value = Primitives.gather(rows, Objects.requireNonNull(place), 0);
            if (inside != null) value = Arithmetic.where(Manipulation.expandDims(inside, -1), value, fillValue);
            if (weight != null) value = Arithmetic.binary(Binary.MUL, value, Manipulation.expandDims(weight, -1));
            sum = sum == null ? value : Primitives.add(sum, value);
        }
        return Objects.requireNonNull(sum);
    }

    /** Reads {@code inputs} of rank r at {@code coordinates[r, ...]} with order 0 (nearest) or 1 (linear). */
    static Tensor mapCoordinates(Tensor inputs, Tensor coordinates, int order, String mode, double fillValue) {
        if (coordinates.rank() < 2 || coordinates.shape().dim(0) != inputs.rank())
            throw new IllegalArgumentException("map_coordinates: expected coordinates [" + inputs.rank()
                    + ", ...] for inputs " + inputs.shape() + ", got " + coordinates.shape());
        checkOrder("map_coordinates", order);
        Tensor rows = Primitives.reshape(inputs, Shape.of(inputs.shape().size(), 1));
        List<Tensor> at = Manipulation.unstack(Arithmetic.toFloat(coordinates), 0);
        Tensor values = inputs.dtype().isFloating()
                ? rows
                : Primitives.cast(rows, at.getFirst().dtype());
        if (inputs.dtype().isFloating())
            at = at.stream().map(t -> Primitives.cast(t, inputs.dtype())).toList();
        Tensor y = Manipulation.squeeze(read(values, inputs.shape().dims(), at, null, order, mode, fillValue), -1);
        return inputs.dtype().isFloating() ? y : Primitives.cast(halfAway(y), inputs.dtype());
    }

    private static void checkOrder(String name, int order) {
        if (order != 0 && order != 1) throw new IllegalArgumentException(name + ": order must be 0 or 1, got " + order);
    }

    static int order(String interpolation) {
        return switch (interpolation) {
            case "nearest" -> 0;
            case "bilinear" -> 1;
            default ->
                throw new IllegalArgumentException(
                        "Unknown interpolation \"" + interpolation + "\"; known: bilinear, nearest");
        };
    }

    /** Reads {@code images[n, h, w, c]} at rows and columns {@code [n, h', w']}. */
    private static Tensor sample(Tensor images, Tensor rows, Tensor columns, int order, String mode, double fill) {
        Shape s = images.shape();
        Tensor flat = Primitives.reshape(images, Shape.of(s.dim(0) * s.dim(1) * s.dim(2), s.dim(3)));
        Tensor values = Arithmetic.toFloat(flat);
        Tensor batch = Primitives.iota(0, DType.INT32, Shape.of(s.dim(0), 1, 1));
        Tensor base = Primitives.scale(batch, (double) s.dim(1) * s.dim(2));
        Shape shape = Shape.of(s.dim(0), rows.shape().dim(1), rows.shape().dim(2));
        List<Tensor> at = List.of(Arithmetic.broadcastTo(rows, shape), Arithmetic.broadcastTo(columns, shape));
        Tensor y = read(values, new int[] {s.dim(1), s.dim(2)}, at, base, order, mode, fill);
        return images.dtype().isFloating() ? y : Primitives.cast(halfAway(y), images.dtype());
    }

    /** Row and column numbers of an image as floats, of shapes [1, h, 1] and [1, 1, w]. */
    private static Tensor[] grid(Tensor images, DType dtype) {
        int h = images.shape().dim(1);
        int w = images.shape().dim(2);
        return new Tensor[] {Primitives.iota(1, dtype, Shape.of(1, h, 1)), Primitives.iota(2, dtype, Shape.of(1, 1, w))
        };
    }

    private static Tensor entry(Tensor transforms, int i) {
        return Manipulation.expandDims(Primitives.slice(transforms, 1, i, 1), -1);
    }

    private static Tensor line(Tensor a, Tensor x, Tensor b, Tensor y, Tensor c) {
        Tensor first = Arithmetic.binary(Binary.MUL, a, x);
        Tensor second = Arithmetic.binary(Binary.MUL, b, y);
        return Arithmetic.binary(Binary.ADD, Arithmetic.binary(Binary.ADD, first, second), c);
    }

    /** Place (x, y) of the result is place (a0 x + a1 y + a2, b0 x + b1 y + b2) of the image. */
    static Tensor affine(
            Tensor images,
            Tensor transform,
            String interpolation,
            String mode,
            double fill,
            @Nullable String dataFormat) {
        if (transform.rank() > 2 || transform.rank() < 1 || transform.shape().last() != 8)
            throw new IllegalArgumentException(
                    "affine_transform: expected transforms [8] or [n, 8], got " + transform.shape());
        return Images.batched("affine_transform", images, dataFormat, x -> {
            Tensor t = Arithmetic.toFloat(transform.rank() == 1 ? Manipulation.expandDims(transform, 0) : transform);
            Tensor[] grid = grid(x, t.dtype());
            Tensor columns = line(entry(t, 0), grid[1], entry(t, 1), grid[0], entry(t, 2));
            Tensor rows = line(entry(t, 3), grid[1], entry(t, 4), grid[0], entry(t, 5));
            return sample(x, rows, columns, order(interpolation), mode, fill);
        });
    }

    /** Moves four start points to four end points: solves for the homography from end to start. */
    static Tensor perspective(
            Tensor images,
            Tensor startPoints,
            Tensor endPoints,
            String interpolation,
            double fill,
            @Nullable String dataFormat) {
        if (!startPoints.shape().equals(endPoints.shape())
                || startPoints.rank() < 2
                || startPoints.rank() > 3
                || startPoints.shape().dim(-2) != 4
                || startPoints.shape().last() != 2)
            throw new IllegalArgumentException("perspective_transform: expected points [4, 2] or [n, 4, 2], got "
                    + startPoints.shape() + " and " + endPoints.shape());
        Tensor t = homography(three(startPoints), three(endPoints));
        return Images.batched("perspective_transform", images, dataFormat, x -> {
            Tensor[] grid = grid(x, t.dtype());
            Tensor below = line(entry(t, 6), grid[1], entry(t, 7), grid[0], Arithmetic.scalar(1, t.dtype()));
            Tensor columns = line(entry(t, 0), grid[1], entry(t, 1), grid[0], entry(t, 2));
            Tensor rows = line(entry(t, 3), grid[1], entry(t, 4), grid[0], entry(t, 5));
            return sample(
                    x,
                    Primitives.div(rows, below),
                    Primitives.div(columns, below),
                    order(interpolation),
                    "constant",
                    fill);
        });
    }

    private static Tensor three(Tensor points) {
        return Primitives.cast(points.rank() == 2 ? Manipulation.expandDims(points, 0) : points, DType.FLOAT32);
    }

    private static Tensor homography(Tensor start, Tensor end) {
        List<Tensor> from = Manipulation.unstack(start, 2);
        List<Tensor> to = Manipulation.unstack(end, 2);
        Tensor zero = Arithmetic.fullLike(to.getFirst(), 0);
        Tensor one = Arithmetic.fullLike(zero, 1);
        List<Tensor> rows = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Tensor minus = Primitives.neg(from.get(i));
            List<Tensor> own = List.of(to.get(0), to.get(1), one);
            List<Tensor> none = List.of(zero, zero, zero);
            List<Tensor> columns = new ArrayList<>(i == 0 ? own : none);
            columns.addAll(i == 0 ? none : own);
            columns.add(Primitives.mul(minus, to.get(0)));
            columns.add(Primitives.mul(minus, to.get(1)));
            rows.add(Manipulation.stack(columns, -1));
        }
        Tensor matrix = Primitives.concatenate(rows, 1);
        return LinearAlgebra.solve(matrix, Primitives.concatenate(from, 1));
    }

    /**
     * Moves pixels by smoothed noise; the same noise for rows and columns, as in Keras.
     *
     * @param most how large {@code sigma} can be, which the size of the filter follows
     */
    static Tensor elastic(
            Tensor images,
            Tensor alpha,
            Tensor sigma,
            double most,
            String interpolation,
            String mode,
            double fill,
            Tensor seed,
            @Nullable String dataFormat) {
        int size = (int) (6 * most) | 1;
        return Images.batched("elastic_transform", images, dataFormat, x -> {
            DType dtype = DTypes.floating(x.dtype());
            Shape shape = Shape.of(x.shape().dim(0), x.shape().dim(1), x.shape().dim(2), 1);
            Tensor noise =
                    Arithmetic.binary(Binary.MUL, Primitives.random(Op.Distribution.NORMAL, seed, dtype, shape), sigma);
            Tensor smooth = Manipulation.squeeze(Images.blurred(noise, size, sigma), 3);
            Tensor moved = Arithmetic.binary(Binary.MUL, smooth, alpha);
            Tensor[] grid = grid(x, dtype);
            Tensor rows = Arithmetic.binary(Binary.ADD, grid[0], moved);
            Tensor columns = Arithmetic.binary(Binary.ADD, grid[1], moved);
            return sample(x, rows, columns, order(interpolation), mode, fill);
        });
    }

    /** Reads known numbers. */
    static double[] numbers(Tensor x, String operation) {
        NDArray known = Searching.known(x, operation);
        return Arrays.copyOf(known.doubles(), known.size());
    }
}
