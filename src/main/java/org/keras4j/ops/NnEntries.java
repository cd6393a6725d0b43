package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;
import static org.keras4j.ops.Operations.alias;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Unary;

/** Neural network operations and activations by name. */
final class NnEntries {
    private NnEntries() {}

    static void register() {
        activations();
        convolutions();
        others();
        losses();
    }

    private static void one(String name, UnaryOperator<Tensor> f) {
        add(name + "(x)", a -> f.apply(a.tensor("x")));
    }

    private static void activations() {
        one("relu", ActivationFunctions::relu);
        one("relu6", ActivationFunctions::relu6);
        one("sigmoid", ActivationFunctions::sigmoid);
        one("tanh", ActivationFunctions::tanh);
        one("softplus", ActivationFunctions::softplus);
        one("softsign", ActivationFunctions::softsign);
        one("silu", ActivationFunctions::silu);
        one("log_sigmoid", ActivationFunctions::logSigmoid);
        one("hard_sigmoid", ActivationFunctions::hardSigmoid);
        one("hard_silu", ActivationFunctions::hardSilu);
        one("hard_tanh", ActivationFunctions::hardTanh);
        one("selu", ActivationFunctions::selu);
        one("tanh_shrink", ActivationFunctions::tanhShrink);
        one("sparse_plus", ActivationFunctions::sparsePlus);
        one("sparse_sigmoid", ActivationFunctions::sparseSigmoid);
        one("mish", ActivationFunctions::mish);
        one("activations.linear", x -> x);
        one("activations.exponential", x -> Arithmetic.floatUnary(Unary.EXP, x));
        alias("silu", "swish");
        alias("hard_silu", "hard_swish");
        add("elu(x, alpha=1.0)", a -> ActivationFunctions.elu(a.tensor("x"), a.real("alpha")));
        add("celu(x, alpha=1.0)", a -> ActivationFunctions.celu(a.tensor("x"), a.real("alpha")));
        add(
                "leaky_relu(x, negative_slope=0.2)",
                a -> ActivationFunctions.leakyRelu(a.tensor("x"), a.real("negative_slope")));
        add("gelu(x, approximate=True)", a -> ActivationFunctions.gelu(a.tensor("x"), a.flag("approximate")));
        add(
                "activations.gelu(x, approximate=False)",
                a -> ActivationFunctions.gelu(a.tensor("x"), a.flag("approximate")));
        add("glu(x, axis=-1)", a -> ActivationFunctions.glu(a.tensor("x"), a.integer("axis")));
        add("hard_shrink(x, threshold=0.5)", a -> ActivationFunctions.hardShrink(a.tensor("x"), a.real("threshold")));
        add("soft_shrink(x, threshold=0.5)", a -> ActivationFunctions.softShrink(a.tensor("x"), a.real("threshold")));
        add(
                "threshold(x, threshold, default_value)",
                a -> ActivationFunctions.threshold(a.tensor("x"), a.real("threshold"), a.real("default_value")));
        add("squareplus(x, b=4)", a -> ActivationFunctions.squareplus(a.tensor("x"), a.real("b")));
        add("softmax(x, axis=-1)", a -> soft(a, false));
        add("log_softmax(x, axis=-1)", a -> soft(a, true));
        add("sparsemax(x, axis=-1)", a -> ActivationFunctions.sparsemax(a.tensor("x"), a.integer("axis")));
        add(
                "activations.relu(x, negative_slope=0.0, max_value=None, threshold=0.0)",
                a -> ActivationFunctions.relu(
                        a.tensor("x"),
                        a.real("negative_slope"),
                        a.real("max_value", Double.POSITIVE_INFINITY),
                        a.real("threshold")));
    }

    private static Tensor soft(Arguments a, boolean log) {
        Tensor x = a.tensor("x");
        if (a.get("axis") instanceof Number axis)
            return log
                    ? ActivationFunctions.logSoftmax(x, axis.intValue())
                    : ActivationFunctions.softmax(x, axis.intValue());
        return ActivationFunctions.softmax(x, a.optionalInts("axis"), log);
    }

