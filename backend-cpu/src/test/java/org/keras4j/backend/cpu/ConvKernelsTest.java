package org.keras4j.backend.cpu;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;
import org.keras4j.op.Window;

class ConvKernelsTest {
    /** Checks the convolution and its two gradients against the reference. */
    private static void check(Window w, Shape x, Shape kernel) {
        NDArray input = BackendComparison.random(DType.FLOAT32, x, 1);
        NDArray weights = BackendComparison.random(DType.FLOAT32, kernel, 2);
        var conv = new Op.Conv(w);
        Spec y = ShapeRules.of(conv, List.of(new Spec(DType.FLOAT32, x), new Spec(DType.FLOAT32, kernel)))
                .getFirst();
        String what = w + " x " + x + " kernel " + kernel;
        BackendComparison.check(
                "conv " + what,
                2e-6,
                List.of(input, weights),
                List.of(y),
                (b, in, out) -> b.conv(conv, in.get(0), in.get(1), out.get(0)));
        NDArray dy = BackendComparison.random(DType.FLOAT32, y.shape(), 3);
        BackendComparison.check(
                "input gradient " + what,
                2e-6,
                List.of(dy, weights),
                List.of(new Spec(DType.FLOAT32, x)),
                (b, in, out) -> b.convInputGradient(new Op.ConvInputGradient(w, x), in.get(0), in.get(1), out.get(0)));
        BackendComparison.check(
                "kernel gradient " + what,
                1e-5,
                List.of(input, dy),
                List.of(new Spec(DType.FLOAT32, kernel)),
                (b, in, out) ->
                        b.convKernelGradient(new Op.ConvKernelGradient(w, kernel), in.get(0), in.get(1), out.get(0)));
    }

    private static Window window(int rank, int stride, int dilation, int low, int high, int groups) {
        return new Window(
                Ints.repeat(stride, rank),
                Ints.repeat(dilation, rank),
                Ints.repeat(low, rank),
                Ints.repeat(high, rank),
                groups);
    }

    @Test
    void twoAxes() {
        check(window(2, 1, 1, 0, 0, 1), Shape.of(3, 28, 28, 1), Shape.of(3, 3, 1, 32));
        check(window(2, 1, 1, 0, 0, 1), Shape.of(4, 26, 26, 32), Shape.of(3, 3, 32, 64));
        check(window(2, 1, 1, 1, 1, 1), Shape.of(2, 7, 9, 5), Shape.of(3, 3, 5, 7));
        check(window(2, 2, 1, 0, 1, 1), Shape.of(2, 13, 14, 17), Shape.of(3, 3, 17, 33));
        check(window(2, 2, 1, 3, 3, 1), Shape.of(1, 31, 30, 3), Shape.of(7, 7, 3, 16));
        check(window(2, 3, 2, 2, 1, 1), Shape.of(2, 17, 15, 4), Shape.of(2, 3, 4, 40));
        check(window(2, 1, 1, 0, 0, 1), Shape.of(2, 9, 8, 40), Shape.of(1, 1, 40, 31));
        check(window(2, 2, 1, 0, 0, 1), Shape.of(2, 9, 8, 20), Shape.of(1, 1, 20, 31));
        check(window(2, 1, 1, 1, 1, 1), Shape.of(1, 7, 7, 96), Shape.of(3, 3, 96, 200));
        check(window(2, 2, 1, 0, 1, 1), Shape.of(3, 32, 34, 16), Shape.of(3, 3, 16, 32));
        check(window(2, 2, 1, 1, 1, 1), Shape.of(2, 17, 20, 40), Shape.of(3, 3, 40, 48));
        check(window(2, 3, 1, 2, 2, 1), Shape.of(2, 19, 23, 32), Shape.of(5, 5, 32, 20));
    }

