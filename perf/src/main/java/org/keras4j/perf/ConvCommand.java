package org.keras4j.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures convolutions of known networks on several backends in turn. */
@Command(
        name = "conv",
        description = "Measures convolutions of known networks, forward and both gradients, on backends in turn.",
        mixinStandardHelpOptions = true)
final class ConvCommand implements Callable<Integer> {
    /** batch (0: as asked for), size, channels, filters, kernel, stride, padding before, after, groups. */
    private static final int[][] SHAPES = {
        {128, 28, 1, 32, 3, 1, 0, 0, 1},
        {128, 26, 32, 64, 3, 1, 0, 0, 1},
        {0, 224, 3, 64, 7, 2, 3, 3, 1},
        {0, 56, 64, 64, 1, 1, 0, 0, 1},
        {0, 56, 64, 64, 3, 1, 1, 1, 1},
        {0, 56, 64, 256, 1, 1, 0, 0, 1},
        {0, 56, 256, 128, 1, 2, 0, 0, 1},
        {0, 56, 128, 128, 3, 2, 0, 1, 1},
        {0, 28, 128, 128, 3, 1, 1, 1, 1},
        {0, 28, 128, 512, 1, 1, 0, 0, 1},
        {0, 14, 1024, 256, 1, 1, 0, 0, 1},
        {0, 14, 256, 256, 3, 1, 1, 1, 1},
        {0, 7, 512, 512, 3, 1, 1, 1, 1},
        {0, 7, 512, 2048, 1, 1, 0, 0, 1},
        {0, 56, 144, 144, 3, 1, 1, 1, 144},
    };

    @Option(
            names = "--backends",
            split = ",",
            defaultValue = "cpu,opencl",
            description = "What to compare; ratios are to the first. Default: ${DEFAULT-VALUE}.")
    private List<String> backends = List.of();

    @Option(names = "--batch", defaultValue = "8", description = "Images at a time. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--seconds", defaultValue = "0.1", description = "For each number. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--row", description = "Measure one row only, counted from 0.")
    private @Nullable Integer row;

    @Override
    public Integer call() {
        List<Backend> open = new ArrayList<>();
        for (String name : backends) open.add(Backends.open(name));
        for (Backend backend : open) System.out.println(backend.describe());
        System.out.println("GFLOP/s of " + String.join(", ", backends) + "; what they are of the first");
        for (int i = 0; i < SHAPES.length; i++) if (row == null || row == i) measure(open, SHAPES[i]);
        for (Backend backend : open) backend.close();
        return 0;
    }

    private void measure(List<Backend> open, int[] s) {
        int images = s[0] == 0 ? batch : s[0];
        System.out.printf(
                Locale.ROOT,
                "%3d x %3d^2 x %4d -> %4d, %dx%d/%d%s",
                images,
                s[1],
                s[2],
                s[3],
                s[4],
                s[4],
                s[5],
                s[8] > 1 ? " by channel" : "");
        for (int direction = 0; direction < 3; direction++) {
            System.out.print(List.of("   y", "   dx", "   dw").get(direction));
            double first = 0;
            for (Backend backend : open) {
                double speed = speed(backend, images, s, direction);
                System.out.printf(Locale.ROOT, " %6.1f", speed);
                if (first > 0) System.out.printf(Locale.ROOT, " (%.2f)", speed / first);
                if (first == 0) first = speed;
            }
        }
        System.out.println();
    }

    private double speed(Backend backend, int images, int[] s, int direction) {
        int size = (s[1] + s[6] + s[7] - s[4]) / s[5] + 1;
        var window = new Window(Ints.of(s[5], s[5]), Ints.of(1, 1), Ints.of(s[6], s[6]), Ints.of(s[7], s[7]), s[8]);
        View x = values(backend, Shape.of(images, s[1], s[1], s[2]));
        View kernel = values(backend, Shape.of(s[4], s[4], s[2] / s[8], s[3]));
        View y = values(backend, Shape.of(images, size, size, s[3]));
        Kernel run = switch (direction) {
            case 0 -> backend.conv(new Op.Conv(window), x, kernel, y);
            case 1 -> backend.convInputGradient(new Op.ConvInputGradient(window, x.shape()), y, kernel, x);
            default -> backend.convKernelGradient(new Op.ConvKernelGradient(window, kernel.shape()), x, y, kernel);
        };
        double flops = 2.0 * y.size() * s[4] * s[4] * s[2] / s[8];
        double time = best(backend, run);
        for (View view : List.of(x, kernel, y)) view.memory().close();
        return flops / time * 1e-9;
    }

    private static View values(Backend backend, Shape shape) {
        var random = new SplittableRandom(shape.size());
        var values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) values[i] = random.nextFloat() - 0.5f;
        var view = new View(backend.allocate(DType.FLOAT32.storage(), values.length), 0, shape, DType.FLOAT32);
        backend.upload(NDArray.of(shape, values), view);
        return view;
    }

    /** Returns the shortest time of a run, in seconds, after as much time of warming up. */
    private double best(Backend backend, Kernel kernel) {
        double best = 0;
        for (int phase = 0; phase < 2; phase++) {
            best = Double.MAX_VALUE;
            long start = System.nanoTime();
            while (System.nanoTime() - start < seconds * 1e9) {
                long from = System.nanoTime();
                kernel.run();
                backend.synchronize();
                best = Math.min(best, (System.nanoTime() - from) * 1e-9);
            }
        }
        return best;
    }
}