    private static void convolutions() {
        add(
                "conv(inputs, kernel, strides=1, padding=\"valid\", data_format=None, dilation_rate=1)",
                a -> Convolutions.conv(
                        a.tensor("inputs"),
                        a.tensor("kernel"),
                        a.ints("strides"),
                        padding(a),
                        a.optionalText("data_format"),
                        a.ints("dilation_rate")));
        add(
                "depthwise_conv(inputs, kernel, strides=1, padding=\"valid\", data_format=None, dilation_rate=1)",
                a -> Convolutions.depthwiseConv(
                        a.tensor("inputs"),
                        a.tensor("kernel"),
                        a.ints("strides"),
                        padding(a),
                        a.optionalText("data_format"),
                        a.ints("dilation_rate")));
        add(
                "separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding=\"valid\", "
                        + "data_format=None, dilation_rate=1)",
                a -> Convolutions.separableConv(
                        a.tensor("inputs"),
                        a.tensor("depthwise_kernel"),
                        a.tensor("pointwise_kernel"),
                        a.ints("strides"),
                        padding(a),
                        a.optionalText("data_format"),
                        a.ints("dilation_rate")));
        add(
                "conv_transpose(inputs, kernel, strides=1, padding=\"valid\", output_padding=None, data_format=None, "
                        + "dilation_rate=1)",
                a -> Convolutions.convTranspose(
                        a.tensor("inputs"),
                        a.tensor("kernel"),
                        a.ints("strides"),
                        padding(a),
                        a.optionalInts("output_padding"),
                        a.optionalText("data_format"),
                        a.ints("dilation_rate")));
        add(
                "max_pool(inputs, pool_size, strides=None, padding=\"valid\", data_format=None)",
                a -> Pooling.pool(
                        true,
                        a.tensor("inputs"),
                        a.ints("pool_size"),
                        a.optionalInts("strides"),
                        padding(a),
                        a.optionalText("data_format")));
        add(
                "average_pool(inputs, pool_size, strides=None, padding=\"valid\", data_format=None)",
                a -> Pooling.average(
                        a.tensor("inputs"),
                        a.ints("pool_size"),
                        a.optionalInts("strides"),
                        padding(a),
                        a.optionalText("data_format")));
        add(
                "adaptive_max_pool(inputs, output_size, data_format=None)",
                a -> Pooling.adaptive(true, a.tensor("inputs"), a.ints("output_size"), a.optionalText("data_format")));
        add(
                "adaptive_average_pool(inputs, output_size, data_format=None)",
                a -> Pooling.adaptive(false, a.tensor("inputs"), a.ints("output_size"), a.optionalText("data_format")));
        add(
                "depth_to_space(x, block_size, data_format=\"channels_last\")",
                a -> SpaceToDepth.depthToSpace(a.tensor("x"), a.integer("block_size"), a.text("data_format")));
        add(
                "space_to_depth(x, block_size, data_format=\"channels_last\")",
                a -> SpaceToDepth.spaceToDepth(a.tensor("x"), a.integer("block_size"), a.text("data_format")));
        add(
                "unfold(x, kernel_size, dilation=1, padding=0, stride=1)",
                a -> SpaceToDepth.unfold(
                        a.tensor("x"), a.ints("kernel_size"), a.ints("dilation"), a.ints("padding"), a.ints("stride")));
        add(
                "fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1)",
                a -> SpaceToDepth.fold(
                        a.tensor("x"),
                        a.ints("output_size"),
                        a.ints("kernel_size"),
                        a.ints("dilation"),
                        a.ints("padding"),
                        a.ints("stride")));
    }

