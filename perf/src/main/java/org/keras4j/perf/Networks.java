package org.keras4j.perf;

import java.util.List;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Bidirectional;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.GlobalAveragePooling1D;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.LayerNormalization;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.MultiHeadAttention;
import org.keras4j.layers.ReLU;
import org.keras4j.layers.ZeroPadding2D;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.models.Sequential;

/** The networks that are measured. */
final class Networks {
    private Networks() {}

    static Model tiny() {
        return new Sequential(new Input(4), new Dense(16, "relu"), new Dense(16, "relu"), new Dense(3, "softmax"));
    }

    static Model mlp() {
        return new Sequential(new Input(784), new Dense(512, "relu"), new Dense(512, "relu"), new Dense(10, "softmax"));
    }

    static Model cnn() {
        return new Sequential(
                new Input(28, 28, 1),
                new Conv2D(32, 3).activation("relu"),
                new Conv2D(64, 3).activation("relu"),
                new MaxPooling2D(2),
                new Dropout(0.25),
                new Flatten(),
                new Dense(128, "relu"),
                new Dense(10, "softmax"));
    }

    /** The network of {@code keras4j demo}. */
    static Model digits() {
        return new Sequential(
                new Input(8, 8, 1),
                new Conv2D(32, 3).padding("same").activation("relu"),
                new Conv2D(64, 3).activation("relu"),
                new MaxPooling2D(2),
                new Dropout(0.25),
                new Flatten(),
                new Dense(128, "relu"),
                new Dropout(0.5),
                new Dense(10, "softmax"));
    }

    static Model lstm() {
        return new Sequential(
                new Input(40, 64), new LSTM(128).returnSequences(true), new LSTM(128), new Dense(64, "softmax"));
    }

    static Model imdb() {
        return new Sequential(
                new Input(200).dtype("int32"),
                new Embedding(20_000, 128),
                new Bidirectional(new LSTM(64)),
                new Dense(1, "sigmoid"));
    }

    static Model resnet20() {
        KerasTensor in = new Input(32, 32, 3).tensor();
        KerasTensor x = new ReLU().apply(normalized(in, 16, 3, 1));
        for (int filters = 16; filters <= 64; filters *= 2) {
            for (int block = 0; block < 3; block++) {
                int strides = filters > 16 && block == 0 ? 2 : 1;
                KerasTensor y = normalized(new ReLU().apply(normalized(x, filters, 3, strides)), filters, 3, 1);
                if (strides == 2) x = normalized(x, filters, 1, 2);
                x = new ReLU().apply(new Add().apply(x, y));
            }
        }
        x = new GlobalAveragePooling2D().apply(x);
        return new Functional(List.of(in), List.of(new Dense(10, "softmax").apply(x)));
    }

    private static KerasTensor normalized(KerasTensor x, int filters, int size, int strides) {
        return normalized(x, filters, size, strides, "same");
    }

    private static KerasTensor normalized(KerasTensor x, int filters, int size, int strides, String padding) {
        var conv = new Conv2D(filters, size).strides(strides).padding(padding).useBias(false);
        return new BatchNormalization().apply(conv.apply(x));
    }

    static Model resnet50() {
        KerasTensor in = new Input(224, 224, 3).tensor();
        KerasTensor x = new ReLU().apply(normalized(new ZeroPadding2D(3).apply(in), 64, 7, 2, "valid"));
        x = new MaxPooling2D(3).strides(2).apply(new ZeroPadding2D(1).apply(x));
        int[] blocks = {3, 4, 6, 3};
        for (int stage = 0; stage < blocks.length; stage++) {
            int filters = 64 << stage;
            for (int block = 0; block < blocks[stage]; block++) {
                int strides = stage > 0 && block == 0 ? 2 : 1;
                KerasTensor y = new ReLU().apply(normalized(x, filters, 1, strides));
                y = normalized(new ReLU().apply(normalized(y, filters, 3, 1)), 4 * filters, 1, 1);
                if (block == 0) x = normalized(x, 4 * filters, 1, strides);
                x = new ReLU().apply(new Add().apply(x, y));
            }
        }
        x = new GlobalAveragePooling2D().apply(x);
        return new Functional(List.of(in), List.of(new Dense(1000, "softmax").apply(x)));
    }

    static Model transformer() {
        int width = 256;
        KerasTensor in = new Input(128, width).tensor();
        KerasTensor x = in;
        for (int block = 0; block < 4; block++) {
            KerasTensor y = new MultiHeadAttention(8, width / 8).apply(x, x);
            x = new LayerNormalization().epsilon(1e-6).apply(new Add().apply(x, y));
            y = new Dense(width).apply(new Dense(1024, "gelu").apply(x));
            x = new LayerNormalization().epsilon(1e-6).apply(new Add().apply(x, y));
        }
        x = new GlobalAveragePooling1D().apply(x);
        return new Functional(List.of(in), List.of(new Dense(10, "softmax").apply(x)));
    }
}
