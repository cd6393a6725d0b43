package org.keras4j.applications;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.layers.BaseLayer;
import org.keras4j.layers.Dense;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.GlobalMaxPooling2D;
import org.keras4j.layers.Input;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Node;
import org.keras4j.models.Functional;

/**
 * A network of {@code keras.applications}: Keras's keyword arguments as methods, with its defaults, and {@link #build}.
 *
 * <pre>{@code
 * Functional features = new ResNet50().includeTop(false).pooling("avg").inputShape(160, 160, 3).build();
 * }</pre>
 *
 * Layers, weights and their names are those that Keras makes, so files move both ways.
 *
 * @param <A> the network itself
 */
public abstract class Application<A extends Application<A>> {
    /** The number of classes of ImageNet, which published weights tell apart. */
    static final int IMAGENET_CLASSES = 1000;

    private static final String IMAGENET = "imagenet";

    private final int usualSize;
    private final int leastSize;
    private boolean includeTop = true;
    private @Nullable String weights = IMAGENET;
    private @Nullable KerasTensor inputTensor;
    private @Nullable Shape inputShape;
    private @Nullable String pooling;
    private int classes = IMAGENET_CLASSES;
    private Activation classifierActivation = Activations.get("softmax");
    private @Nullable String name;

    /**
     * @param name the model's name unless another is given; null if it follows from the options
     * @param usualSize rows and columns of the images that the network was made for
     * @param leastSize the fewest rows and columns that it can take
     */
    Application(@Nullable String name, int usualSize, int leastSize) {
        this.name = name;
        this.usualSize = usualSize;
        this.leastSize = leastSize;
    }

    // ---- options ----------------------------------------------------------------------------------------------------

    @SuppressWarnings("unchecked") // every network gives itself as A
    final A self() {
        return (A) this;
    }

    /** Says whether the classifier is part of the model; true if not set. */
    public A includeTop(boolean includeTop) {
        this.includeTop = includeTop;
        return self();
    }

    /**
     * Sets where the weights come from: null for random ones, a file (a Path or its name: {@code .weights.h5},
     * {@code .keras} or Keras's older {@code .h5}), or {@code "imagenet"}, which is what holds if not set: the weights
     * that Keras publishes, from the folder {@code models} in {@link Config#home}, where they are downloaded to if they
     * are not there yet.
     */
    public A weights(@Nullable Object weights) {
        if (weights != null && !(weights instanceof String) && !(weights instanceof Path))
            throw wrong("weights must be null, \"imagenet\" or a file", weights);
        this.weights = weights == null ? null : weights.toString();
        return self();
    }

    /** Sets what the network looks at instead of an input of its own. */
    public A inputTensor(@Nullable KerasTensor inputTensor) {
        this.inputTensor = inputTensor;
        return self();
    }

    /** Sets the shape of an image, without the batch axis; -1 where a size is unknown. */
    public A inputShape(int @Nullable ... inputShape) {
        this.inputShape = inputShape == null ? null : Shape.of(inputShape);
        return self();
    }

    /** Sets what a model without classifier gives: {@code "avg"} or {@code "max"} over space, null for all places. */
    public A pooling(@Nullable String pooling) {
        if (pooling != null && !pooling.equals("avg") && !pooling.equals("max"))
            throw wrong("pooling must be \"avg\", \"max\" or null", pooling);
        this.pooling = pooling;
        return self();
    }

    /** Sets how many classes the classifier tells apart; 1000 if not set. */
    public A classes(int classes) {
        if (classes < 1) throw wrong("classes must be positive", classes);
        this.classes = classes;
        return self();
    }

    /** Sets the function of the classifier's result, by name or as an Activation; softmax if not set, null for none. */
    public A classifierActivation(@Nullable Object activation) {
        classifierActivation = Activations.get(activation);
        return self();
    }

    /** Sets the name of the model. */
    public A name(@Nullable String name) {
        this.name = name;
        return self();
    }

    // ---- building ---------------------------------------------------------------------------------------------------

    /** Returns the features that the network sees in an image, before the classifier or pooling. */
    abstract KerasTensor features(KerasTensor image);

    /** Returns the published weights that fit the options. */
    abstract Pretrained imagenet();

