package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * Fused operations: what is done by rows, attention, and the products and convolutions that end in a bias and an
 * activation.
 */
final class FusionFamily {
    private final RowFusions rows;
    private final AttentionFusions attention;
    private final DotFamily products;
    private final ConvFamily convolutions;

    FusionFamily(DeviceContext context, DotFamily products, ConvFamily convolutions) {
        this.rows = new RowFusions(context);
        attention = new AttentionFusions(context);
        this.products = products;
        this.convolutions = convolutions;
    }

    boolean supports(Fusion fusion, List<Spec> in) {
        DType dtype = in.getFirst().dtype();
        return switch (fusion) {
            case Fusion.Softmax(), Fusion.LogSoftmax(), Fusion.SoftmaxGradient(), Fusion.LayerNorm(var _) ->
                rows.supports(dtype);
            case Fusion.LstmCell _, Fusion.LstmCellGradient _, Fusion.GruCell _, Fusion.GruCellGradient _ ->
                rows.supports(dtype);
            case Fusion.SparseCrossentropy _, Fusion.SparseCrossentropyGradient _ -> rows.supports(dtype);
            case Fusion.BatchNorm _, Fusion.BatchNormGradient _, Fusion.Recurrence _, Fusion.RecurrenceGradient _ ->
                false; // their parts, together with what is around them
            case Fusion.Attention _, Fusion.AttentionGradient _ -> attention.supports(in);
            case Fusion.DotEpilogue(var _, var _, var _) -> dtype.isFloating() && products.supports(dtype);
            case Fusion.ConvEpilogue(var _, var _, var _) -> convolutions.supportsEpilogue(dtype);
        };
    }

    /** Says whether the kernel of a fusion reads and writes 16 bits. */
    boolean takesHalves(Fusion fusion) {
        return switch (fusion) {
            case Fusion.DotEpilogue _ -> products.takesHalves();
            case Fusion.ConvEpilogue _ -> convolutions.takesHalves();
            case Fusion.LstmCell _, Fusion.LstmCellGradient _, Fusion.GruCell _, Fusion.GruCellGradient _ -> true;
            case Fusion.Softmax _, Fusion.LogSoftmax _, Fusion.SoftmaxGradient _, Fusion.LayerNorm _ ->
                rows.takesHalves();
            case Fusion.BatchNorm _,
                    Fusion.BatchNormGradient _,
                    Fusion.Recurrence _,
                    Fusion.RecurrenceGradient _,
                    Fusion.Attention _,
                    Fusion.AttentionGradient _ -> false;
            case Fusion.SparseCrossentropy _, Fusion.SparseCrossentropyGradient _ -> rows.takesHalves();
        };
    }

    Kernel fused(Fusion fusion, List<View> in, List<View> out) {
        View to = out.getFirst();
        return switch (fusion) {
            case Fusion.Softmax() -> rows.rows("softmax", in, to);
            case Fusion.LogSoftmax() -> rows.rows("log_softmax", in, to);
            case Fusion.SoftmaxGradient() -> rows.rows("softmax_gradient", in, to);
            case Fusion.LayerNorm(double epsilon) -> rows.layerNorm(epsilon, in, to);
            case Fusion.LstmCell() -> rows.cell("lstm", in, out, in.get(2));
            case Fusion.LstmCellGradient() -> rows.cell("lstm_gradient", in, out, in.get(2));
            case Fusion.GruCell() -> rows.cell("gru", in, out, in.get(2));
            case Fusion.GruCellGradient() -> rows.cell("gru_gradient", in, out, in.get(2));
            case Fusion.SparseCrossentropy(boolean fromLogits, double epsilon) ->
                rows.crossentropy("", fromLogits, epsilon, in, to);
            case Fusion.SparseCrossentropyGradient(boolean fromLogits, double epsilon) ->
                rows.crossentropy("_gradient", fromLogits, epsilon, in, to);
            case Fusion.Attention forward -> attention.forward(forward, in, out);
            case Fusion.AttentionGradient(Fusion.Attention forward) -> attention.gradient(forward, in, out);
            case Fusion.BatchNorm _, Fusion.BatchNormGradient _, Fusion.Recurrence _, Fusion.RecurrenceGradient _ ->
                throw new IllegalArgumentException("There are no kernels for " + fusion);
            case Fusion.DotEpilogue epilogue -> products.epilogue(epilogue, in, to);
            case Fusion.ConvEpilogue epilogue -> convolutions.epilogue(epilogue, in, to);
        };
    }
}