    /** Three by three and whole vectors of channels: what Winograd's algorithm takes, with all kinds of edges. */
    @Test
    void threeByThree() {
        check(window(2, 1, 1, 0, 0, 1), Shape.of(5, 18, 18, 32), Shape.of(3, 3, 32, 64));
        check(window(2, 1, 1, 1, 1, 1), Shape.of(3, 16, 17, 16), Shape.of(3, 3, 16, 16));
        check(window(2, 1, 1, 1, 1, 1), Shape.of(2, 11, 12, 48), Shape.of(3, 3, 48, 80));
        check(window(2, 1, 1, 2, 2, 1), Shape.of(2, 10, 9, 64), Shape.of(3, 3, 64, 16));
        check(window(2, 1, 1, 0, 2, 1), Shape.of(1, 14, 15, 128), Shape.of(3, 3, 128, 96));
        check(window(2, 1, 1, 4, 3, 1), Shape.of(2, 9, 13, 32), Shape.of(3, 3, 32, 32));
    }

    @Test
    void groupsAndDepthwise() {
        check(window(2, 1, 1, 1, 1, 3), Shape.of(2, 8, 9, 12), Shape.of(3, 3, 4, 15));
        check(window(2, 2, 1, 0, 1, 2), Shape.of(2, 8, 9, 34), Shape.of(3, 3, 17, 70));
        check(window(2, 1, 1, 1, 1, 48), Shape.of(3, 14, 20, 48), Shape.of(3, 3, 1, 48));
        check(window(2, 2, 1, 0, 1, 32), Shape.of(2, 30, 28, 32), Shape.of(5, 5, 1, 32));
        check(window(2, 1, 1, 3, 3, 32), Shape.of(2, 13, 11, 32), Shape.of(7, 7, 1, 32));
        check(window(2, 1, 1, 1, 1, 37), Shape.of(2, 8, 9, 37), Shape.of(3, 3, 1, 37));
        check(window(2, 2, 1, 1, 1, 64), Shape.of(2, 11, 12, 64), Shape.of(3, 3, 1, 64));
        check(window(2, 1, 2, 2, 2, 16), Shape.of(3, 11, 20, 16), Shape.of(3, 3, 1, 16));
        check(window(2, 1, 1, 2, 2, 33), Shape.of(1, 30, 31, 33), Shape.of(5, 5, 1, 33));
        check(window(2, 1, 1, 1, 1, 5), Shape.of(2, 8, 9, 5), Shape.of(3, 3, 1, 15));
    }

    @Test
    void oneAndThreeAxes() {
        check(window(1, 1, 1, 2, 0, 1), Shape.of(3, 50, 6), Shape.of(3, 6, 20));
        check(window(1, 1, 4, 4, 0, 1), Shape.of(3, 50, 6), Shape.of(2, 6, 20));
        check(window(1, 5, 1, 0, 0, 1), Shape.of(3, 51, 1), Shape.of(7, 1, 3));
        check(window(3, 1, 1, 1, 1, 1), Shape.of(2, 5, 6, 7, 3), Shape.of(3, 3, 3, 3, 18));
        check(window(3, 2, 1, 0, 1, 1), Shape.of(2, 5, 6, 7, 3), Shape.of(2, 3, 2, 3, 18));
    }

    @Test
    void randomShapes() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 25; i++) {
            int rank = random.nextInt(1, 3);
            int groups = random.nextInt(1, 4);
            int channels = groups * random.nextInt(1, 20);
            int size = random.nextInt(1, 5);
            Window w = window(
                    rank, random.nextInt(1, 4), random.nextInt(1, 3), random.nextInt(3), random.nextInt(3), groups);
            int[] x = Ints.repeat(random.nextInt(9, 20), rank + 2).toArray();
            x[0] = random.nextInt(1, 4);
            x[rank + 1] = channels;
            int[] kernel = Ints.repeat(size, rank + 2).toArray();
            kernel[rank] = channels / groups;
            kernel[rank + 1] = groups * random.nextInt(1, 40);
            check(w, Shape.of(x), Shape.of(kernel));
        }
    }
}