    /** Returns the probabilities of the classes. */
    KerasTensor classify(KerasTensor features) {
        return predictions(new GlobalAveragePooling2D().name("avg_pool").apply(features));
    }

    /** Says whether the pooling after the features is called {@code avg_pool} or {@code max_pool}. */
    boolean namesPooling() {
        return true;
    }

    /** Refuses options that do not go together; called before anything is made. */
    void check() {
        if (!isImagenet() && weights != null && !Files.exists(Path.of(weights)))
            throw wrong("weights must be null, \"imagenet\" or a file that exists", weights);
        if (isImagenet() && includeTop && classes != IMAGENET_CLASSES)
            throw wrong("classes must be 1000 with a classifier of weights \"imagenet\"", classes);
        if (weights != null && includeTop && !isPlain(classifierActivation))
            throw wrong(
                    "classifierActivation must be null or softmax with weights that are given", classifierActivation);
    }

    /** Refuses images whose channels come first, for networks that Keras does not make for them. */
    final void requireChannelsLast() {
        if (channelsFirst())
            throw wrong(
                    "images must have their channels last, see Config.setImageDataFormat", Config.imageDataFormat());
    }

    private static boolean isPlain(Activation activation) {
        return activation == Activations.get("softmax") || activation == Activations.get(null);
    }

    /**
     * Makes the model, and loads its weights unless they are to be random.
     *
     * @throws IllegalArgumentException if the options do not go together
     * @throws org.keras4j.KerasFileException if there are no such weights, or they do not fit
     */
    public Functional build() {
        check();
        Shape shape = imageShape();
        KerasTensor image = inputTensor == null ? new Input(shape).tensor() : inputTensor;
        KerasTensor features = features(image);
        KerasTensor output = includeTop ? classify(features) : pool(features);
        var model = new Functional(inputTensor == null ? image : sources(inputTensor), output).name(modelName());
        Path file = isImagenet() ? imagenet().path() : weights == null ? null : Path.of(weights);
        if (file != null) model.loadWeights(file);
        return model;
    }

    /** Returns the name of the model. */
    String modelName() {
        return name == null ? getClass().getSimpleName() : name;
    }

    /** Returns the inputs that a tensor depends on, in the order in which they are met. */
    private static List<KerasTensor> sources(KerasTensor tensor) {
        Set<KerasTensor> found = new LinkedHashSet<>();
        collectSources(tensor, found, new LinkedHashSet<>());
        return List.copyOf(found);
    }

    private static void collectSources(KerasTensor tensor, Set<KerasTensor> found, Set<Node> seen) {
        Node node = tensor.node();
        if (node == null || node.layer() instanceof InputLayer) found.add(tensor);
        else if (seen.add(node)) for (KerasTensor input : node.inputTensors()) collectSources(input, found, seen);
    }

    /** Returns the features as a model without classifier gives them. */
    KerasTensor pool(KerasTensor x) {
        if (pooling == null) return x;
        String called = namesPooling() ? pooling + "_pool" : null;
        return pooling.equals("avg")
                ? named(new GlobalAveragePooling2D(), called).apply(x)
                : named(new GlobalMaxPooling2D(), called).apply(x);
    }

    /** Returns the layer of classes, called {@code predictions}, on {@code [batch, features]}. */
    final KerasTensor predictions(KerasTensor x) {
        return classifier().apply(x);
    }

    /** Returns the layer of classes. */
    final Dense classifier() {
        return new Dense(classes).activation(classifierActivation).name("predictions");
    }

    // ---- shapes -----------------------------------------------------------------------------------------------------

    /** Returns the shape of an image, without the batch axis: the one that is given, or else Keras's. */
    Shape imageShape() {
        Shape given = inputShape;
        if (isImagenet() && includeTop) {
            Shape usual = square(usualSize(), 3);
            if (given != null && !given.equals(usual))
                throw wrong("inputShape must be " + usual + " with a classifier of weights \"imagenet\"", given);
            return usual;
        }
        if (given == null) return square(includeTop ? usualSize() : Shape.UNKNOWN, 3);
        requireSize(given);
        if (isImagenet() && channels(given) != 3)
            throw wrong("inputShape must have 3 channels with weights \"imagenet\"", given);
        if (includeTop && !given.isKnown()) throw wrong("inputShape must be known where the top is included", given);
        return given;
    }

