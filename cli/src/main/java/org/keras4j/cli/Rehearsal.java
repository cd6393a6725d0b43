package org.keras4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.LayerNormalization;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.MultiHeadAttention;
import org.keras4j.layers.ReLU;
import org.keras4j.layers.Reshape;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.utils.Npy;

/**
 * Does a little of what people use the program for. The script {@code keras4j} runs it once after a build, to write an
 * archive of the classes that are loaded meanwhile.
 */
final class Rehearsal {
    private static final int SAMPLES = 64;
    private static final int SIDE = 8;

    private Rehearsal() {}

    /** Trains a small model, and runs commands on its file; {@code args} is a folder for files, which stay there. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        NDArray x = NDArray.zeros(DType.FLOAT32, Shape.of(SAMPLES, SIDE, SIDE, 3));
        var random = new Random(1);
        for (int i = 0; i < x.size(); i++) x.set(i, random.nextGaussian());
        NDArray y = NDArray.zeros(DType.INT32, Shape.of(SAMPLES));
        for (int i = 0; i < SAMPLES; i++) y.set(i, random.nextInt(4));
        String input = folder.resolve("x.npy").toString();
        Npy.write(Path.of(input), x);
        String model = folder.resolve("model.keras").toString();
        train(x, y).save(Path.of(model));
        run("summary", model);
        run("convert", model, folder.resolve("model.h5").toString());
        run("predict", folder.resolve("model.h5").toString(), "--x", input);
        run("predict", model, "--x", input);
        run("--help");
    }

    private static Model train(NDArray x, NDArray y) {
        KerasTensor in = new Input(SIDE, SIDE, 3).tensor();
        KerasTensor a = new Conv2D(16, 3).padding("same").useBias(false).apply(in);
        a = new ReLU().apply(new BatchNormalization().apply(a));
        a = new MaxPooling2D(2).apply(new DepthwiseConv2D(3).padding("same").apply(a));
        a = new Reshape(SIDE * SIDE / 4, 16).apply(a);
        KerasTensor b = new MultiHeadAttention(2, 8).apply(a, a);
        a = new LayerNormalization().apply(new Add().apply(a, b));
        a = new Dropout(0.1).apply(new Dense(32, "gelu").apply(a));
        b = new LSTM(8).returnSequences(true).apply(a);
        KerasTensor out = new Dense(4, "softmax").apply(new Flatten().apply(b));
        Model model = new Functional(List.of(in), List.of(out));
        model.compile(
                c -> c.optimizer("adam").loss("sparse_categorical_crossentropy").metrics("accuracy"));
        model.fit(x, y, f -> f.epochs(2).batchSize(SAMPLES / 2).verbose(0));
        model.evaluate(x, y, e -> e.verbose(0));
        return model;
    }

    private static void run(String... args) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        int code = Main.run(args, nowhere, nowhere);
        if (code != 0) throw new IllegalStateException("keras4j " + Arrays.toString(args) + " ended with " + code);
    }
}
