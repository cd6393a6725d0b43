package org.keras4j.backend.cpu.kernels;

import org.jspecify.annotations.Nullable;

/**
 * What attention and its gradient are given alike.
 *
 * @param scale what scores are multiplied by
 * @param causal whether a query sees no later key
 * @param zeroEmpty whether a query that sees nothing gets zeros; otherwise it gets the mean of all values
 * @param mask which keys each query sees; null for all
 * @param q queries [batch, queries, heads, size]
 * @param k keys [batch, keys, groups, size]
 * @param v values [batch, keys, groups, value size]
 */
public record HeadInputs(
        HeadShape shape,
        float scale,
        boolean causal,
        boolean zeroEmpty,
        @Nullable HeadMask mask,
        Floats q,
        Floats k,
        Floats v) {}
