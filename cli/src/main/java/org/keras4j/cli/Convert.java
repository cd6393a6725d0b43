package org.keras4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.models.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model file in another format. */
@Command(
        name = "convert",
        description = "Writes a model in another format: .keras of Keras 3, the older .h5, .json without weights, or"
                + " .weights.h5 with weights only.",
        mixinStandardHelpOptions = true)
final class Convert implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "A .keras or .h5 file of any Keras, a SavedModel directory of Keras 2, or a .json or"
                    + " .yaml file with --weights.")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "A .keras, .h5, .weights.h5 or .json file.")
    private Path out;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights to load first, a .weights.h5 file or a checkpoint of TensorFlow.")
    private @Nullable Path weights;

    @Option(names = "--force", description = "Overwrite OUT if it is there.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String name = out.toString().toLowerCase(Locale.ROOT);
        boolean toJson = name.endsWith(".json");
        if (!toJson && !name.endsWith(".keras") && !name.endsWith(".h5"))
            throw new CommandException(out + ": expected a name that ends in .keras, .h5, .weights.h5 or .json");
        if (Files.exists(out) && !force) throw new CommandException(out + " is there already; --force overwrites it");
        ModelFile.requireWritable(out);
        if (!toJson && weights == null && ModelFile.holdsNoWeights(in))
            throw new CommandException(in + " holds no weights: expected --weights FILE with it");
        Model model = ModelFile.load(in);
        if (weights != null) model.loadWeights(weights);
        if (toJson) Files.writeString(out, model.toJson());
        else if (name.endsWith(".weights.h5")) model.saveWeights(out);
        else model.save(out);
        spec.commandLine().getOut().println(out + ": " + model.describe() + ", " + model.countParams() + " weights");
        return 0;
    }
}
