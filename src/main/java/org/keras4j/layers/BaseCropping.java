package org.keras4j.layers;

import java.util.Arrays;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** Takes places away at both ends of the spatial axes. */
abstract class BaseCropping<L extends BaseCropping<L>> extends BaseEdges<L> {
    BaseCropping(int[][] cropping, int spatialAxes, boolean hasFormat) {
        super("cropping", cropping, spatialAxes, hasFormat);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        var starts = new int[x.rank()];
        int[] sizes = x.shape().dims();
        for (int i = 0; i < edges.length; i++) {
            int axis = firstAxis() + i;
            starts[axis] = edges[i][0];
            sizes[axis] -= edges[i][0] + edges[i][1];
            if (sizes[axis] <= 0)
                throw refuse("expected input larger than the cropping " + Arrays.deepToString(edges), x);
        }
        return Primitives.slice(x, starts, sizes);
    }
}
