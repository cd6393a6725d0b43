package org.keras4j.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.callbacks.History;
import org.keras4j.callbacks.TrainedModel;
import org.keras4j.graph.Function;
import org.keras4j.graph.Profile;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.QuantizeOptions;
import org.keras4j.metrics.Metric;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.saving.Saving;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/**
 * Layers with what trains and uses them: {@code compile}, {@code fit}, {@code evaluate}, {@code predict}, {@code save}.
 *
 * <p>{@link Sequential} and {@link Functional} are made from layers. To write a model by hand, extend this class: make
 * layers part of it with {@code track}, and override {@code call} (or {@code callAll} for several inputs).
 *
 * <p>Data is given as Java arrays ({@code float[][]}, {@code String[]} and so on), {@link NDArray}s, {@link
 * StringArray}s or Tensors with the samples along the first axis; where there are several inputs or outputs, as a list
 * in their order or a map by their names.
 *
 * <p>Many threads may call {@code predict} at once; building, compiling and training are for one thread at a time.
 */
public abstract class Model extends Layer implements TrainedModel {
    private Trainer trainer = new Trainer(this, null);
    private volatile boolean stopTraining;
    private int resumeAt;

    protected Model() {}

    @Override
    public String module() {
        return "keras";
    }

    // ---- structure --------------------------------------------------------------------------------------------------

    /** Returns the layers where data enters; none for a model written by hand. */
    public List<InputLayer> inputLayers() {
        return List.of();
    }

    /** Returns the names by which a map gives the inputs. */
    public List<String> inputNames() {
        return List.of();
    }

    /** Returns the names of the outputs, by which maps give losses, metrics and labels. */
    public List<String> outputNames() {
        return List.of("output");
    }

    /** Returns the structure that the call takes, with a {@link KerasTensor} for each input; null if any will do. */
    protected @Nullable Object inputStructure() {
        return null;
    }

    /** Puts tensors, or strings, in the order of the inputs into the structure that the call takes. */
    final Object pack(List<? extends Object> tensors) {
        Object structure = inputStructure();
        if (structure == null) return tensors.size() == 1 ? tensors.getFirst() : tensors;
        Iterator<? extends Object> next = tensors.iterator();
        return Objects.requireNonNull(Tree.map(structure, leaf -> leaf instanceof KerasTensor ? next.next() : leaf));
    }

    /** Returns the outputs in the order of {@link #outputNames}. */
    final List<Tensor> flattenOutputs(Object outputs) {
        if (outputs instanceof Map<?, ?> map && map.keySet().containsAll(outputNames())) {
            List<Tensor> ordered = new ArrayList<>();
            for (String name : outputNames()) if (map.get(name) instanceof Tensor t) ordered.add(t);
            if (ordered.size() == map.size()) return ordered;
        }
        return Tree.flatten(outputs, Tensor.class);
    }

    /**
     * Returns the layer called {@code name}.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public final Layer getLayer(String name) {
        for (Layer l : layers()) if (l.name().equals(name)) return l;
        throw new IllegalArgumentException(describe() + ": no layer \"" + name + "\"; known: "
                + layers().stream().map(Layer::name).toList());
    }

    /** Returns the layer at {@code index}, counted as Keras does; a negative one counts from the end. */
    public final Layer getLayer(int index) {
        List<Layer> all = layers();
        int at = index < 0 ? index + all.size() : index;
        if (at < 0 || at >= all.size())
            throw new IllegalArgumentException(describe() + " has " + all.size() + " layers, got index " + index);
        return all.get(at);
    }

    /**
     * Returns a model from this one's inputs to the outputs of some of its layers: what features look like on the way.
     * Weights are shared.
     *
     * @param indices places in {@link #layers}; negative ones count from the end
     */
    public final Functional layers(int... indices) {
        List<KerasTensor> outputs = new ArrayList<>();
        for (int index : indices) {
            Layer layer = getLayer(index);
            if (layer.inboundNodes().isEmpty())
                throw new IllegalStateException(
                        describe() + ": layer \"" + layer.name() + "\" has not been called yet");
            outputs.addAll(layer.inboundNodes().getFirst().outputTensors());
        }
        List<KerasTensor> inputs =
                inputLayers().stream().map(InputLayer::output).toList();
        if (inputs.isEmpty()) throw new IllegalStateException(describe() + " has no symbolic inputs");
        return new Functional(
                inputs.size() == 1 ? inputs.getFirst() : inputs, outputs.size() == 1 ? outputs.getFirst() : outputs);
    }

