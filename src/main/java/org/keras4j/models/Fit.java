package org.keras4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.NDArray;
import org.keras4j.callbacks.Callback;
import org.keras4j.callbacks.History;
import org.keras4j.callbacks.ProgbarLogger;
import org.keras4j.op.Philox;
import org.keras4j.op.Spec;
import org.keras4j.utils.RandomSeeds;

/** The training loop: epochs of train steps, with validation and callbacks between. */
final class Fit {
    /** Makes the train steps of one epoch. */
    private interface Epoch {
        /** Returns the number of batches, or 0 if that is not known. */
        int steps();

        /** Makes the next step, or returns false at the end of the epoch. */
        boolean step();

        /** Starts an epoch. */
        void begin();
    }

    private static final System.Logger LOGGER = System.getLogger(Fit.class.getName());

    private final Model model;
    private final FitOptions options;
    private final Epoch epoch;
    private final @Nullable Evaluate validation;
    private final LazyLogs logs;

    private Fit(Model model, FitOptions options, Epoch epoch, @Nullable Evaluate validation) {
        this.model = model;
        this.options = options;
        this.epoch = epoch;
        this.validation = validation;
        logs = new LazyLogs(model.trainer());
    }

    static History onArrays(Model model, Object x, Object y, FitOptions options) {
        model.trainer().options();
        Object weights = ClassWeights.apply(options.classWeight, options.sampleWeight, y, model.outputNames());
        var all = new Step(model, Trainer.Mode.TRAIN, new Batch(x, y, weights));
        int batchSize = options.batchSize == null ? 32 : options.batchSize;
        int[] rows = range(all.samples());
        Evaluate validation = validation(model, options, batchSize);
        int train = rows.length;
        if (validation == null && options.validationSplit > 0) {
            train = (int) Math.floor(rows.length * (1 - options.validationSplit));
            if (train == 0 || train == rows.length)
                throw new IllegalArgumentException("validation_split " + options.validationSplit + " of " + rows.length
                        + " samples leaves nothing for one of training and validation");
            int size = options.validationBatchSize == null ? batchSize : options.validationBatchSize;
            var test = new Step(model, Trainer.Mode.TEST, new Batch(x, y, weights));
            validation = Evaluate.rows(model, test, Arrays.copyOfRange(rows, train, rows.length), size);
        }
        var epoch = new ArrayEpoch(all, Arrays.copyOf(rows, train), batchSize, options);
        return new Fit(model, options, epoch, validation).run();
    }

    static History onBatches(Model model, Iterable<Batch> batches, FitOptions options) {
        model.trainer().options();
        if (options.validationSplit > 0)
            throw new IllegalArgumentException(
                    "validation_split is for arrays; give a data set validationData instead");
        if (options.batchSize != null)
            throw new IllegalArgumentException("batch_size is for arrays; a data set has batches of its own");
        return new Fit(model, options, new BatchEpoch(model, batches, options), validation(model, options, 32)).run();
    }

    private static @Nullable Evaluate validation(Model model, FitOptions options, int batchSize) {
        int size = options.validationBatchSize == null ? batchSize : options.validationBatchSize;
        if (options.validationData != null)
            return Evaluate.arrays(model, options.validationData, size, options.validationSteps);
        return options.validationSet == null
                ? null
                : Evaluate.batches(model, options.validationSet, options.validationSteps);
    }

    /** Returns the number of the last epoch, as {@link Config#maxEpochs} limits it. */
    private int epochs() {
        Integer most = Config.maxEpochs();
        if (most == null || most >= options.epochs) return options.epochs;
        LOGGER.log(System.Logger.Level.WARNING, "max_epochs limits {0} epochs to {1}", options.epochs, most);
        return most;
    }

    private History run() {
        int epochs = epochs();
        var history = new History();
        List<Callback> callbacks = new ArrayList<>(options.callbacks);
        // The bar shows, and the history keeps, what the program's own callbacks add to the logs.
        if (options.verbose > 0) callbacks.add(new ProgbarLogger());
        callbacks.add(history);
        var callbackList =
                new CallbackList(model, callbacks, new Callback.Params(epochs, epoch.steps(), options.verbose));
        model.stopTraining(false);
        callbackList.tell(Callback::onTrainBegin);
        Map<String, Double> last = Map.of();
        for (int e = Math.max(options.initialEpoch, model.takeResumeEpoch());
                e < epochs && !model.stopTraining();
                e++) {
            last = epoch(e, callbackList);
        }
        if (options.initialEpoch < epochs)
            model.optimizer().finalizeVariableValues(model.optimizer().trainedVariables());
        Map<String, Double> logsAtEnd = last;
        callbackList.tell(c -> c.onTrainEnd(logsAtEnd));
        return history;
    }

