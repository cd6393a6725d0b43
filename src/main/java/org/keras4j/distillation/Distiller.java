package org.keras4j.distillation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;
import org.keras4j.metrics.Mean;
import org.keras4j.metrics.Metric;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.models.Sequential;
import org.keras4j.ops.K;

/**
 * Trains a student to do what a teacher does, and what the labels say: the loss is {@code studentLossWeight} times the
 * compiled loss of the student and, for the rest, the sum of the distillation losses. The teacher is frozen. What is
 * called, and is to be saved after the training, is the student.
 *
 * <pre>{@code
 * var distiller = new Distiller(teacher, student, new LogitsDistillation(2));
 * distiller.compile(c -> c.optimizer("adam").loss(new SparseCategoricalCrossentropy().fromLogits(true)));
 * distiller.fit(x, y, f -> f.epochs(5));
 * student.save(Path.of("student.keras"));
 * }</pre>
 */
public final class Distiller extends Model {
    private static final String OUTPUT = "final_output";

    private final Model teacher;
    private final Model student;
    private final List<DistillationLoss> losses;
    private final List<Mean> trackers = List.of(
            new Mean().name("student_loss"), new Mean().name("distillation_loss"), new Mean().name("total_loss"));
    private final @Nullable Functional teacherFeatures;
    private final @Nullable Functional studentFeatures;
    private double[] lossWeights;
    private double studentLossWeight = 0.5;

    /**
     * Makes the distiller of two models with one output each, whose inputs and outputs have the same shapes.
     *
     * @throws IllegalArgumentException if they do not, or a loss names a layer that is not there
     */
    public Distiller(Model teacher, Model student, DistillationLoss... distillationLosses) {
        if (distillationLosses.length == 0)
            throw new IllegalArgumentException("Distiller: expected at least one distillation loss, got none");
        this.teacher = track("teacher", teacher);
        this.student = track("student", student);
        losses = List.of(distillationLosses);
        lossWeights = losses.stream().mapToDouble(l -> 1).toArray();
        checkInputs();
        checkOutputs();
        teacherFeatures = features(
                teacher, losses.stream().map(DistillationLoss::teacherLayerName).toList());
        studentFeatures = features(
                student, losses.stream().map(DistillationLoss::studentLayerName).toList());
        teacher.trainable(false);
        name("distiller");
    }

    @Override
    public Distiller name(String name) {
        super.name(name);
        return this;
    }

    /** Sets the weights of the distillation losses; 1 each if not set. */
    public Distiller distillationLossWeights(double... weights) {
        if (weights.length != losses.size())
            throw new IllegalArgumentException("distillation_loss_weights: expected " + losses.size()
                    + " numbers, one for each loss, got " + weights.length);
        lossWeights = weights.clone();
        return this;
    }

    /** Sets how much the compiled loss of the student counts, from 0 to 1; 0.5 if not set. */
    public Distiller studentLossWeight(double weight) {
        if (!(weight >= 0 && weight <= 1))
            throw new IllegalArgumentException("student_loss_weight must be from 0 to 1, got " + weight);
        studentLossWeight = weight;
        return this;
    }

    /** Returns the model that is trained. */
    public Model student() {
        return student;
    }

    /** Returns the model that is learned from. */
    public Model teacher() {
        return teacher;
    }

    private void checkInputs() {
        List<InputLayer> t = teacher.inputLayers();
        List<InputLayer> s = student.inputLayers();
        if (t.isEmpty() || s.isEmpty()) return;
        boolean same = t.size() == s.size();
        for (int i = 0; same && i < t.size(); i++)
            same = t.get(i).batchShape().isCompatible(s.get(i).batchShape());
        if (!same)
            throw new IllegalArgumentException("Distiller: expected inputs of the same shapes, got teacher "
                    + t.stream().map(InputLayer::batchShape).toList() + " and student "
                    + s.stream().map(InputLayer::batchShape).toList());
    }

    private void checkOutputs() {
        KerasTensor t = output(teacher);
        KerasTensor s = output(student);
        if (t != null && s != null && !t.shape().isCompatible(s.shape()))
            throw new IllegalArgumentException("Distiller: expected outputs of the same shape, got teacher " + t.shape()
                    + " and student " + s.shape());
    }

    /** Returns the symbolic output, or null of a model that has none. */
    private static @Nullable KerasTensor output(Model model) {
        return switch (model) {
            case Sequential s -> s.output();
            case Functional f when f.outputs() instanceof KerasTensor t -> t;
            case Functional f ->
                throw new IllegalArgumentException(
                        "Distiller: expected models with one output, got " + f.describe() + " with " + f.outputNames());
            default -> null;
        };
    }