    /** Returns Keras's table of the layers with shapes and numbers of weights. */
    public final String summary() {
        return summary(options -> {});
    }

    /** Returns Keras's table of the layers with shapes and numbers of weights. */
    public final String summary(Consumer<SummaryOptions> options) {
        var chosen = new SummaryOptions();
        options.accept(chosen);
        return Summary.of(this, chosen);
    }

    // ---- training ---------------------------------------------------------------------------------------------------

    /** Says how the model is to be trained: optimizer, loss, metrics. */
    public final void compile(Consumer<CompileOptions> options) {
        var chosen = new CompileOptions();
        options.accept(chosen);
        trainer = new Trainer(this, chosen);
    }

    /**
     * Returns the loss of a batch; a model that trains for something else overrides it. By default it is the compiled
     * loss and what layers add.
     *
     * @param x the inputs, in the structure that the call takes
     * @param y the labels, in the order of {@link #outputNames}; empty if there are none
     * @param yPred the outputs in the same order
     * @param sampleWeight weights as they were given; empty if there are none
     */
    protected Tensor computeLoss(Object x, List<Tensor> y, List<Tensor> yPred, List<Tensor> sampleWeight) {
        return trainer.loss(y, yPred, sampleWeight);
    }

    /** Returns the compiled loss alone, for {@link #computeLoss}; null if none was given to {@code compile}. */
    protected final @Nullable Tensor compiledLoss(List<Tensor> y, List<Tensor> yPred, List<Tensor> sampleWeight) {
        return trainer.compiledLoss(y, yPred, sampleWeight);
    }

    /** Returns metrics that {@link #computeLoss} or the layers update; they are reset and logged with the others. */
    protected List<? extends Metric> ownMetrics() {
        return List.of();
    }

    /** Says whether {@link #compile} was called. */
    public final boolean isCompiled() {
        return trainer.isCompiled();
    }

    @Override
    public final Optimizer optimizer() {
        return trainer.optimizer();
    }

    final Trainer trainer() {
        return trainer;
    }

    /** Returns the loss and the metrics of the last run, sorted by name. */
    public final Map<String, Double> metrics() {
        return trainer.readMetrics();
    }

    /** Sets all metrics to their start. */
    public final void resetMetrics() {
        trainer.resetMetrics();
    }

    /** Trains on arrays with Keras's defaults; see {@link #fit(Object, Object, Consumer)}. */
    public final History fit(Object x, Object y) {
        return fit(x, y, options -> {});
    }

    /**
     * Trains on arrays.
     *
     * @param x the inputs, samples along the first axis, in one of the forms that the class comment names
     * @param y the labels, in the same forms
     * @return the metrics of each epoch
     * @throws IllegalStateException if {@link #compile} was not called
     * @throws IllegalArgumentException if shapes, dtypes, numbers of samples or options do not fit; the message says
     *     what was expected and what came
     */
    public final History fit(Object x, Object y, Consumer<FitOptions> options) {
        var chosen = new FitOptions();
        options.accept(chosen);
        return Fit.onArrays(this, x, y, chosen);
    }

    /** Trains on batches; the iterable is walked once an epoch, or goes on where {@code stepsPerEpoch} stopped. */
    public final History fit(Iterable<Batch> batches, Consumer<FitOptions> options) {
        var chosen = new FitOptions();
        options.accept(chosen);
        return Fit.onBatches(this, batches, chosen);
    }

    /** Returns the loss and metrics on arrays, sorted by name, with Keras's defaults. */
    public final Map<String, Double> evaluate(Object x, Object y) {
        return evaluate(x, y, options -> {});
    }

