package org.keras4j.backend.cuda;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.Recording;
import org.keras4j.backend.View;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

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

    CudaBackend(CudaDevice device, CudaLibraries libraries, CudaOptions options) {
        super("cuda", device);
        this.device = device;
        this.libraries = libraries;
        this.options = options;
        Choices choices = options.autotune() ? Choices.of(libraries.machine(device.traits())) : null;
        products = new Products(device, libraries.cublas(), options, choices);
        cudnn = new Cudnn(device, options, choices);
        convolutions = new Convolutions(this, cudnn, products);
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

    /** Returns a library's kernel with the rounding that a narrow type needs, and with ours behind it. */
    private Kernel finished(Kernel kernel, View out, Supplier<Kernel> ours) {
        if (!out.dtype().isNarrow()) return new WithFallback(kernel, ours);
        var wide = new View(out.memory(), out.offset(), out.shape(), DType.FLOAT32);
        var nodes =
                List.<Expression.Node>of(new Expression.Load(0, DType.FLOAT32), new Expression.Convert(0, out.dtype()));
        Kernel round = elementwise(new Expression(out.shape(), nodes, List.of(1)), List.of(wide), List.of(out));
        return new WithFallback(
                () -> {
                    kernel.run();
                    round.run();
                },
                ours);
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            // what cuBLASLt has no epilogue for is better off as its product and one of our elementwise kernels
            case Fusion.DotEpilogue(var _, var _, Activation activation) ->
                hasEpilogue(in.getFirst().dtype(), activation) && super.supports(fusion, in);
            case Fusion.ConvEpilogue _ -> false;
            default -> super.supports(fusion, in);
        };
    }

    private static boolean hasEpilogue(DType dtype, Activation activation) {
        return dtype == DType.FLOAT32 && (activation == Activation.LINEAR || activation == Activation.RELU);
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        if (!(fusion instanceof Fusion.DotEpilogue(Op.Dot dot, boolean bias, Activation activation)))
            return super.fused(fusion, in, out);
        View y = out.getFirst();
        boolean relu = activation == Activation.RELU;
        Supplier<Kernel> ours = () -> super.fused(fusion, in, out).orElseThrow();
        return products.prepare(dot, in.get(0), in.get(1), y, bias ? in.get(2) : null, relu)
                .<Kernel>map(kernel -> new WithFallback(kernel, ours))
                .or(() -> super.fused(fusion, in, out));
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
