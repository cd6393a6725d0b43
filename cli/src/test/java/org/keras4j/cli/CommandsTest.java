package org.keras4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.layers.Reshape;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.utils.Npy;

class CommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeFiles() throws IOException {
        var model = new Sequential(new Input(2, 2), new Reshape(4), new Dense(1).name("sum"));
        Files.writeString(file("model.json"), model.toJson());
        var table = new StringBuilder("a,b,c,d,total\n");
        for (int i = 0; i < 64; i++) {
            int[] bits = {i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1};
            table.append("%d,%d,%d,%d,%d%n".formatted(bits[0], bits[1], bits[2], bits[3], bits[0] + bits[1] - bits[2]));
        }
        Files.writeString(file("data.csv"), table);
        Files.writeString(file("plain.json"), "{\"a\": 1}");
        Files.writeString(file("json.keras"), "{\"a\": 1}");
        Files.writeString(file("list.json"), "[1]");
        Files.writeString(file("plain.yaml"), "a: 1");
        Files.writeString(file("empty.h5"), "");
        Files.writeString(file("checkpoint.w.index"), "");
        Files.createDirectories(file("saved.model"));
        Files.writeString(file("saved.model").resolve("saved_model.pb"), "");
    }

    @Test
    void rehearsesWhatPeopleDo() throws IOException {
        Rehearsal.main(new String[] {file("rehearsal").toString()});
        Model trained = Models.loadModel(file("rehearsal").resolve("model.keras"));
        Model converted = Models.loadModel(file("rehearsal").resolve("model.h5"));
        assertEquals(trained.getWeights(), converted.getWeights());
    }

    @Test
    void convertsBetweenFormats() {
        assertEquals(0, train("--loss", "mse", "--optimizer", "adam", "--epochs", "1"), err::toString);
        assertEquals(0, run("convert", file("m.keras"), file("old.h5")), err::toString);
        assertEquals(0, run("convert", file("old.h5"), file("new.keras")), err::toString);
        assertEquals(
                Models.loadModel(Path.of(file("m.keras").toString())).getWeights(),
                Models.loadModel(Path.of(file("new.keras").toString())).getWeights());
        assertEquals(0, run("convert", file("old.h5"), file("w.weights.h5")), err::toString);
        assertEquals(0, run("convert", file("old.h5"), file("a.json")), err::toString);
        assertEquals(
                0,
                run("convert", file("a.json"), file("again.keras"), "--weights", file("w.weights.h5")),
                err::toString);
        assertEquals(1, run("convert", file("a.json"), file("b.keras")));
        assertTrue(err.toString().contains("holds no weights"), err::toString);
        assertEquals(1, run("convert", file("old.h5"), file("a.json")));
        assertTrue(err.toString().contains("is there already"), err::toString);
        assertEquals(1, run("convert", file("old.h5"), file("model.onnx")));
        assertTrue(err.toString().contains("expected a name that ends in"), err::toString);
    }

    @Test
    void trainsAModelThatPredictsWhatItLearned() throws IOException {
        assertEquals(
                0,
                train(
                        "--loss",
                        "mse",
                        "--optimizer",
                        "adam",
                        "--learning-rate",
                        "0.05",
                        "--epochs",
                        "200",
                        "--seed",
                        "1"),
                err::toString);
        assertEquals(
                0,
                run("predict", file("m.keras"), "--x", file("data.csv") + ":a,b,c,d", "--out", file("p.npy")),
                err::toString);
        NDArray predicted = Npy.read(Path.of(file("p.npy").toString()));
        assertEquals(Shape.of(64, 1), predicted.shape());
        for (int i = 0; i < 64; i++)
            assertEquals((i & 1) + (i >> 1 & 1) - (i >> 2 & 1), predicted.get(i), 0.05, "row " + i);
    }

    @Test
    void trainingGoesOnWithWhatTheModelWasSavedWith() {
        assertEquals(0, train("--loss", "mse", "--seed", "3"), err::toString);
        float[] before = weights();
        assertEquals(
                0,
                run(
                        "train",
                        file("m.keras"),
                        "--x",
                        file("data.csv") + ":0-3",
                        "--y",
                        file("data.csv") + ":4",
                        "--verbose",
                        "0",
                        "--out",
                        file("m.keras")),
                err::toString);
        assertTrue(!Arrays.equals(before, weights()), "no weight has changed");
    }

    @Test
    void printsPredictionsAsRows() {
        assertEquals(0, train("--loss", "mse"), err::toString);
        assertEquals(0, run("predict", file("m.keras"), "--x", file("data.csv") + ":a,b,c,d"), err::toString);
        List<String> lines = out.toString().lines().skip(1).toList();
        assertEquals(64, lines.size());
        NDArray direct = Models.loadModel(file("m.keras")).predict(NDArray.zeros(DType.FLOAT32, Shape.of(1, 2, 2)));
        assertEquals(direct.get(0), Float.parseFloat(lines.getFirst()));
    }

    @Test
    void summarizesAFileWithoutWeights() {
        assertEquals(0, run("summary", file("model.json")), err::toString);
        assertTrue(out.toString().contains("Total params: 5"), out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "summary none.keras;none.keras: no such file",
                "summary data.csv;data.csv",
                "predict model.json --x data.csv;model.json holds no weights: expected --weights FILE",
                "train model.json --x data.csv:0-3 --y data.csv:4;model.json does not say how to train it: expected"
                        + " --loss",
                "train model.json --x data.csv:0-3 --y data.csv:4 --metrics mae;expected --loss as well",
                "train model.json --x data.csv:0-3 --x data.csv --y data.csv:4 --loss mse;expected 1 files after --x,"
                        + " got 2",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss nonsense;nonsense",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mse --optimizer nonsense;nonsense",
                "train model.json --x data.csv:0-2 --y data.csv:4 --loss mse;(64, 3)",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mse --out none/x.keras;x.keras: expected its"
                        + " directory to exist",
                "predict model.json --weights w.h5 --x data.csv:0-3 --out none/x.npy;x.npy: expected its directory to exist",
                "convert model.json none/x.json;x.json: expected its directory to exist",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mze;Unknown loss \"mze\" (did you mean \"mae\" or"
                        + " \"mse\"",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mse --optimizer adm;did you mean \"adam\"",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mse --metrics acuracy;did you mean \"accuracy\"",
                "summary plain.json;plain.json: JSON: expected a model with class_name and config, got [a]",
                "summary list.json;list.json: JSON: expected a JSON object, got a list",
                "summary plain.yaml;plain.yaml: YAML: expected a model with class_name and config, got [a]",
                "summary empty.h5;empty.h5: expected a .keras or .h5 file, got an empty file",
                "summary json.keras;json.keras: expected a .keras or .h5 file, got JSON, which holds no weights",
                "predict model.json --weights checkpoint.w --x data.csv:0-3;checkpoint.w.index: expected an index of a"
                        + " checkpoint, got a file of 0 bytes",
                "summary saved.model;saved.model: is a SavedModel of TensorFlow that Keras 2 did not save as a model",
                "conformance none.dir;none.dir: expected a folder of cases",
                "train model.json --x data.csv:0-3 --y data.csv:4 --loss mse --out x.h5;x.h5: expected --out with a"
                        + " .keras file"
            })
    void saysInOneLineWhatIsWrong(String command, String message) {
        String[] args = command.split(" ");
        for (int i = 0; i < args.length; i++)
            if (args[i].contains(".")) args[i] = folder.resolve(args[i]).toString();
        assertEquals(1, Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true)));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    private int train(String... more) {
        var args = new ArrayList<Object>(List.of(
                "train",
                file("model.json"),
                "--x",
                file("data.csv") + ":0-3",
                "--y",
                file("data.csv") + ":total",
                "--verbose",
                "0",
                "--out",
                file("m.keras")));
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    private float[] weights() {
        return Models.loadModel(file("m.keras")).getWeights().getFirst().floats();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private int run(Object... args) {
        String[] texts = Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
        return Main.run(texts, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
