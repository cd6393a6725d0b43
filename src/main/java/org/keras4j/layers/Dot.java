package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Multiplies two inputs sample by sample and sums over an axis of each. */
public final class Dot extends Merge<Dot> {
    private static final String LETTERS = "bcdefghijklmnopqrstuvwxyz";

    private final int[] axes;
    private final boolean single;
    private boolean normalize;

    public Dot(int axis) {
        this(new int[] {axis, axis}, true);
    }

    /** Takes the axis of each input. */
    public Dot(int first, int second) {
        this(new int[] {first, second}, false);
    }

    private Dot(int[] axes, boolean single) {
        this.axes = axes;
        this.single = single;
        if (axes.length != 2 || axes[0] == 0 || axes[1] == 0)
            throw new IllegalArgumentException(
                    "Dot: axes must be an axis for each of two inputs, not the batch axis, got "
                            + Arrays.toString(axes));
    }

    static Dot fromConfig(ConfigReader config) {
        int[] axes = config.ints("axes");
        boolean single = !(config.get("axes") instanceof List);
        Dot layer = new Dot(single ? new int[] {axes[0], axes[0]} : axes, single);
        return configure(layer, config).normalize(config.bool("normalize", false));
    }

    /** Says whether the inputs are first scaled to length 1 along the axis, for cosine similarity; false if not set. */
    public Dot normalize(boolean normalize) {
        requireUnbuilt();
        this.normalize = normalize;
        return this;
    }

    @Override
    Shape mergedShape(List<Shape> inputs) {
        if (inputs.size() != 2) throw refuse("expected two inputs", inputs);
        Shape a = inputs.get(0);
        Shape b = inputs.get(1);
        if (a.rank() < 2 || b.rank() < 2) throw refuse("expected inputs with at least 2 axes", inputs);
        int x = a.dim(axes[0]);
        int y = b.dim(axes[1]);
        if (x != y && x != Shape.UNKNOWN && y != Shape.UNKNOWN)
            throw refuse("expected inputs with equal sizes of axes " + axes[0] + " and " + axes[1], inputs);
        Shape out = a.without(axes[0]).concat(b.without(axes[1]).from(1));
        return out.rank() == 1 ? out.insert(1, 1) : out;
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return merge(tensors(inputs));
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        Tensor a = inputs.get(0);
        Tensor b = inputs.get(1);
        if (normalize) {
            a = K.normalize(a, new int[] {axes[0]}, 2);
            b = K.normalize(b, new int[] {axes[1]}, 2);
        }
        String left = "a" + LETTERS.substring(0, a.rank() - 1);
        char summed = left.charAt(a.shape().axis(axes[0]));
        var right = new StringBuilder("a" + LETTERS.substring(a.rank() - 1, a.rank() + b.rank() - 2));
        right.setCharAt(b.shape().axis(axes[1]), summed);
        String out = (left + right.substring(1)).replace(String.valueOf(summed), "");
        Tensor y = K.einsum(left + "," + right + "->" + out, a, b);
        return y.rank() == 1 ? K.expandDims(y, 1) : y;
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return null;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axes", single ? (Object) axes[0] : ConfigValues.list(axes));
        config.put("normalize", normalize);
        return config;
    }
}
