package org.keras4j.layers;

import java.util.Arrays;
import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Gives all axes but the first another shape of the same size. */
public final class Reshape extends BaseLayer<Reshape> {
    private final int[] targetShape;

    /** Takes the sizes without the batch axis; one of them may be -1, to be found out. */
    public Reshape(int... targetShape) {
        int open = 0;
        for (int size : targetShape) {
            if (size < -1)
                throw new IllegalArgumentException(
                        "Reshape: target_shape must have sizes of -1 or more, got " + Arrays.toString(targetShape));
            if (size == -1) open++;
        }
        if (open > 1)
            throw new IllegalArgumentException(
                    "Reshape: only one size of target_shape can be -1, got " + Arrays.toString(targetShape));
        this.targetShape = targetShape.clone();
    }

    static Reshape fromConfig(ConfigReader config) {
        return configure(new Reshape(config.ints("target_shape")), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.reshape(x, Shape.of(x.shape().dim(0)).concat(resolved(x.shape())));
    }

    /** Returns the target with the open size found out. */
    private Shape resolved(Shape input) {
        long size = input.size(1, input.rank());
        long known = 1;
        int open = -1;
        for (int i = 0; i < targetShape.length; i++) {
            if (targetShape[i] == -1) open = i;
            else known *= targetShape[i];
        }
        boolean fits = open < 0 ? known == size : known > 0 && size % known == 0;
        if (!fits) throw refuse("expected input that reshapes to " + Shape.of(targetShape) + " per sample", input);
        return open < 0 ? Shape.of(targetShape) : Shape.of(targetShape).with(open, (int) (size / known));
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        KerasTensor x = (KerasTensor) call.first();
        Shape rest = x.shape().from(1);
        Shape target = rest.isKnown() ? resolved(Shape.of(1).concat(rest)) : Shape.of(targetShape);
        return new KerasTensor(Shape.of(x.shape().dim(0)).concat(target), outputDtype(x.dtype()), "keras_tensor");
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("target_shape", ConfigValues.list(targetShape));
        return config;
    }
}
