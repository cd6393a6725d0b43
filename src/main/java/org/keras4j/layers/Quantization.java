package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * How the weights of a layer are kept as small whole numbers, and whether its inputs are rounded as well.
 *
 * @param bits 8 or 4
 * @param blockSize how many rows share a scale and a zero point; 0 for one scale per output
 * @param inputRange the greatest whole number that inputs are scaled to; 0 leaves them as they are
 * @param epsilon what the greatest input counts for at least
 */
record Quantization(int bits, int blockSize, int inputRange, double epsilon) {
    /** Inputs as whole numbers, with the gradient of the inputs times their scale, and that scale. */
    record Rounded(Tensor values, Tensor scale) {}

    /**
     * Returns what a policy says, with the details of Keras's {@code quantization_config} (null for the default); null
     * for a policy without quantization.
     *
     * @param inputsByDefault whether 4-bit weights round their inputs if nothing else is said
     */
    static @Nullable Quantization of(DTypePolicy policy, @Nullable Map<?, ?> config, boolean inputsByDefault) {
        String mode = policy.quantization();
        if (mode == null) return null;
        int slash = mode.indexOf('/');
        String kind = slash < 0 ? mode : mode.substring(0, slash);
        if (!kind.equals("int8") && !kind.equals("int4"))
            throw new IllegalArgumentException(
                    "expected a dtype policy quantized as int8 or int4, got \"" + policy.name() + "\"");
        int bits = kind.equals("int8") ? 8 : 4;
        int block = slash < 0 ? 0 : Math.max(0, Integer.parseInt(mode.substring(slash + 1)));
        Map<?, ?> details = config != null && config.get("config") instanceof Map<?, ?> inner ? inner : null;
        if (details == null) return new Quantization(bits, block, bits == 8 || inputsByDefault ? 127 : 0, 1e-7);
        if (bits == 4) block = details.get("block_size") instanceof Number n ? Math.max(0, n.intValue()) : 0;
        if (!(details.get("activation_quantizer") instanceof Map<?, ?> quantizer))
            return new Quantization(bits, block, 0, 1e-7);
        Map<?, ?> options = quantizer.get("config") instanceof Map<?, ?> inner ? inner : Map.of();
        int range = options.get("value_range") instanceof List<?> pair && pair.getLast() instanceof Number n
                ? n.intValue()
                : 127;
        double epsilon = options.get("epsilon") instanceof Number n ? n.doubleValue() : 1e-7;
        return new Quantization(bits, block, range, epsilon);
    }

    /**
     * Rounds inputs to whole numbers, with one scale for all elements along {@code axes}. Gradients pass as if nothing
     * were rounded.
     */
    Rounded round(Tensor x, int[] axes) {
        Tensor scale = K.stopGradient(scale(x, axes));
        Tensor scaled = K.multiply(x, scale);
        Tensor gradientOnly = Primitives.sub(scaled, K.stopGradient(scaled));
        return new Rounded(K.add(K.stopGradient(whole(scaled)), gradientOnly), scale);
    }

    /** Rounds inputs to whole numbers; gradients pass through the scale only. */
    Rounded roundWithoutGradient(Tensor x, int[] axes) {
        Tensor scale = scale(x, axes);
        return new Rounded(K.stopGradient(whole(K.multiply(x, scale))), scale);
    }

    private Tensor scale(Tensor x, int[] axes) {
        return K.divide(inputRange, K.add(K.max(K.abs(x), axes, true), epsilon));
    }

    private Tensor whole(Tensor scaled) {
        return K.clip(K.round(scaled), inputRange == 7 ? -8 : -inputRange, inputRange);
    }
}