    private static void others() {
        add(
                "one_hot(x, num_classes, axis=-1, dtype=None, sparse=False)",
                a -> Indexing.oneHot(
                        a.tensor("x"), a.integer("num_classes"), a.integer("axis"), a.dtype("dtype", DTypes.floatx())));
        add(
                "multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False)",
                a -> Normalizations.multiHot(
                        a.tensor("inputs"),
                        a.integer("num_classes"),
                        a.integer("axis"),
                        a.dtype("dtype", DTypes.floatx())));
        add(
                "moments(x, axes, keepdims=False, synchronized=False)",
                a -> Normalizations.moments(a.tensor("x"), a.optionalInts("axes"), a.flag("keepdims")));
        add(
                "batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=0.001)",
                a -> Normalizations.batch(
                        a.tensor("x"),
                        a.tensor("mean"),
                        a.tensor("variance"),
                        a.integer("axis"),
                        a.optionalTensor("offset"),
                        a.optionalTensor("scale"),
                        a.real("epsilon")));
        add(
                "layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, rms_scaling=False)",
                NnEntries::layerNormalization);
        add(
                "rms_normalization(x, scale=None, axis=-1, epsilon=None)",
                a -> Normalizations.rms(
                        a.tensor("x"), a.optionalTensor("scale"), a.ints("axis"), a.real("epsilon", K.epsilon())));
        add(
                "normalize(x, axis=-1, order=2, epsilon=None)",
                a -> Normalizations.normalize(
                        a.tensor("x"), a.optionalInts("axis"), a.integer("order"), a.real("epsilon", K.epsilon())));
        add(
                "dot_product_attention(query, key, value, bias=None, mask=None, scale=None, is_causal=False, "
                        + "flash_attention=None, attn_logits_soft_cap=None)",
                a -> Attention.attend(
                        a.tensor("query"),
                        a.tensor("key"),
                        a.tensor("value"),
                        a.optionalTensor("bias"),
                        a.optionalTensor("mask"),
                        a.optionalReal("scale"),
                        a.flag("is_causal")));
        add("matmul(x1, x2)", a -> Contractions.matmul(a.tensor("x1"), a.tensor("x2")));
        add("dot(x1, x2)", a -> {
            Tensor[] x = a.pair("x1", "x2");
            return Contractions.dot(x[0], x[1]);
        });
        add("tensordot(x1, x2, axes=2)", NnEntries::tensordot);
        add("einsum(subscripts, *operands)", a -> Einsum.einsum(a.text("subscripts"), a.tensors("operands")));
    }

    private static Tensor tensordot(Arguments a) {
        Tensor x = a.tensor("x1");
        Tensor y = a.tensor("x2");
        if (a.get("axes") instanceof Number n) return Contractions.tensordot(x, y, n.intValue());
        List<?> axes = a.list("axes");
        if (axes.size() != 2) throw a.wrong("axes", "a number or two lists of axes");
        return Contractions.tensordot(x, y, axes(axes.get(0)), axes(axes.get(1)));
    }

    private static int[] axes(Object value) {
        if (value instanceof Number n) return new int[] {n.intValue()};
        return ((List<?>) value).stream().mapToInt(o -> ((Number) o).intValue()).toArray();
    }

    private static void losses() {
        add(
                "binary_crossentropy(target, output, from_logits=False)",
                a -> Crossentropies.binary(a.tensor("target"), a.tensor("output"), a.flag("from_logits")));
        add(
                "categorical_crossentropy(target, output, from_logits=False, axis=-1)",
                a -> Crossentropies.categorical(
                        a.tensor("target"), a.tensor("output"), a.flag("from_logits"), a.integer("axis")));
        add(
                "sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1)",
                a -> Crossentropies.sparse(
                        a.tensor("target"), a.tensor("output"), a.flag("from_logits"), a.integer("axis")));
        add(
                "ctc_loss(target, output, target_length, output_length, mask_index=0)",
                a -> Ctc.loss(
                        a.tensor("target"),
                        a.tensor("output"),
                        a.tensor("target_length"),
                        a.tensor("output_length"),
                        a.integer("mask_index")));
        add(
                "ctc_decode(inputs, sequence_lengths, strategy=\"greedy\", beam_width=100, top_paths=1, "
                        + "merge_repeated=True, mask_index=0)",
                NnEntries::ctcDecode);
        add("psnr(x1, x2, max_val)", a -> Normalizations.psnr(a.tensor("x1"), a.tensor("x2"), a.real("max_val")));
    }

    private static List<Tensor> ctcDecode(Arguments a) {
        return switch (a.text("strategy")) {
            case "greedy" ->
                Ctc.greedy(
                        a.tensor("inputs"),
                        a.tensor("sequence_lengths"),
                        a.flag("merge_repeated"),
                        a.integer("mask_index"));
            case "beam_search" ->
                BeamSearch.decode(
                        a.tensor("inputs"),
                        a.tensor("sequence_lengths"),
                        a.integer("beam_width"),
                        a.integer("top_paths"),
                        a.integer("mask_index"));
            default -> throw a.wrong("strategy", "\"greedy\" or \"beam_search\"");
        };
    }

    private static String padding(Arguments a) {
        return a.text("padding").toLowerCase(Locale.ROOT);
    }

    private static Tensor layerNormalization(Arguments a) {
        Tensor x = a.tensor("x");
        Tensor gamma = a.optionalTensor("gamma");
        double epsilon = a.real("epsilon", K.epsilon());
        return a.flag("rms_scaling")
                ? Normalizations.byDeviation(x, gamma, a.ints("axis"), epsilon)
                : Normalizations.layer(x, gamma, a.optionalTensor("beta"), a.ints("axis"), epsilon);
    }
}
