package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** Adds zeros at both ends of the spatial axes. */
abstract class BaseZeroPadding<L extends BaseZeroPadding<L>> extends BaseEdges<L> {
    BaseZeroPadding(int[][] padding, int spatialAxes) {
        super("padding", padding, spatialAxes, true);
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public L dataFormat(@Nullable String dataFormat) {
        return format(dataFormat);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        var low = new int[x.rank()];
        var high = new int[x.rank()];
        for (int i = 0; i < edges.length; i++) {
            low[firstAxis() + i] = edges[i][0];
            high[firstAxis() + i] = edges[i][1];
        }
        return Primitives.pad(x, low, high);
    }
}