    /** Returns the loss and metrics on arrays, sorted by name. */
    public final Map<String, Double> evaluate(Object x, Object y, Consumer<RunOptions> options) {
        var chosen = new RunOptions();
        options.accept(chosen);
        return Evaluate.onArrays(this, x, y, chosen);
    }

    /** Returns the loss and metrics on batches, sorted by name. */
    public final Map<String, Double> evaluate(Iterable<Batch> batches, Consumer<RunOptions> options) {
        var chosen = new RunOptions();
        options.accept(chosen);
        return Evaluate.onBatches(this, batches, chosen);
    }

    /** Returns the only output for all samples. */
    public final NDArray predict(Object x) {
        return predict(x, options -> {});
    }

    /** Returns the only output for all samples. */
    public final NDArray predict(Object x, Consumer<RunOptions> options) {
        return onlyOutput(predictAll(x, options));
    }

    /** Returns the only output for all samples of a data set, whose labels do not count. */
    public final NDArray predict(Iterable<Batch> batches) {
        return onlyOutput(predictAll(batches, options -> {}));
    }

    /** Returns the outputs for all samples of a data set, whose labels do not count. */
    public final List<NDArray> predictAll(Iterable<Batch> batches, Consumer<RunOptions> options) {
        Objects.requireNonNull(batches, () -> describe() + ": expected an array or batches, got null");
        var chosen = new RunOptions();
        options.accept(chosen);
        return Predict.onBatches(this, batches, chosen);
    }

    private NDArray onlyOutput(List<NDArray> outputs) {
        if (outputs.size() != 1)
            throw new IllegalStateException(
                    describe() + " has outputs " + outputNames() + ": use predictAll instead of predict");
        return outputs.getFirst();
    }

    /** Returns each output for all samples, in the order of {@link #outputNames}. */
    public final List<NDArray> predictAll(Object x, Consumer<RunOptions> options) {
        var chosen = new RunOptions();
        options.accept(chosen);
        return Predict.onArrays(this, x, chosen);
    }

