package org.keras4j.backend.device;

import java.util.List;
import java.util.Optional;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Fused operations: what is done by rows, and the products and convolutions that end in a bias and an activation. */
final class FusionFamily {
    private final DeviceContext context;
    private final DotFamily products;
    private final ConvFamily convolutions;

    FusionFamily(DeviceContext context, DotFamily products, ConvFamily convolutions) {
        this.context = context;
        this.products = products;
        this.convolutions = convolutions;
    }

    boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.Softmax(), Fusion.LogSoftmax(), Fusion.SoftmaxGradient(), Fusion.LayerNorm(var _) -> false;
            case Fusion.DotEpilogue(var _, var _, var _) ->
                in.getFirst().dtype().isFloating()
                        && products.supports(in.getFirst().dtype());
            case Fusion.ConvEpilogue(var _, var _, var _) ->
                convolutions.supportsEpilogue(in.getFirst().dtype());
            case Fusion.SparseCrossentropy _, Fusion.SparseCrossentropyGradient _ -> false;
            case Fusion.LstmCell _, Fusion.LstmCellGradient _, Fusion.GruCell _, Fusion.GruCellGradient _ -> false;
        };
    }

    Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        return switch (fusion) {
            case Fusion.Softmax(), Fusion.LogSoftmax(), Fusion.SoftmaxGradient(), Fusion.LayerNorm(var _) ->
                Optional.empty();
            case Fusion.DotEpilogue epilogue -> Optional.of(products.epilogue(epilogue, in, out.getFirst()));
            case Fusion.ConvEpilogue epilogue -> Optional.of(convolutions.epilogue(epilogue, in, out.getFirst()));
            case Fusion.SparseCrossentropy _, Fusion.SparseCrossentropyGradient _ -> Optional.empty();
            case Fusion.LstmCell _, Fusion.LstmCellGradient _, Fusion.GruCell _, Fusion.GruCellGradient _ ->
                Optional.empty();
        };
    }
}
