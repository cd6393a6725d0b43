package org.keras4j.ops;

import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Moving blocks of an image into channels or columns, and back. */
final class SpaceToDepth {
    private SpaceToDepth() {}

    static Tensor depthToSpace(Tensor x, int block, String dataFormat) {
        check("depthToSpace", x, block);
        boolean first = Convolutions.channelsFirst(dataFormat);
        int n = x.shape().dim(0);
        int c = x.shape().dim(first ? 1 : 3) / (block * block);
        int h = x.shape().dim(first ? 2 : 1);
        int w = x.shape().dim(first ? 3 : 2);
        if (first) {
            Tensor y = Primitives.transpose(Manipulation.reshape(x, n, c, block, block, h, w), 0, 1, 4, 2, 5, 3);
            return Manipulation.reshape(y, n, c, h * block, w * block);
        }
        Tensor y = Primitives.transpose(Manipulation.reshape(x, n, h, w, block, block, c), 0, 1, 3, 2, 4, 5);
        return Manipulation.reshape(y, n, h * block, w * block, c);
    }

    static Tensor spaceToDepth(Tensor x, int block, String dataFormat) {
        check("spaceToDepth", x, block);
        boolean first = Convolutions.channelsFirst(dataFormat);
        int n = x.shape().dim(0);
        int c = x.shape().dim(first ? 1 : 3);
        int h = x.shape().dim(first ? 2 : 1) / block;
        int w = x.shape().dim(first ? 3 : 2) / block;
        if (first) {
            Tensor y = Primitives.transpose(Manipulation.reshape(x, n, c, h, block, w, block), 0, 1, 3, 5, 2, 4);
            return Manipulation.reshape(y, n, c * block * block, h, w);
        }
        Tensor y = Primitives.transpose(Manipulation.reshape(x, n, h, block, w, block, c), 0, 1, 3, 2, 4, 5);
        return Manipulation.reshape(y, n, h, w, c * block * block);
    }

    private static void check(String name, Tensor x, int block) {
        if (x.rank() != 4 || block < 1)
            throw new IllegalArgumentException(
                    name + ": expected 4 axes and a positive block size, got " + x.shape() + " and " + block);
    }

    /** {@code [n, c, h, w] -> [n, c * kh * kw, places]}. */
    static Tensor unfold(Tensor x, int[] kernel, int[] dilation, int[] padding, int[] stride) {
        int[] k = Convolutions.spread(kernel, 2, "kernel_size");
        Window w = window(dilation, padding, stride);
        int n = x.shape().dim(0);
        int c = x.shape().dim(1);
        // Each plane is convolved with one filter for each place of the window.
        Tensor planes =
                Manipulation.reshape(x, n * c, x.shape().dim(2), x.shape().dim(3), 1);
        Tensor patches = Primitives.conv(planes, filters(k, x), w);
        int places = patches.shape().dim(1) * patches.shape().dim(2);
        Tensor columns = Manipulation.reshape(patches, n, c, places, k[0] * k[1]);
        return Manipulation.reshape(Primitives.transpose(columns, 0, 1, 3, 2), n, c * k[0] * k[1], places);
    }

    /** Adds the columns of {@code [n, c * kh * kw, places]} up where they came from, giving {@code [n, c, h, w]}. */
    static Tensor fold(Tensor x, int[] outputSize, int[] kernel, int[] dilation, int[] padding, int[] stride) {
        int[] k = Convolutions.spread(kernel, 2, "kernel_size");
        int[] size = Convolutions.spread(outputSize, 2, "output_size");
        Window w = window(dilation, padding, stride);
        int rows = w.windows(0, size[0], k[0]);
        int columns = w.windows(1, size[1], k[1]);
        int n = x.shape().dim(0);
        int c = x.shape().dim(1) / (k[0] * k[1]);
        if (x.rank() != 3 || x.shape().dim(2) != rows * columns)
            throw new IllegalArgumentException(
                    "fold: expected [n, c * " + k[0] * k[1] + ", " + rows * columns + "], got " + x.shape());
        Tensor patches = Primitives.transpose(Manipulation.reshape(x, n, c, k[0] * k[1], rows * columns), 0, 1, 3, 2);
        Tensor dy = Manipulation.reshape(patches, n * c, rows, columns, k[0] * k[1]);
        Shape image = Shape.of(n * c, size[0], size[1], 1);
        Tensor y = Tensor.of(new Op.ConvInputGradient(w, image), dy, filters(k, x));
        return Manipulation.reshape(y, n, c, size[0], size[1]);
    }

    private static Window window(int[] dilation, int[] padding, int[] stride) {
        Ints around = Ints.of(Convolutions.spread(padding, 2, "padding"));
        return new Window(
                Ints.of(Convolutions.spread(stride, 2, "stride")),
                Ints.of(Convolutions.spread(dilation, 2, "dilation")),
                around,
                around,
                1);
    }

    /** One filter for each place of the window, which copies that place. */
    private static Tensor filters(int[] kernel, Tensor like) {
        int n = kernel[0] * kernel[1];
        return Manipulation.reshape(Creation.eye(n, n, 0, like.dtype()), kernel[0], kernel[1], 1, n);
    }
}