    /** Refuses a shape that is not an image's, or too small for the network. */
    final void requireSize(Shape image) {
        if (image.rank() != 3) throw wrong("inputShape must be rows, columns and channels", image);
        if (isTooSmall(rows(image)) || isTooSmall(columns(image)))
            throw wrong("inputShape must have at least " + leastSize + " rows and columns", image);
    }

    private boolean isTooSmall(int size) {
        return size != Shape.UNKNOWN && size < leastSize;
    }

    /** Returns rows and columns of the images that the network was made for. */
    int usualSize() {
        return usualSize;
    }

    static Shape square(int size, int channels) {
        return channelsFirst() ? Shape.of(channels, size, size) : Shape.of(size, size, channels);
    }

    static int rows(Shape image) {
        return image.dim(channelsFirst() ? 1 : 0);
    }

    static int columns(Shape image) {
        return image.dim(channelsFirst() ? 2 : 1);
    }

    static int channels(Shape image) {
        return image.dim(channelsFirst() ? 0 : 2);
    }

    static boolean channelsFirst() {
        return Config.imageDataFormat().equals("channels_first");
    }

    /** Returns the axis of the channels with a batch axis before them, as a positive number. */
    static int channelsAxis() {
        return channelsFirst() ? 1 : 3;
    }

    /** Returns the number of channels of {@code [batch, rows, columns, channels]}. */
    static int channels(KerasTensor x) {
        return x.shape().dim(channelsAxis());
    }

    /** Returns the smallest padding (rows before and after, columns before and after) for a stride of 2 to fit. */
    static int[][] stridePadding(KerasTensor x, int kernel) {
        int first = channelsFirst() ? 2 : 1;
        int half = kernel / 2;
        var padding = new int[2][];
        for (int i = 0; i < 2; i++) {
            int size = x.shape().dim(first + i);
            padding[i] = new int[] {size == Shape.UNKNOWN ? half - 1 : half - 1 + size % 2, half};
        }
        return padding;
    }

    /** Returns the multiple of 8 closest to {@code width}, at least 8, and not below nine tenths of {@code width}. */
    static int multipleOf8(double width) {
        int multiple = Math.max(8, (int) (width + 4) / 8 * 8);
        return multiple < 0.9 * width ? multiple + 8 : multiple;
    }

    // ---- for the networks -------------------------------------------------------------------------------------------

    final boolean includesTop() {
        return includeTop;
    }

    /** Says whether the weights are the published ones. */
    final boolean isImagenet() {
        return IMAGENET.equals(weights);
    }

    final int classes() {
        return classes;
    }

    final Activation classifierActivation() {
        return classifierActivation;
    }

    final @Nullable Shape givenShape() {
        return inputShape;
    }

    final @Nullable KerasTensor givenTensor() {
        return inputTensor;
    }

    final @Nullable String givenName() {
        return name;
    }

    /** Returns the layer under a name; null leaves the name to be made from its class. */
    static <L extends BaseLayer<L>> L named(L layer, @Nullable String name) {
        return name == null ? layer : layer.name(name);
    }

    /** Returns the error that names this network, what was expected and what came. */
    final IllegalArgumentException wrong(String expected, Object got) {
        String shown = got instanceof String ? "\"" + got + "\"" : String.valueOf(got);
        return new IllegalArgumentException(getClass().getSimpleName() + ": " + expected + ", got " + shown);
    }

    // ---- what comes out ---------------------------------------------------------------------------------------------

    /** Returns the five most probable classes of each image, as {@link ImageNet#decodePredictions}. */
    public static List<List<ImageNet.Prediction>> decodePredictions(NDArray predictions) {
        return ImageNet.decodePredictions(predictions);
    }

    /** Returns the {@code top} most probable classes of each image, as {@link ImageNet#decodePredictions}. */
    public static List<List<ImageNet.Prediction>> decodePredictions(NDArray predictions, int top) {
        return ImageNet.decodePredictions(predictions, top);
    }
}
