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
    private final Autotuner rivals;
    private final CudnnFusions library;

    /** Takes over a device; {@code choices} are what was measured on it, null if nothing is to be. */
    CudaBackend(CudaDevice device, CudaLibraries libraries, CudaOptions options, @Nullable TuningCache choices) {
        super("cuda", device);
        this.device = device;
        this.libraries = libraries;
        this.options = options;
        products = new Products(device, libraries.cublas(), options, choices);
        cudnn = new Cudnn(device, options, choices);
        convolutions = new Convolutions(this, cudnn, products);
        rivals = new Autotuner(this, device, choices);
        library = new CudnnFusions(this, cudnn, rivals, new CudnnAttention(this, cudnn, libraries.cudnnGraphs()));
    }

    @Override
    public String describe() {
        return super.describe() + "; CUDA " + CudaLibraries.version(libraries.driverVersion()) + ", NVRTC "
                + libraries.compiler().version() + ", cuDNN " + libraries.cudnnVersion()
                + (options.tf32() ? ", TF32" : "");
    }

    @Override
    public Kernel dot(Op.Dot op, View a, View b, View out) {
        return library(
                products.prepare(op, a, b, out, null, false),
                List.of(a, b),
                out,
                (i, o) -> dot(op, i.get(0), i.get(1), o),
                () -> super.dot(op, a, b, out));
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return library(
                convolutions.forward(op, x, kernel, out),
                List.of(x, kernel),
                out,
                (i, o) -> conv(op, i.get(0), i.get(1), o),
                () -> super.conv(op, x, kernel, out));
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return library(
                convolutions.inputGradient(op, dy, kernel, out),
                List.of(dy, kernel),
                out,
                (i, o) -> convInputGradient(op, i.get(0), i.get(1), o),
                () -> super.convInputGradient(op, dy, kernel, out));
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return library(
                convolutions.kernelGradient(op, x, dy, out),
                List.of(x, dy),
                out,
                (i, o) -> convKernelGradient(op, i.get(0), i.get(1), o),
                () -> super.convKernelGradient(op, x, dy, out));
    }

    /**
     * Returns a library's kernel with ours behind it. What a library does not do in 16 bits is tried once more on floats,
     * where tensor cores multiply such numbers as exactly.
     */
    private Kernel library(
            Optional<Kernel> theirs, List<View> in, View out, Autotuner.Preparation again, Supplier<Kernel> ours) {
        Supplier<Kernel> instead =
                out.memory().storage() == Storage.HALF && out.dtype().isFloating()
                        ? () -> widened(in, List.of(out), (i, o) -> again.prepare(i, o.getFirst()))
                        : ours;
        return theirs.<Kernel>map(kernel -> new WithFallback(kernel, instead)).orElseGet(instead);
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

    /** Returns a kernel that turns y into {@code activation(y + bias)} in place. */
    Kernel ending(View y, View bias, Activation activation) {
        DType dtype = y.dtype();
        int[] ones = new int[y.shape().rank()];
        Arrays.fill(ones, 1);
        ones[ones.length - 1] = bias.size();
        List<Expression.Node> nodes = new ArrayList<>(List.of(
                new Expression.Load(0, dtype),
                new Expression.Load(1, dtype),
                new Expression.Apply2(Binary.ADD, 0, 1, dtype)));
        Unary function = switch (activation) {
            case LINEAR -> null;
            case RELU -> Unary.RELU;
            case SIGMOID -> Unary.SIGMOID;
            case TANH -> Unary.TANH;
        };
        if (function != null) nodes.add(new Expression.Apply1(function, nodes.size() - 1, dtype));
        return elementwise(
                new Expression(y.shape(), nodes, List.of(nodes.size() - 1)),
                List.of(y, bias.reshape(Shape.of(ones))),
                List.of(y));
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.DotEpilogue(var _, var _, Activation activation) ->
                hasEpilogue(in.getFirst().dtype(), activation) && super.supports(fusion, in);
            case Fusion.ConvEpilogue(var _, boolean bias, Activation activation) ->
                bias && hasEpilogue(in.getFirst().dtype(), activation) && super.supports(fusion, in);
            case Fusion.BatchNorm _, Fusion.BatchNormGradient _, Fusion.Recurrence _, Fusion.RecurrenceGradient _ ->
                library.supports(fusion, in);
            // our tiles multiply without tensor cores: where products may take these, they are the faster part
            case Fusion.Attention _, Fusion.AttentionGradient _ ->
                library.supports(fusion, in) || !options.tf32() && super.supports(fusion, in);
            default -> super.supports(fusion, in);
        };
    }

    /** Says whether a fused ending is the better one: where a library has it. */
    private static boolean hasEpilogue(DType dtype, Activation activation) {
        return dtype.isFloating()
                && dtype != DType.FLOAT64
                && (activation == Activation.LINEAR || activation == Activation.RELU);
    }

    @Override
    public int reserve(Fusion.Cell cell, List<Spec> in) {
        return library.reserve(cell, in);
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        if (CudnnFusions.has(fusion, in.getFirst().dtype())) return library.fused(fusion, in, out);
        View y = out.getFirst();
        if (SoftmaxRows.takes(fusion, y))
            return Optional.of(rivals.choose(
                    fusion.toString(),
                    in,
                    y,
                    (i, o) -> super.fused(fusion, i, List.of(o)).orElseThrow(),
                    (i, o) -> SoftmaxRows.prepare(cudnn, fusion, i, o)));
        return switch (fusion) {
            case Fusion.DotEpilogue _, Fusion.ConvEpilogue _ ->
                Optional.of(library(
                        withEnding(fusion, in, y),
                        in,
                        y,
                        (i, o) -> fused(fusion, i, List.of(o)).orElseThrow(),
                        () -> super.fused(fusion, in, out).orElseThrow()));
            default -> super.fused(fusion, in, out);
        };
    }

    /** Returns a library's product or convolution with what follows it; empty if it does not do it. */
    private Optional<Kernel> withEnding(Fusion fusion, List<View> in, View y) {
        return switch (fusion) {
            case Fusion.DotEpilogue(Op.Dot dot, boolean hasBias, Activation activation) ->
                products.prepare(
                        dot, in.get(0), in.get(1), y, hasBias ? in.get(2) : null, activation == Activation.RELU);
            case Fusion.ConvEpilogue(Op.Conv conv, var _, Activation activation) ->
                convolutions.epilogue(conv, in.get(0), in.get(1), in.get(2), activation == Activation.RELU, y);
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