    private Map<String, Double> epoch(int number, CallbackList callbackList) {
        model.resetMetrics();
        epoch.begin();
        callbackList.tell(c -> c.onEpochBegin(number));
        int batch = 0;
        while (!model.stopTraining()) {
            callbackList.trainBatchBegin(batch);
            if (!epoch.step()) break;
            callbackList.trainBatchEnd(batch++, logs.stale());
        }
        if (batch == 0)
            throw new IllegalArgumentException("The data set gave no batch: expected at least one an epoch");
        Map<String, Double> all = new TreeMap<>(model.trainer().readMetrics());
        if (validation != null && (number + 1) % options.validationFreq == 0)
            validation.run(callbackList).forEach((name, value) -> all.put("val_" + name, value));
        callbackList.tell(c -> c.onEpochEnd(number, all));
        return all;
    }

    /** Batches from arrays, shuffled before each epoch. */
    private static final class ArrayEpoch implements Epoch {
        private final Step step;
        private final int[] rows;
        private final int[] batch;
        private final boolean shuffle;
        private final int steps;
        private int next;
        private int done;

        ArrayEpoch(Step step, int[] rows, int batchSize, FitOptions options) {
            this.step = step;
            this.rows = rows;
            this.batch = new int[batchSize];
            this.shuffle = options.shuffle;
            int whole = (rows.length + batchSize - 1) / batchSize;
            Integer wanted = options.stepsPerEpoch;
            if (wanted != null && wanted > whole)
                throw new IllegalArgumentException("steps_per_epoch is " + wanted + ", but " + rows.length
                        + " samples in batches of " + batchSize + " make only " + whole);
            Integer limited = CallbackList.steps(wanted);
            steps = limited == null ? whole : Math.min(limited, whole);
        }

        @Override
        public int steps() {
            return steps;
        }

        @Override
        public void begin() {
            next = 0;
            done = 0;
            if (shuffle) shuffle(rows);
        }

        @Override
        public boolean step() {
            if (done == steps) return false;
            int count = Math.min(batch.length, rows.length - next);
            System.arraycopy(rows, next, batch, 0, count);
            step.runRows(batch, count);
            next += count;
            done++;
            return true;
        }

        /** Fisher and Yates's, from the random numbers that {@code setRandomSeed} sets. */
        private static void shuffle(int[] rows) {
            var random = new double[rows.length];
            Philox.uniform(RandomSeeds.next(), 0, random);
            for (int i = rows.length - 1; i > 0; i--) {
                int j = (int) (random[i] * (i + 1));
                int kept = rows[i];
                rows[i] = rows[j];
                rows[j] = kept;
            }
        }
    }

    /** Batches as a data set gives them. */
    private static final class BatchEpoch implements Epoch {
        private final Model model;
        private final Iterable<Batch> batches;
        private final @Nullable Integer steps;
        private final FitOptions options;
        private @Nullable Iterator<Batch> walk;
        private int done;

        BatchEpoch(Model model, Iterable<Batch> batches, FitOptions options) {
            this.model = model;
            this.batches = batches;
            this.options = options;
            steps = CallbackList.steps(options.stepsPerEpoch);
        }

        @Override
        public int steps() {
            if (steps != null) return steps;
            return batches instanceof Collection<?> known ? known.size() : 0;
        }

        @Override
        public void begin() {
            done = 0;
            // With steps_per_epoch the walk goes on where the last epoch stopped, as in Keras.
            if (steps == null || walk == null) walk = batches.iterator();
        }

        @Override
        public boolean step() {
            if (steps != null && done == steps) return false;
            if (walk == null || !walk.hasNext()) {
                if (steps == null || done == 0 && walk == null) return false;
                walk = batches.iterator();
                if (!walk.hasNext()) return false;
            }
            Batch b = walk.next();
            Object weights = ClassWeights.apply(options.classWeight, b.sampleWeight(), b.y(), model.outputNames());
            new Step(model, Trainer.Mode.TRAIN, new Batch(b.x(), b.y(), weights)).run();
            done++;
            return true;
        }
    }

    /** Returns rows 0 to n - 1. */
    static int[] range(int n) {
        var rows = new int[n];
        for (int i = 0; i < n; i++) rows[i] = i;
        return rows;
    }

    /** Returns an array of the shape with its first size replaced, for outputs of all samples. */
    static NDArray like(Spec spec, int samples) {
        return NDArray.zeros(spec.dtype(), spec.shape().with(0, samples));
    }
}
