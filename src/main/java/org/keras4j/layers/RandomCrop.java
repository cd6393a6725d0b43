package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Cuts out a random part of images in training; otherwise the images stay as they are. */
public final class RandomCrop extends RandomImageLayer<RandomCrop> {
    private final int height;
    private final int width;

    public RandomCrop(int height, int width) {
        if (height <= 0 || width <= 0)
            throw new IllegalArgumentException(
                    "RandomCrop: height and width must be positive, got " + height + " and " + width);
        this.height = height;
        this.width = width;
    }

    static RandomCrop fromConfig(ConfigReader config) {
        return new RandomCrop(config.integer("height"), config.integer("width")).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        int rows = images.dim(rowAxis());
        int columns = images.dim(rowAxis() + 1);
        if (!training) return null;
        if (rows > height && columns > width) return List.of(start(rows - height), start(columns - width));
        int cropHeight = Math.max(1, Math.min(rows, (int) ((double) columns * height / width)));
        int cropWidth = Math.max(1, Math.min(columns, (int) ((double) rows * width / height)));
        return List.of((rows - cropHeight) / 2, (columns - cropWidth) / 2);
    }

    private Tensor start(int room) {
        return Random.randint(Shape.SCALAR, 0, room + 1, DType.INT32, draw());
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || !(transformation instanceof List<?> starts)) return images;
        Tensor x = cut(K.cast(images, dtypePolicy().compute()), rowAxis(), starts.get(0), height);
        x = cut(x, rowAxis() + 1, starts.get(1), width);
        if (x.shape().dim(rowAxis()) == height && x.shape().dim(rowAxis() + 1) == width) return x;
        return image("resize", x, Map.of("size", List.of(height, width)));
    }

    /** Takes up to {@code size} places from a start that may be known only when the model runs. */
    private static Tensor cut(Tensor x, int axis, @Nullable Object start, int size) {
        int n = x.shape().dim(axis);
        if (start instanceof Number from) {
            int at = Math.min(from.intValue(), n - 1);
            return Primitives.slice(x, axis, at, Math.min(size, n - at));
        }
        int taken = Math.min(size, n);
        Tensor places = Primitives.iota(0, DType.INT32, Shape.of(taken));
        return K.take(x, K.add(places, K.cast((Tensor) Objects.requireNonNull(start), DType.INT32)), axis);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        if (!(call.first() instanceof KerasTensor images)) return super.computeOutputSpec(call);
        int row = rowAxis() - (images.shape().rank() == 3 ? 1 : 0);
        Shape out = images.shape().with(row, height).with(row + 1, width);
        return new KerasTensor(out, dtypePolicy().compute(), "keras_tensor");
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("height", height);
        config.put("width", width);
        config.put("seed", seed());
        return config;
    }
}
