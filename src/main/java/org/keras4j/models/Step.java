package org.keras4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Function;
import org.keras4j.graph.Profile;
import org.keras4j.layers.InputLayer;
import org.keras4j.losses.Loss;
import org.keras4j.losses.SparseCategoricalCrossentropy;
import org.keras4j.op.Spec;

/** One kind of step on given arrays: whole ones, or rows of them. Holds the functions for its batch sizes. */
final class Step {
    private final Model model;
    private final Trainer.Mode mode;
    private final List<Object> data;
    private final HostInputs x;
    private final List<NDArray> y;
    private final List<NDArray> weights;
    private final NDArray[] values;
    private final int samples;
    private final @Nullable NDArray[] nothing = {};
    private @Nullable Function full;
    private int fullSize = -1;

    /** Checks and converts the data of a batch, or of a whole data set to take batches from. */
    Step(Model model, Trainer.Mode mode, Batch data) {
        this(
                model,
                mode,
                inputs(model, data.x()),
                mode == Trainer.Mode.PREDICT ? List.of() : labels(model, data.y()),
                data.sampleWeight() == null || mode == Trainer.Mode.PREDICT
                        ? List.of()
                        : floats(HostArrays.of(
                                data.sampleWeight(),
                                data.sampleWeight() instanceof Map<?, ?> ? model.outputNames() : List.of(),
                                "sample_weight")));
    }

    private Step(Model model, Trainer.Mode mode, List<Object> data, List<NDArray> y, List<NDArray> weights) {
        this.model = model;
        this.mode = mode;
        this.data = data;
        this.y = y;
        this.weights = weights;
        x = HostInputs.of(model, mode, data);
        samples = HostArrays.samples(x.arrays(), y, weights);
        if (weights.size() > 1 && weights.size() != y.size())
            throw new IllegalArgumentException("sample_weight: expected one array, or one for each of the " + y.size()
                    + " outputs, got " + weights.size());
        List<NDArray> all = new ArrayList<>(x.arrays());
        all.addAll(y);
        all.addAll(weights);
        values = all.toArray(NDArray[]::new);
    }

    int samples() {
        return samples;
    }

    /** Says whether what the graph is fed with depends on the samples of a batch, see {@link #part}. */
    boolean dependsOnBatch() {
        return x.dependOnBatch();
    }

    /** Returns the step of {@code count} of the named rows alone. */
    Step part(int[] rows, int count) {
        int[] some = Arrays.copyOf(rows, count);
        List<Object> inputs = new ArrayList<>();
        for (Object o : data) inputs.add(o instanceof StringArray s ? s.rows(some) : ((NDArray) o).rows(some));
        return new Step(model, mode, inputs, rows(y, some), rows(weights, some));
    }

    private static List<NDArray> rows(List<NDArray> arrays, int[] rows) {
        return arrays.stream().map(a -> a.rows(rows)).toList();
    }

