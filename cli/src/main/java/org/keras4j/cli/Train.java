package org.keras4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.models.FitOptions;
import org.keras4j.models.Model;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.optimizers.Optimizers;
import org.keras4j.utils.RandomSeeds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model on the rows of files. */
@Command(
        name = "train",
        description = "Trains a model on the rows of files and saves it.",
        mixinStandardHelpOptions = true)
final class Train implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "A .json or .yaml file (a new model, as Keras's to_json writes it), or a .keras or .h5 file"
                    + " (training goes on).")
    private Path modelFile;

    @Option(
            names = "--x",
            paramLabel = "FILE",
            required = true,
            description = "The inputs: .npy, .csv or .csv.gz, or some columns of a table, such as data.csv:0-63 or"
                    + " data.csv:width,height. Once for each input of the model.")
    private List<String> x;

    @Option(
            names = "--y",
            paramLabel = "FILE",
            required = true,
            description = "The labels, as --x. Once for each output of the model.")
    private List<String> y;

    @Option(names = "--validation-x", paramLabel = "FILE", description = "Inputs to validate with after each epoch.")
    private List<String> validationX = List.of();

    @Option(names = "--validation-y", paramLabel = "FILE", description = "Labels to validate with.")
    private List<String> validationY = List.of();

    @Option(
            names = "--validation-split",
            paramLabel = "FRACTION",
            defaultValue = "0",
            description = "What fraction of the data, from its end, to validate with instead.")
    private double validationSplit;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            split = ",",
            description = "Keras's name of the loss, such as mse; one for all outputs, or one for each.")
    private List<String> losses = List.of();

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "Keras's name of the optimizer. Default: rmsprop, or what the model was saved with.")
    private @Nullable String optimizer;

    @Option(names = "--learning-rate", paramLabel = "NUMBER", description = "Default: the optimizer's.")
    private @Nullable Double learningRate;

    @Option(names = "--metrics", paramLabel = "NAME", split = ",", description = "Keras's names, such as accuracy,mae.")
    private List<String> metrics = List.of();

    @Option(names = "--epochs", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(names = "--batch-size", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(names = "--no-shuffle", description = "Take the rows in their order in every epoch.")
    private boolean keepsOrder;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Where all random numbers come from.")
    private @Nullable Integer seed;

    @Option(
            names = "--verbose",
            defaultValue = "1",
            description = "0 prints nothing, 1 a progress bar, 2 a line for each epoch. Default: ${DEFAULT-VALUE}.")
    private int verbose;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "model.keras",
            description = "Where to save the trained model. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter terminal = spec.commandLine().getOut();
        if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".keras"))
            throw new CommandException(out + ": expected --out with a .keras file");
        ModelFile.requireWritable(out);
        if (validationX.isEmpty() != validationY.isEmpty())
            throw new CommandException("expected both of --validation-x and --validation-y, or none");
        if (seed != null) RandomSeeds.setRandomSeed(seed);
        Model model = ModelFile.load(modelFile);
        compile(model);
        model.fit(pack(ModelFile.inputs(model, files(x))), pack(arrays(y)), f -> configure(f, model));
        model.save(out);
        terminal.println("saved to " + out);
        return 0;
    }

    private void compile(Model model) {
        boolean keeps = losses.isEmpty() && optimizer == null && metrics.isEmpty();
        if (keeps && model.isCompiled()) {
            if (learningRate != null) model.optimizer().learningRate(learningRate);
            return;
        }
        if (losses.isEmpty())
            throw new CommandException(
                    keeps ? modelFile + " does not say how to train it: expected --loss" : "expected --loss as well");
        Optimizer chosen = optimizer();
        model.compile(c -> {
            c.optimizer(chosen);
            if (losses.size() == 1) c.loss(losses.getFirst());
            else c.loss(losses);
            if (!metrics.isEmpty()) c.metrics(metrics.toArray());
        });
    }

    private Optimizer optimizer() {
        Optimizer chosen = Objects.requireNonNull(Optimizers.get(optimizer == null ? "rmsprop" : optimizer));
        return learningRate == null ? chosen : chosen.learningRate(learningRate);
    }

    private void configure(FitOptions fit, Model model) {
        fit.epochs(epochs).batchSize(batchSize).verbose(verbose).shuffle(!keepsOrder);
        if (validationSplit != 0) fit.validationSplit(validationSplit);
        if (!validationX.isEmpty())
            fit.validationData(pack(ModelFile.inputs(model, files(validationX))), pack(arrays(validationY)));
    }

    private static List<DataFile> files(List<String> names) {
        return names.stream().map(DataFile::of).toList();
    }

    private static List<NDArray> arrays(List<String> names) {
        return names.stream().map(name -> DataFile.of(name).read()).toList();
    }

    private static Object pack(List<NDArray> arrays) {
        return arrays.size() == 1 ? arrays.getFirst() : arrays;
    }
}
