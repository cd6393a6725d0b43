package org.keras4j.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.metrics.Mean;
import org.keras4j.metrics.Metric;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.optimizers.Optimizer;

/** The compiled side of a model: makes and keeps the functions of a train step, a test step and a prediction. */
final class Trainer {
    /** Functions of so many different batch shapes are kept. */
    private static final int MOST_FUNCTIONS = 32;

    enum Mode {
        TRAIN,
        TEST,
        PREDICT
    }

    private record Key(Mode mode, List<Spec> x, List<@Nullable Shape> strings, List<Spec> y, List<Spec> weights) {}

    private final Model model;
    private final @Nullable CompileOptions options;
    private final @Nullable Optimizer optimizer;
    private final @Nullable CompiledLoss loss;
    private final @Nullable CompiledMetrics metrics;
    private final Mean lossTracker = new Mean().name("loss");
    private final Map<Key, Function> functions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Function> eldest) {
            boolean full = size() > MOST_FUNCTIONS;
            if (full) eldest.getValue().close();
            return full;
        }
    };
    private @Nullable Function results;
    private volatile @Nullable Boolean worksOnHost;
    private final Map<Integer, Integer> classes = new HashMap<>();
    private List<String> resultNames = List.of();

    /** Makes the trainer of a model that was compiled, or with null of one that only predicts. */
    Trainer(Model model, @Nullable CompileOptions options) {
        this.model = model;
        this.options = options;
        optimizer = options == null ? null : options.optimizerFor(model.dtypePolicy());
        loss = options == null ? null : new CompiledLoss(options.loss, options.lossWeights, model.outputNames());
        metrics = options == null
                ? null
                : new CompiledMetrics(options.metrics, options.weightedMetrics, model.outputNames());
    }

    CompileOptions options() {
        if (options == null)
            throw new IllegalStateException(
                    model.describe() + " is not compiled: call compile(c -> c.optimizer(...).loss(...)) before");
        return options;
    }

    boolean isCompiled() {
        return options != null;
    }

    Optimizer optimizer() {
        options();
        return Objects.requireNonNull(optimizer);
    }

    /** Returns the function of one step for batches of these shapes; traced when it is asked for first. */
    synchronized Function function(Mode mode, HostInputs x, List<NDArray> y, List<NDArray> weights, int batch) {
        var key = new Key(
                mode, x.specs(batch), x.strings(batch), HostInputs.specs(y, batch), HostInputs.specs(weights, batch));
        Function known = functions.get(key);
        if (known == null) {
            known = trace(key);
            functions.put(key, known);
        }
        return known;
    }

    /** Forgets the functions, because the model has changed. */
    synchronized void forget() {
        functions.values().forEach(Function::close);
        functions.clear();
        forgetResults();
        worksOnHost = null;
    }

    /** Says whether layers of the model compute on the host. */
    boolean worksOnHost() {
        Boolean known = worksOnHost;
        if (known == null) {
            known = model.flattenLayers().stream().anyMatch(Layer::worksOnHost);
            if (model.built()) worksOnHost = known;
        }
        return known;
    }

    private void forgetResults() {
        if (results != null) results.close();
        results = null;
    }

    private Function trace(Key key) {
        List<Tensor> x = inputs("x", key.x());
        List<Tensor> y = inputs("y", key.y());
        List<Tensor> w = inputs("sample_weight", key.weights());
        List<Tensor> all = new ArrayList<>(x);
        all.addAll(y);
        all.addAll(w);
        try (Trace trace = Trace.open()) {
            Object out = HostInputs.call(model, key.strings(), x, key.mode() == Mode.TRAIN);
            List<Tensor> outputs = model.flattenOutputs(out);
            for (int i = 0; i < outputs.size(); i++)
                if (outputs.get(i).rank() > 0)
                    classes.put(i, outputs.get(i).shape().last());
            if (key.mode() == Mode.PREDICT) return Function.of(all, outputs, trace.updates());
            Object inputs = key.strings().isEmpty() ? model.pack(x) : x;
            if (key.mode() == Mode.TRAIN) {
                train(total(inputs, y, outputs, w));
            } else {
                total(inputs, y, outputs, w);
            }
            metrics().update(y, outputs, w);
            Map<Variable, Tensor> updates = new LinkedHashMap<>(trace.updates());
            if (key.mode() == Mode.TEST) keepStateOfModel(updates);
            forgetResults();
            return Function.of(all, List.of(), updates);
        }
    }

    /** A test changes metrics, and what layers keep between calls, but seeds of layers go on as well. */
    private void keepStateOfModel(Map<Variable, Tensor> updates) {
        for (Variable v : model.trainableWeights()) updates.remove(v);
    }

    private static List<Tensor> inputs(String name, List<Spec> specs) {
        List<Tensor> tensors = new ArrayList<>();
        for (Spec s : specs) tensors.add(Primitives.input(name, s.dtype(), s.shape()));
        return tensors;
    }

    private Tensor total(Object x, List<Tensor> y, List<Tensor> outputs, List<Tensor> weights) {
        Tensor total = model.computeLoss(x, y, outputs, weights);
        lossTracker.updateState(total, batchSize(outputs.getFirst()));
        return total;
    }

    @Nullable
    Tensor compiledLoss(List<Tensor> y, List<Tensor> outputs, List<Tensor> weights) {
        return loss().isEmpty() ? null : loss().call(y, outputs, weights);
    }

    /** Returns the compiled loss and what layers add. */
    Tensor loss(List<Tensor> y, List<Tensor> outputs, List<Tensor> weights) {
        Tensor total = compiledLoss(y, outputs, weights);
        for (Tensor added : model.losses()) {
            Tensor scalar = added.rank() == 0 ? added : K.sum(added);
            total = total == null ? scalar : K.add(total, scalar);
        }
        if (total == null)
            throw new IllegalStateException(
                    model.describe() + ": no loss to compute; give compile a loss, or add one in a layer with addLoss");
        return total;
    }

    private void train(Tensor total) {
        Optimizer optimizer = optimizer();
        List<Variable> variables = model.optimizedWeights();
        if (variables.isEmpty())
            throw new IllegalStateException(model.describe() + " has no trainable weights to train");
        optimizer.build(variables); // before it scales the loss, by a factor that may be one of its variables
        List<Tensor> values = variables.stream().map(Variable::value).toList();
        optimizer.apply(Gradients.of(optimizer.scaleLoss(total), values), variables);
    }

    /** Returns the batch size as the weight of a batch's mean in an epoch's. */
    static Tensor batchSize(Tensor output) {
        double n = output.rank() == 0 ? 1 : output.shape().dim(0);
        return Primitives.full(n, DType.FLOAT32, Shape.SCALAR);
    }

    private CompiledLoss loss() {
        options();
        return Objects.requireNonNull(loss);
    }

    private CompiledMetrics metrics() {
        options();
        return Objects.requireNonNull(metrics);
    }

    /** Returns the loss of an output as compiled, for checks of the labels. */
    org.keras4j.losses.@Nullable Loss lossOf(int output) {
        return loss().isEmpty() ? null : loss().of(output);
    }

    /** Returns the last size of an output in what was traced so far: its number of classes. */
    int classes(int output) {
        return classes.getOrDefault(output, Integer.MAX_VALUE);
    }

    /** Returns the metrics in Keras's order: the total loss, the outputs' losses, what was asked for. */
    List<Metric> allMetrics() {
        List<Metric> all = new ArrayList<>();
        all.add(lossTracker);
        if (loss != null) all.addAll(loss.metrics());
        if (metrics != null) all.addAll(metrics.metrics());
        all.addAll(model.ownMetrics());
        return all;
    }

    void resetMetrics() {
        for (Metric m : allMetrics()) m.resetState();
    }

    /** Reads all metrics back, sorted by name as Keras's logs are. */
    Map<String, Double> readMetrics() {
        Function read = results;
        if (read == null) read = traceResults();
        List<NDArray> values = read.run(List.of());
        Map<String, Double> logs = new TreeMap<>();
        for (int i = 0; i < values.size(); i++)
            logs.put(resultNames.get(i), values.get(i).get(0));
        return logs;
    }

    private synchronized Function traceResults() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Trace trace = Trace.open()) {
            named.put("loss", lossTracker.result());
            for (Mean m : loss().metrics()) named.put(m.name(), m.result());
            named.putAll(metrics().results());
            for (Metric m : model.ownMetrics()) named.put(m.name(), m.result());
        }
        List<Tensor> scalars = new ArrayList<>();
        for (Map.Entry<String, Tensor> e : named.entrySet()) {
            if (e.getValue().shape().size() != 1)
                throw new IllegalStateException("Metric \"" + e.getKey() + "\": expected one number to log, got shape "
                        + e.getValue().shape());
            scalars.add(e.getValue());
        }
        resultNames = List.copyOf(named.keySet());
        Function made = Function.of(List.of(), scalars, Map.of());
        results = made;
        return made;
    }
}
