package org.keras4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.models.Model;
import org.keras4j.utils.Npy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model on the rows of a file. */
@Command(
        name = "predict",
        description = "Runs a model on the rows of a file, and prints its outputs or writes them to files.",
        mixinStandardHelpOptions = true)
final class Predict implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "A .keras or .h5 file, a SavedModel directory of Keras 2, or a .json or .yaml file with"
                    + " --weights.")
    private Path modelFile;

    @Option(
            names = "--x",
            paramLabel = "FILE",
            required = true,
            description = "The inputs: .npy, .csv or .csv.gz, or some columns of a table, such as data.csv:0-63 or"
                    + " data.csv:width,height. Once for each input of the model.")
    private List<String> x;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write, .npy or .csv; once for each output of the model. Without it, the outputs are"
                    + " printed.")
    private List<Path> outputs = List.of();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights to load first, a .weights.h5 file or a checkpoint of TensorFlow.")
    private @Nullable Path weights;

    @Option(names = "--batch-size", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (weights == null && ModelFile.holdsNoWeights(modelFile))
            throw new CommandException(modelFile + " holds no weights: expected --weights FILE with it");
        outputs.forEach(ModelFile::requireWritable);
        Model model = ModelFile.load(modelFile);
        if (weights != null) model.loadWeights(weights);
        List<NDArray> inputs =
                ModelFile.inputs(model, x.stream().map(DataFile::of).toList());
        List<NDArray> predicted =
                model.predictAll(inputs.size() == 1 ? inputs.getFirst() : inputs, o -> o.batchSize(batchSize));
        if (outputs.isEmpty()) print(model, predicted);
        else write(model, predicted);
        return 0;
    }

    private void print(Model model, List<NDArray> predicted) {
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < predicted.size(); i++) {
            if (predicted.size() > 1) out.println("# " + model.outputNames().get(i));
            writeRows(predicted.get(i), out);
        }
        out.flush();
    }

    private void write(Model model, List<NDArray> predicted) throws IOException {
        if (outputs.size() != predicted.size())
            throw new CommandException("the model has " + predicted.size() + " outputs " + model.outputNames()
                    + ": expected " + predicted.size() + " files after --out, got " + outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            Path file = outputs.get(i);
            String name = file.toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".npy")) Npy.write(file, predicted.get(i));
            else if (name.endsWith(".csv")) writeCsv(file, predicted.get(i));
            else throw new CommandException(file + ": expected a .npy or .csv file to write to");
        }
    }

    private static void writeCsv(Path file, NDArray array) throws IOException {
        try (var out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            writeRows(array, out);
            if (out.checkError()) throw new IOException(file + ": cannot be written");
        }
    }

    /** Writes a line per sample, its numbers in row-major order. */
    private static void writeRows(NDArray array, PrintWriter out) {
        int rows = array.shape().rank() == 0 ? 1 : array.shape().dim(0);
        int columns = rows == 0 ? 0 : array.size() / rows;
        for (int row = 0; row < rows; row++) {
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                if (column > 0) line.append(',');
                line.append(number(array, row * columns + column));
            }
            out.println(line);
        }
    }

    private static String number(NDArray array, int index) {
        if (!array.dtype().isFloating()) return Long.toString(array.getLong(index));
        return array.data() instanceof float[] floats
                ? Float.toString(floats[index])
                : Double.toString(array.get(index));
    }
}
