package org.keras4j.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How layers write categories: as numbers, or as vectors with a place for each. */
final class CategoryCodes {
    private CategoryCodes() {}

    /** Encodes {@code indices} as "int", "one_hot", "multi_hot" or "count". */
    static Tensor encode(Tensor indices, String mode, int depth, DType dtype, @Nullable Tensor weights) {
        if (mode.equals("int")) return K.cast(indices, dtype);
        Tensor x = indices.rank() == 0 ? K.expandDims(indices, 0) : indices;
        switch (mode) {
            case "multi_hot" -> {
                return K.multiHot(x, depth, -1, dtype);
            }
            case "one_hot" -> {
                Tensor flat = x.rank() > 1 && x.shape().last() == 1 ? K.squeeze(x, -1) : x;
                return K.oneHot(flat, depth, -1, dtype);
            }
            case "count" -> {
                Tensor hot = K.oneHot(x, depth, -1, weights == null ? dtype : weights.dtype());
                if (weights != null) hot = K.multiply(hot, K.expandDims(weights, -1));
                return K.sum(hot, x.rank() > 1 ? 1 : 0, false);
            }
            default ->
                throw new IllegalArgumentException(
                        "output_mode must be \"int\", \"one_hot\", \"multi_hot\" or \"count\", got \"" + mode + "\"");
        }
    }

    /** Returns {@code mode} if it is one of {@code known}. */
    static String checked(String who, String mode, String... known) {
        for (String k : known) if (k.equals(mode)) return mode;
        throw new IllegalArgumentException(
                who + ": output_mode must be one of " + List.of(known) + ", got \"" + mode + "\"");
    }
}
