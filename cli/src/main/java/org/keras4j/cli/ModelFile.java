package org.keras4j.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.layers.InputLayer;
import org.keras4j.models.Model;
import org.keras4j.models.Models;

/** Models and their data, as files on the command line. */
final class ModelFile {
    private ModelFile() {}

    /** Loads a model with weights, or makes the model of a {@code .json} or {@code .yaml} file with new weights. */
    static Model load(Path file) {
        if (!Files.exists(file)) throw new CommandException(file + ": no such file");
        if (!holdsNoWeights(file)) return Models.loadModel(file);
        try {
            String text = Files.readString(file);
            return isYaml(file) ? Models.modelFromYaml(text) : Models.modelFromJson(text);
        } catch (KerasFileException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new CommandException(file + ": expected text in UTF-8, got other bytes", e);
        } catch (IOException e) {
            throw new CommandException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Refuses a place that cannot be written before there is anything to lose. */
    static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder))
            throw new CommandException(file + ": expected its directory to exist");
        if (Files.isDirectory(file))
            throw new CommandException(file + ": expected a file to write to, got a directory");
        if (!Files.isWritable(folder)) throw new CommandException(file + ": cannot be written, no permission");
    }

    /** Says whether the file is one of {@code to_json} or {@code to_yaml}. */
    static boolean holdsNoWeights(Path file) {
        return isYaml(file) || file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    }

    private static boolean isYaml(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /**
     * Returns the data of the files as the model's inputs take it: in their dtype, and in their shape where it fits.
     */
    static List<NDArray> inputs(Model model, List<DataFile> files) {
        List<InputLayer> layers = model.inputLayers();
        if (!layers.isEmpty() && files.size() != layers.size())
            throw new CommandException("the model has " + layers.size() + " inputs " + model.inputNames()
                    + ": expected " + layers.size() + " files after --x, got " + files.size());
        var inputs = new ArrayList<NDArray>();
        for (int i = 0; i < files.size(); i++) {
            NDArray array = files.get(i).read();
            if (!layers.isEmpty())
                array = shaped(array, layers.get(i).batchShape())
                        .cast(layers.get(i).inputDtype());
            inputs.add(array);
        }
        return inputs;
    }

    /** Rows of a table become pictures and the like where the model wants as many numbers in another shape. */
    private static NDArray shaped(NDArray array, Shape batchShape) {
        if (array.shape().rank() == 0) return array;
        Shape wanted = batchShape.from(1);
        Shape sample = array.shape().from(1);
        if (!wanted.isKnown() || sample.equals(wanted) || sample.size() != wanted.size()) return array;
        return array.reshape(Shape.of(array.shape().dim(0)).concat(wanted));
    }
}
