package org.keras4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.datasets.Digits;
import org.keras4j.datasets.Split;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.utils.RandomSeeds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a convolutional network on handwritten digits, saves it, loads it again and shows what it says. */
@Command(
        name = "demo",
        description = "Trains a convolutional network on handwritten digits, saves it, loads it again and shows what it"
                + " says.",
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
    private static final int SHOWN = 4;

    @Option(names = "--epochs", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Where all random numbers come from. Default: ${DEFAULT-VALUE}.")
    private int seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "digits.keras",
            description = "Where to save the model. Default: ${DEFAULT-VALUE}.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        RandomSeeds.setRandomSeed(seed);
        Split digits = Digits.loadData();
        NDArray x = scaled(digits.xTest());

        Model model = model();
        out.println(model.summary());
        long start = System.nanoTime();
        model.fit(
                scaled(digits.xTrain()), digits.yTrain(), f -> f.epochs(epochs).batchSize(32));
        double seconds = (System.nanoTime() - start) * 1e-9;
        double accuracy =
                Objects.requireNonNull(model.evaluate(x, digits.yTest()).get("accuracy"));
        NDArray predictions = model.predict(x);
        out.printf(Locale.ROOT, "%ntest accuracy: %.4f   training: %.1f s%n", accuracy, seconds);

        model.save(file);
        requireEqual(predictions, Models.loadModel(file).predict(x));
        out.println("saved to " + file + " and loaded again: the predictions are the same");
        out.println();
        show(digits, predictions, out);
        return 0;
    }

    private static Model model() {
        var model = new Sequential(
                new Input(8, 8, 1),
                new Conv2D(32, 3).padding("same").activation("relu"),
                new Conv2D(64, 3).activation("relu"),
                new MaxPooling2D(2),
                new Dropout(0.25),
                new Flatten(),
                new Dense(128, "relu"),
                new Dropout(0.5),
                new Dense(10, "softmax"));
        model.compile(
                c -> c.optimizer("adam").loss("sparse_categorical_crossentropy").metrics("accuracy"));
        return model;
    }

    /** Returns (n, 8, 8, 1) of float32 from 0 to 1. */
    private static NDArray scaled(NDArray images) {
        Shape shape = images.shape();
        NDArray scaled = NDArray.zeros(DType.FLOAT32, shape.concat(Shape.of(1)));
        for (int i = 0; i < scaled.size(); i++) scaled.set(i, images.get(i) / Digits.BLACK);
        return scaled;
    }

    private void requireEqual(NDArray before, NDArray after) {
        if (!before.equals(after))
            throw new CommandException(file + ": the loaded model predicts something else than the saved one");
    }

    /** Shows the first digits of the test part, and the first that the model takes for another. */
    private static void show(Split digits, NDArray predictions, PrintWriter out) {
        int[] labels = digits.yTest().ints();
        float[][] p = predictions.floats2d();
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < labels.length && chosen.size() < SHOWN; i++) {
            boolean isWrong = argMax(p[i]) != labels[i];
            if (chosen.size() < SHOWN - 1 || isWrong) chosen.add(i);
        }
        List<String> captions =
                chosen.stream().map(i -> caption(argMax(p[i]), p[i], labels[i])).toList();
        int[] indices = chosen.stream().mapToInt(Integer::intValue).toArray();
        out.print(Pictures.sideBySide(digits.xTest().rows(indices), Digits.BLACK, captions));
        out.flush();
    }

    private static String caption(int said, float[] probabilities, int label) {
        String text = String.format(Locale.ROOT, "%d (%.1f %%)", said, 100 * probabilities[said]);
        return said == label ? text : text + " is " + label;
    }

    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