    /** Returns each output for all samples by name. */
    public final Map<String, NDArray> predictMap(Object x, Consumer<RunOptions> options) {
        List<NDArray> outputs = predictAll(x, options);
        Map<String, NDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) named.put(outputNames().get(i), outputs.get(i));
        return named;
    }

    /** Makes one update with one batch, whose samples all count alike. */
    public final Map<String, Double> trainOnBatch(Object x, Object y) {
        return trainOnBatch(x, y, null);
    }

    /** Makes one update with one batch; returns its loss and metrics, sorted by name. */
    public final Map<String, Double> trainOnBatch(Object x, Object y, @Nullable Object sampleWeight) {
        trainer.resetMetrics();
        new Step(this, Trainer.Mode.TRAIN, new Batch(x, y, sampleWeight)).run();
        return trainer.readMetrics();
    }

    /** Evaluates one batch, whose samples all count alike. */
    public final Map<String, Double> testOnBatch(Object x, Object y) {
        return testOnBatch(x, y, null);
    }

    /** Evaluates one batch; returns its loss and metrics, sorted by name. */
    public final Map<String, Double> testOnBatch(Object x, Object y, @Nullable Object sampleWeight) {
        trainer.resetMetrics();
        new Step(this, Trainer.Mode.TEST, new Batch(x, y, sampleWeight)).run();
        return trainer.readMetrics();
    }

    /** Returns the outputs for one batch, run as a whole. */
    public final List<NDArray> predictOnBatch(Object x) {
        return new Step(this, Trainer.Mode.PREDICT, new Batch(x, null, null)).outputs();
    }

    /** Prepares to measure train steps on this batch; each run of the profile changes the weights. */
    public final Profile profileTraining(Object x, Object y) {
        return new Step(this, Trainer.Mode.TRAIN, new Batch(x, y, null)).profile();
    }

    /** Prepares to measure predictions for this batch. */
    public final Profile profilePrediction(Object x) {
        return new Step(this, Trainer.Mode.PREDICT, new Batch(x, null, null)).profile();
    }

    /**
     * Returns the prepared function of inference for inputs of these shapes (with the batch axis): the fastest way to
     * predict again and again, see {@link Function#run(NDArray[], NDArray[])}.
     */
    public final Function predictFunction(Shape... inputs) {
        if (trainer.worksOnHost())
            throw new IllegalStateException(
                    describe() + " has layers that work on the host, before the graph: use predict");
        List<NDArray> like = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) like.add(NDArray.zeros(Step.inputDType(this, i, null), inputs[i]));
        return trainer.function(Trainer.Mode.PREDICT, new HostInputs(like), List.of(), List.of(), inputs[0].dim(0));
    }

    @Override
    public final void stopTraining(boolean stop) {
        stopTraining = stop;
    }

    @Override
    public final boolean stopTraining() {
        return stopTraining;
    }

    @Override
    public final void resumeAt(int epoch) {
        resumeAt = epoch;
    }

    /** Returns the epoch that a callback wants to go on with, once. */
    final int takeResumeEpoch() {
        int epoch = resumeAt;
        resumeAt = 0;
        return epoch;
    }

    @Override
    public final Metric.Direction direction(String metric) {
        for (Metric m : trainer.allMetrics()) if (m.name().equals(metric)) return m.direction();
        return Metric.Direction.UNKNOWN;
    }

    /** Makes functions anew at their next use, because layers were added or taken away. */
    protected final void forgetFunctions() {
        trainer.forget();
    }

    /**
     * Quantizes the weights of {@code Dense}, {@code EinsumDense}, {@code Embedding} and {@code ReversibleEmbedding} layers
     * in place, as Keras does: to {@code "int8"} or {@code "int4"}, or {@code "float8"} (not embeddings), which trains on.
     * Other layers stay as they are. The model saves and loads as one that Keras has quantized.
     *
     * @throws IllegalStateException if a layer is not built, is quantized already, or has a low-rank correction
     */
    public final void quantize(String mode) {
        quantize(mode, o -> {});
    }

    /** As {@link #quantize(String)}, with options. */
    public final void quantize(String mode, Consumer<QuantizeOptions> options) {
        var o = new QuantizeOptions(mode);
        options.accept(o);
        for (Layer layer : flattenLayers()) if (o.wants(layer) && layer.layers().isEmpty()) layer.quantize(o);
        forgetFunctions();
    }

    @Override
    public Layer trainable(boolean trainable) {
        super.trainable(trainable);
        forgetFunctions();
        return this;
    }

    /** Returns the children with the optimizer among them, where the model is compiled. */
    @Override
    public Map<String, Object> children() {
        if (!isCompiled()) return super.children();
        Map<String, Object> all = new LinkedHashMap<>(super.children());
        all.put("optimizer", optimizer());
        return all;
    }

    @Override
    public @Nullable Map<String, Object> getCompileConfig() {
        return isCompiled() ? trainer.options().config() : Map.of();
    }

    /** Compiles as {@link #getCompileConfig} says, and makes the optimizer's variables so that they can be loaded. */
    @Override
    public void compileFromConfig(ConfigReader config) {
        var options = CompileOptions.read(config);
        if (options == null) return;
        trainer = new Trainer(this, options);
        if (built()) optimizer().build(optimizedWeights());
    }

    /** Returns the model as JSON, as Keras's {@code to_json}: without weights. */
    @Override
    public final String toJson() {
        return Saving.toJson(this);
    }

    // ---- files ------------------------------------------------------------------------------------------------------

    /** Writes the model, its weights and its optimizer's state to a {@code .keras} file. */
    @Override
    public final void save(Path file) {
        Saving.saveModel(this, file);
    }

    /** Writes the weights, and the optimizer's state if there is one, to a {@code .weights.h5} file. */
    @Override
    public final void saveWeights(Path file) {
        Saving.saveWeights(this, file);
    }

    /** Reads weights from a {@code .weights.h5} or {@code .keras} file, or a checkpoint of TensorFlow by its prefix. */
    @Override
    public final void loadWeights(Path file) {
        Saving.loadWeights(this, file);
    }

    /** Returns the weights that the optimizer changes. */
    final List<Variable> optimizedWeights() {
        return trainableWeights().stream()
                .filter(v -> !v.overwriteWithGradient())
                .toList();
    }
}