    private static List<Object> inputs(Model model, Object data) {
        List<Object> given = HostArrays.withStrings(data, model.inputNames(), model.describe() + " inputs");
        List<Object> fit = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (!(given.get(i) instanceof NDArray raw)) {
                check(model, i, ((StringArray) given.get(i)).shape(), true);
                fit.add(given.get(i));
                continue;
            }
            check(model, i, raw.shape(), false);
            NDArray a = HostArrays.standard(raw);
            DType want = inputDType(model, i, a.dtype());
            if (!want.isFloating() && a.dtype().isFloating()) refuseFractions(model, i, a, want);
            fit.add(a.cast(want));
        }
        return fit;
    }

    private static void refuseFractions(Model model, int input, NDArray a, DType want) {
        for (int k = 0; k < a.size(); k++)
            if (a.get(k) != Math.rint(a.get(k)))
                throw new IllegalArgumentException(
                        model.describe() + ": input \"" + model.inputNames().get(input) + "\" is " + want + ", got "
                                + a.dtype() + " with the value " + a.get(k));
    }

    /** Returns the dtype that an input has in the model; where it says nothing, what Keras makes of the data's. */
    static DType inputDType(Model model, int input, @Nullable DType given) {
        List<InputLayer> layers = model.inputLayers();
        if (input < layers.size()) return layers.get(input).inputDtype();
        return given == null ? DType.of(Config.floatx()) : given;
    }

    private static void check(Model model, int input, Shape got, boolean strings) {
        List<InputLayer> layers = model.inputLayers();
        if (input >= layers.size()) return;
        Shape want = layers.get(input).batchShape();
        Shape row = want.from(1);
        boolean wanted = layers.get(input).takesStrings();
        boolean fits = got.rank() > 0
                && wanted == strings
                && (got.from(1).isCompatible(row)
                        || got.rank() == want.rank() - 1 && want.last() == 1
                        || got.rank() == want.rank() + 1 && got.last() == 1);
        if (!fits)
            throw new IllegalArgumentException(model.describe() + ": expected input \""
                    + layers.get(input).name() + "\" of "
                    + kind(wanted) + "shape " + want
                    + ", got " + kind(strings) + got
                    + (strings && !wanted ? "; an input of Strings is made by Input.dtype(\"string\")" : ""));
    }

    private static String kind(boolean strings) {
        return strings ? "strings of " : "";
    }

    private static List<NDArray> labels(Model model, @Nullable Object data) {
        if (data == null) {
            if (!model.trainer().options().lossIsEmpty())
                throw new IllegalArgumentException(
                        model.describe() + ": expected labels y for the compiled loss, got none");
            return List.of();
        }
        List<NDArray> given = new ArrayList<>();
        for (NDArray a : HostArrays.of(data, model.outputNames(), model.describe() + " labels"))
            given.add(HostArrays.standard(a));
        HostArrays.checkLabels(given, model.outputNames());
        return given;
    }

    private static List<NDArray> floats(List<NDArray> arrays) {
        return arrays.stream().map(a -> a.cast(DType.of(Config.floatx()))).toList();
    }

    /** Runs the whole arrays as one batch. */
    void run() {
        Function f = model.trainer().function(mode, x, y, weights, samples);
        checkClasses();
        f.run(values, nothing);
    }

    /** Runs {@code count} of the named rows as one batch. */
    void runRows(int[] rows, int count) {
        if (x.dependOnBatch()) part(rows, count).run();
        else function(count).runRows(values, rows, count, nothing);
    }

    /** Prepares to measure runs of the whole arrays as one batch. */
    Profile profile() {
        Function f = model.trainer().function(mode, x, y, weights, samples);
        checkClasses();
        return f.profile(values);
    }

    /** Runs the whole arrays as one batch and returns the outputs. */
    List<NDArray> outputs() {
        Function f = model.trainer().function(mode, x, y, weights, samples);
        List<NDArray> out = new ArrayList<>();
        for (Spec s : f.outputSpecs()) out.add(NDArray.zeros(s.dtype(), s.shape()));
        f.run(values, out.toArray(NDArray[]::new));
        return out;
    }

    /** Runs {@code count} of the named rows and writes each output. */
    void outputs(int[] rows, int count, NDArray[] into) {
        function(count).runRows(values, rows, count, into);
    }

    /** Returns the function for a batch size; that of the usual one is found without a look-up. */
    Function function(int count) {
        Function known = full;
        if (known != null && fullSize == count) return known;
        Function made = model.trainer().function(mode, x, y, weights, count);
        if (known == null) {
            checkClasses();
            full = made;
            fullSize = count;
        }
        return made;
    }

    /** Refuses class numbers that the outputs do not have; on the device they would give NaN at best. */
    private void checkClasses() {
        if (mode == Trainer.Mode.PREDICT) return;
        for (int i = 0; i < y.size(); i++) {
            Loss loss = model.trainer().lossOf(i);
            if (!(loss instanceof SparseCategoricalCrossentropy sparse)) continue;
            Integer ignored = sparse.ignoreClass();
            int classes = model.trainer().classes(i);
            NDArray labels = y.get(i);
            for (int k = 0; k < labels.size(); k++) {
                long label = labels.getLong(k);
                if ((label < 0 || label >= classes) && (ignored == null || label != ignored))
                    throw new IllegalArgumentException(
                            "Labels for output \"" + model.outputNames().get(i) + "\": expected classes from 0 to "
                                    + (classes - 1) + ", got " + label + " at element " + k);
            }
        }
    }
}
