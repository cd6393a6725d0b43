package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.Recording;
import org.keras4j.backend.View;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.DeviceMemory;
import org.keras4j.op.Activation;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;

/**
 * The backend of an NVIDIA GPU: matrix products by cuBLASLt, convolutions by cuDNN, and the kernels that all devices
 * share for everything else and for what those libraries refuse.
 */
final class CudaBackend extends DeviceBackend {
    private static final int FEWEST_RECORDED = 3; // launching a graph costs about as much

    private final CudaDevice device;
    private final CudaLibraries libraries;
    private final CudaOptions options;
    private final Products products;
    private final Cudnn cudnn;
    private final Convolutions convolutions;
    private final Rivals rivals;
    private final CudnnFusions library;

    /** Takes over a device; {@code choices} are what was measured on it, null if nothing is to be. */
    CudaBackend(CudaDevice device, CudaLibraries libraries, CudaOptions options, @Nullable Choices choices) {
        super("cuda", device);
        this.device = device;
        this.libraries = libraries;
        this.options = options;
        products = new Products(device, libraries.cublas(), options, choices);
        cudnn = new Cudnn(device, options, choices);
        convolutions = new Convolutions(this, cudnn, products);
        rivals = new Rivals(this, device, choices);
        library = new CudnnFusions(this, cudnn, rivals);
    }

    @Override
    public String describe() {
        return super.describe() + "; CUDA " + CudaLibraries.version(libraries.driverVersion()) + ", NVRTC "
                + libraries.compiler().version() + ", cuDNN " + libraries.cudnnVersion()
                + (options.tf32() ? ", TF32" : "");
    }

    @Override
    public Kernel dot(Op.Dot op, View a, View b, View out) {
        return products.prepare(op, a, b, out, null, false)
                .map(kernel -> finished(kernel, out, () -> super.dot(op, a, b, out)))
                .orElseGet(() -> super.dot(op, a, b, out));
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return convolutions
                .forward(op, x, kernel, out)
                .map(k -> finished(k, out, () -> super.conv(op, x, kernel, out)))
                .orElseGet(() -> super.conv(op, x, kernel, out));
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return convolutions
                .inputGradient(op, dy, kernel, out)
                .map(k -> finished(k, out, () -> super.convInputGradient(op, dy, kernel, out)))
                .orElseGet(() -> super.convInputGradient(op, dy, kernel, out));
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return convolutions
                .kernelGradient(op, x, dy, out)
                .map(k -> finished(k, out, () -> super.convKernelGradient(op, x, dy, out)))
                .orElseGet(() -> super.convKernelGradient(op, x, dy, out));
    }

    @Override
    public Kernel pool(Op.Pool op, View x, View out) {
        if (!Pooling.takes(op, x, out)) return super.pool(op, x, out);
        return rivals.choose(
                op.toString(),
                List.of(x),
                out,
                (i, o) -> super.pool(op, i.getFirst(), o),
                (i, o) -> Pooling.forward(cudnn, op, i.getFirst(), o));
    }

    @Override
    public Kernel poolGradient(Op.PoolGradient op, List<View> in, View out) {
        if (!Pooling.takesGradient(op, in.getLast(), out)) return super.poolGradient(op, in, out);
        return rivals.choose(
                op.toString(),
                op.function() == Op.Reduction.MAX,
                in,
                out,
                (i, o) -> super.poolGradient(op, i, o),
                (i, o) -> Pooling.gradient(this, cudnn, op, i, o));
    }

    /** Returns a library's kernel with the rounding that a narrow type needs, and with ours behind it. */
    private Kernel finished(Kernel kernel, View out, Supplier<Kernel> ours) {
        if (!out.dtype().isNarrow()) return new WithFallback(kernel, ours);
        return new WithFallback(followed(kernel, ending(out, null, Activation.LINEAR)), ours);
    }

    private static Kernel followed(Kernel first, Kernel second) {
        return () -> {
            first.run();
            second.run();
        };
    }