    /** Returns a model that gives what the named layers give; null if there are no names. */
    private static @Nullable Functional features(Model model, List<@Nullable String> names) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (String name : names) if (name != null) outputs.put(name, output(model.getLayer(name), model));
        if (outputs.isEmpty()) return null;
        return switch (model) {
            case Functional f -> new Functional(f.inputs(), outputs);
            case Sequential s -> new Functional(s.inputLayers().getFirst().output(), outputs);
            default ->
                throw new IllegalArgumentException(
                        model.describe() + ": features of layers need a Sequential or Functional model");
        };
    }

    /** Returns what the layer gives in this model; it may be part of others, too. */
    private static KerasTensor output(Layer layer, Model model) {
        Node last = null;
        for (Node node : layer.inboundNodes())
            if (!(model instanceof Functional f) || f.nodes().contains(node)) last = node;
        if (last == null)
            throw new IllegalArgumentException(model.describe() + " is not built: give it an Input, so that layer \""
                    + layer.name() + "\" has an output");
        return last.outputTensors().getFirst();
    }

    @Override
    public List<InputLayer> inputLayers() {
        return student.inputLayers();
    }

    @Override
    public List<String> inputNames() {
        return student.inputNames();
    }

    @Override
    public List<String> outputNames() {
        return student.outputNames();
    }

    @Override
    protected void buildAll(Object inputs) {
        teacher.buildFrom(inputs);
        student.buildFrom(inputs);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return student.applyTo(Call.of(inputs).with("training", call.training()));
    }

    /** Refuses: what is saved is the student. */
    @Override
    public Map<String, Object> getConfig() {
        throw new UnsupportedOperationException(describe() + " is not saved: save its student()");
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    protected List<? extends Metric> ownMetrics() {
        return trackers;
    }

    @Override
    protected Tensor computeLoss(Object x, List<Tensor> y, List<Tensor> yPred, List<Tensor> sampleWeight) {
        Tensor zero = Primitives.full(0, DType.FLOAT32, Shape.SCALAR);
        Tensor compiled = studentLossWeight > 0 && !y.isEmpty() ? compiledLoss(y, yPred, sampleWeight) : null;
        Tensor ofStudent = compiled == null ? zero : compiled;
        Tensor ofTeacher = studentLossWeight < 1 ? distillationLoss(x, yPred.getFirst()) : zero;
        Tensor total = K.add(K.multiply(ofStudent, studentLossWeight), K.multiply(ofTeacher, 1 - studentLossWeight));
        List<Tensor> values = List.of(ofStudent, ofTeacher, total);
        for (int i = 0; i < values.size(); i++) trackers.get(i).updateState(values.get(i), null);
        return total;
    }

    private Tensor distillationLoss(Object x, Tensor yPred) {
        Map<String, Tensor> ofTeacher = outputs(teacherFeatures, x, false);
        Map<String, Tensor> ofStudent = outputs(studentFeatures, x, true);
        ofStudent.put(OUTPUT, yPred);
        boolean needsOutput = losses.stream().anyMatch(l -> l.teacherLayerName() == null);
        if (needsOutput)
            ofTeacher.put(OUTPUT, (Tensor) teacher.applyTo(Call.of(x).with("training", false)));
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            DistillationLoss loss = losses.get(i);
            Tensor t = named(ofTeacher, loss.teacherLayerName());
            Tensor s = named(ofStudent, loss.studentLayerName());
            Tensor value = loss.computeLoss(K.stopGradient(t), s);
            if (value.rank() != 0)
                throw new IllegalStateException(
                        loss.getClass().getSimpleName() + " must compute a scalar, got shape " + value.shape());
            parts.add(K.multiply(value, lossWeights[i]));
        }
        Tensor sum = parts.getFirst();
        for (Tensor part : parts.subList(1, parts.size())) sum = K.add(sum, part);
        return sum;
    }

    private static Tensor named(Map<String, Tensor> outputs, @Nullable String layer) {
        return Objects.requireNonNull(outputs.get(layer == null ? OUTPUT : layer));
    }

    @SuppressWarnings("unchecked") // the model was made with a map of outputs
    private static Map<String, Tensor> outputs(@Nullable Functional features, Object x, boolean training) {
        if (features == null) return new LinkedHashMap<>();
        return new LinkedHashMap<>(
                (Map<String, Tensor>) features.applyTo(Call.of(x).with("training", training)));
    }
}
