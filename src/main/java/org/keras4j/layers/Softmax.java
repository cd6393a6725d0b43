package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes the softmax along an axis, or over several; places whose mask is false get nothing. */
public final class Softmax extends ActivationLayer<Softmax> {
    private final int[] axes;
    private final boolean single;

    public Softmax() {
        this(-1);
    }

    public Softmax(int axis) {
        this(new int[] {axis}, true);
    }

    public Softmax(int[] axes) {
        this(axes.clone(), false);
    }

    private Softmax(int[] axes, boolean single) {
        this.axes = axes;
        this.single = single;
        supportsMasking(true);
    }

    static Softmax fromConfig(ConfigReader config) {
        int[] axes = config.has("axis") ? config.ints("axis") : new int[] {-1};
        return configure(new Softmax(axes, !(config.get("axis") instanceof List)), config);
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "mask");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor mask = call.tensorMask();
        Tensor seen = x;
        if (mask != null) {
            mask = fitted(mask, x);
            seen = K.where(mask, x, x.dtype() == DType.FLOAT16 ? -3e4 : -1e9);
        }
        Tensor y = single ? K.softmax(seen, axes[0]) : K.softmax(seen, axes);
        return mask == null ? y : K.where(mask, y, 0.0);
    }

    private Tensor fitted(Tensor mask, Tensor x) {
        if (mask.rank() > x.rank() || !fits(mask.shape(), x.shape()))
            throw refuse("expected a mask that broadcasts to the input's shape " + x.shape(), mask);
        return mask.dtype() == DType.BOOL ? mask : K.greater(mask, 0.5);
    }

    private static boolean fits(Shape mask, Shape x) {
        for (int i = 1; i <= mask.rank(); i++) if (mask.dim(-i) != 1 && mask.dim(-i) != x.dim(-i)) return false;
        return true;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", single ? (Object) axes[0] : ConfigValues.list(axes));
        return config;
    }
}