    /** Returns a kernel that turns y into {@code activation(y + bias)} in place, where a library has not yet rounded y. */
    Kernel ending(View y, @Nullable View bias, Activation activation) {
        DType dtype = y.dtype();
        List<Expression.Node> nodes = new ArrayList<>();
        nodes.add(new Expression.Load(0, dtype.isNarrow() ? DType.FLOAT32 : dtype));
        if (dtype.isNarrow()) nodes.add(new Expression.Convert(0, dtype));
        List<View> in = new ArrayList<>();
        in.add(dtype.isNarrow() ? new View(y.memory(), y.offset(), y.shape(), DType.FLOAT32) : y);
        if (bias != null) {
            int[] ones = new int[y.shape().rank()];
            Arrays.fill(ones, 1);
            ones[ones.length - 1] = bias.size();
            in.add(bias.reshape(Shape.of(ones)));
            nodes.add(new Expression.Load(1, dtype));
            nodes.add(new Expression.Apply2(Binary.ADD, nodes.size() - 2, nodes.size() - 1, dtype));
        }
        Unary function =
                switch (activation) {
                    case LINEAR -> null;
                    case RELU -> Unary.RELU;
                    case SIGMOID -> Unary.SIGMOID;
                    case TANH -> Unary.TANH;
                };
        if (function != null) nodes.add(new Expression.Apply1(function, nodes.size() - 1, dtype));
        return elementwise(new Expression(y.shape(), nodes, List.of(nodes.size() - 1)), in, List.of(y));
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.DotEpilogue(var _, var _, Activation activation) ->
                hasEpilogue(in.getFirst().dtype(), activation) && super.supports(fusion, in);
            case Fusion.ConvEpilogue(var _, boolean bias, Activation activation) ->
                bias && hasEpilogue(in.getFirst().dtype(), activation) && super.supports(fusion, in);
            case Fusion.BatchNorm _, Fusion.BatchNormGradient _ -> library.supports(fusion, in);
            default -> super.supports(fusion, in);
        };
    }

    /**
     * Says whether a fused ending is the better one: of float32, where a library has it; of narrow types always, for they
     * have to be rounded by a kernel of ours anyway.
     */
    private static boolean hasEpilogue(DType dtype, Activation activation) {
        return dtype.isNarrow()
                || dtype == DType.FLOAT32 && (activation == Activation.LINEAR || activation == Activation.RELU);
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        if (CudnnFusions.has(fusion)) return library.fused(fusion, in, out);
        View y = out.getFirst();
        if (SoftmaxRows.takes(fusion, y))
            return Optional.of(rivals.choose(
                    fusion.toString(),
                    in,
                    y,
                    (i, o) -> super.fused(fusion, i, List.of(o)).orElseThrow(),
                    (i, o) -> SoftmaxRows.prepare(cudnn, fusion, i, o)));
        Supplier<Kernel> ours = () -> super.fused(fusion, in, out).orElseThrow();
        return withEnding(fusion, in, y)
                .<Kernel>map(kernel -> new WithFallback(kernel, ours))
                .or(() -> super.fused(fusion, in, out));
    }

    /** Returns a library's product or convolution with what follows it; empty if it does not do it. */
    private Optional<Kernel> withEnding(Fusion fusion, List<View> in, View y) {
        boolean narrow = y.dtype().isNarrow();
        return switch (fusion) {
            case Fusion.DotEpilogue(Op.Dot dot, boolean hasBias, Activation activation) -> {
                View bias = hasBias ? in.get(2) : null;
                yield narrow
                        ? products.prepare(dot, in.get(0), in.get(1), y, null, false)
                                .map(kernel -> followed(kernel, ending(y, bias, activation)))
                        : products.prepare(dot, in.get(0), in.get(1), y, bias, activation == Activation.RELU);
            }
            case Fusion.ConvEpilogue(Op.Conv conv, var _, Activation activation) ->
                narrow
                        ? convolutions
                                .forward(conv, in.get(0), in.get(1), y)
                                .map(kernel -> followed(kernel, ending(y, in.get(2), activation)))
                        : convolutions.epilogue(
                                conv, in.get(0), in.get(1), in.get(2), activation == Activation.RELU, y);
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<Recording> record(List<Kernel> kernels) {
        if (!options.graphs() || kernels.size() < FEWEST_RECORDED) return Optional.empty();
        return super.record(kernels);
    }

    /** Returns scratch memory for the steps of one kernel. */
    Memory room(Storage storage, long elements) {
        return scratch(storage, elements);
    }

    /** Writes zeros on the stream. */
    void clear(View view) {
        var buffer = ((DeviceMemory) view.memory()).buffer();
        int bytes = view.memory().storage().bytes();
        device.clear(buffer, view.offset() * bytes, (long) view.size() * bytes);
    }

    /** Returns one kernel of steps that use scratch memory. */
    Kernel inOneGo(Kernel... steps) {
        return together(steps);
    }

    @Override
    public void close() {
        if (!device.isGone()) {
            device.finish();
            products.close();
            cudnn.close();
        }
        super.close();
    }
}
