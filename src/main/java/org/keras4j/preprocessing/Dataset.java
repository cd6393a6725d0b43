package org.keras4j.preprocessing;

import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.models.Batch;
import org.keras4j.utils.RandomSeeds;

/**
 * Samples that are read when they are wanted, in batches. It is an unmodifiable collection of {@link Batch}, which
 * {@code fit}, {@code evaluate} and {@code predict} take in place of arrays; each walk over it reads the samples anew.
 *
 * <pre>{@code
 * Dataset train = Dataset.ofSamples(files.size(), i -> new Batch(read(files.get(i)), labels[i]))
 *         .shuffle()
 *         .batch(64)
 *         .prefetch(4);
 * model.fit(train, f -> f.epochs(10));
 * }</pre>
 *
 * Data sets do not change: each method returns another one that shares what reads the samples. With {@link #prefetch}
 * that is called by several threads at once.
 */
public final class Dataset extends AbstractCollection<Batch> {
    private static final int BATCH_SIZE = 32;

    private final Function<int[], Batch> reader;
    private final boolean whole;
    private final AtomicInteger passes = new AtomicInteger();
    private int[] rows;
    private int batchSize;
    private boolean dropRemainder;
    private boolean shuffled;
    private @Nullable Integer seed;
    private int ahead;
    private int workers = 1;
    private List<String> classNames = List.of();
    private List<Path> files = List.of();

    /** Two data sets that were one. */
    public record Parts(Dataset left, Dataset right) {}

    private Dataset(int count, boolean whole, Function<int[], Batch> reader) {
        if (count < 0) throw new IllegalArgumentException("Expected a number of samples from 0, got " + count);
        this.reader = reader;
        this.whole = whole;
        rows = IntStream.range(0, count).toArray();
        batchSize = whole ? 1 : BATCH_SIZE;
    }

    private Dataset(Dataset from, Function<int[], Batch> reader) {
        this.reader = reader;
        whole = from.whole;
        rows = from.rows;
        batchSize = from.batchSize;
        dropRemainder = from.dropRemainder;
        shuffled = from.shuffled;
        seed = from.seed;
        ahead = from.ahead;
        workers = from.workers;
        classNames = from.classNames;
        files = from.files;
    }

    // ---- where samples come from ------------------------------------------------------------------------------------

    /** Takes the samples of arrays without labels. */
    public static Dataset of(Object x) {
        return of(new Batch(x, null, null));
    }

    /** Takes the samples of arrays: Java arrays, NDArrays, lists or maps of them, samples along the first axis. */
    public static Dataset of(Object x, Object y) {
        return of(new Batch(x, y, null));
    }

    /** Takes the samples of all these arrays. */
    public static Dataset of(Batch arrays) {
        Batch checked = Samples.arrays(arrays);
        return new Dataset(Samples.count(checked), false, chosen -> Samples.rows(checked, chosen));
    }

    /**
     * Reads each sample by its number; the samples of a batch are put together along a new first axis.
     *
     * @param sample returns a sample without that axis: numbers, (nested) Java arrays, strings, NDArrays, or lists or
     *     maps of them, of one shape for all samples
     */
    public static Dataset ofSamples(int count, IntFunction<Batch> sample) {
        return new Dataset(count, false, chosen -> {
            var parts = new Batch[chosen.length];
            for (int i = 0; i < parts.length; i++) parts[i] = sample.apply(chosen[i]);
            return Samples.stack(parts);
        });
    }

    /** Reads whole batches by their number, as Keras's {@code PyDataset} does; they are shuffled as a whole. */
    public static Dataset ofBatches(int count, IntFunction<Batch> batch) {
        return new Dataset(count, true, chosen -> batch.apply(chosen[0]));
    }

    /** Reads the rows of a batch at once; {@code reader} is given their numbers. */
    static Dataset ofRows(int count, Function<int[], Batch> reader) {
        return new Dataset(count, false, reader);
    }

    Dataset about(List<String> classNames, List<Path> files) {
        Dataset next = new Dataset(this, reader);
        next.classNames = List.copyOf(classNames);
        next.files = List.copyOf(files);
        return next;
    }

    // ---- options ----------------------------------------------------------------------------------------------------

    /** Sets the samples of a batch; 32 if not set. The last batch may be smaller. */
    public Dataset batch(int size) {
        return batch(size, false);
    }

    /** Sets the samples of a batch, and whether a smaller last one is left out. */
    public Dataset batch(int size, boolean dropRemainder) {
        if (whole) throw new IllegalStateException("This data set is made of whole batches, which keep their size");
        if (size <= 0) throw new IllegalArgumentException("Expected a positive batch size, got " + size);
        Dataset next = new Dataset(this, reader);
        next.batchSize = size;
        next.dropRemainder = dropRemainder;
        return next;
    }

    /** Puts all samples in a new order in each walk, from the numbers that {@code setRandomSeed} sets. */
    public Dataset shuffle() {
        Dataset next = new Dataset(this, reader);
        next.shuffled = true;
        next.seed = null;
        return next;
    }

    /** Puts all samples in a new order in each walk; the orders follow from the seed. */
    public Dataset shuffle(int seed) {
        Dataset next = shuffle();
        next.seed = seed;
        return next;
    }

    /**
     * Reads up to {@code ahead} batches in the background while the model works, as many at once as there are cores.
     */
    public Dataset prefetch(int ahead) {
        return prefetch(ahead, Runtime.getRuntime().availableProcessors());
    }

    /** Reads up to {@code ahead} batches in the background, at most {@code workers} at once. */
    public Dataset prefetch(int ahead, int workers) {
        if (ahead < 0 || workers <= 0)
            throw new IllegalArgumentException(
                    "Expected 0 or more batches and at least one worker, got " + ahead + " and " + workers);
        Dataset next = new Dataset(this, reader);
        next.ahead = ahead;
        next.workers = workers;
        return next;
    }

    /** Applies {@code change} to each batch after it was read. */
    public Dataset map(UnaryOperator<Batch> change) {
        return new Dataset(this, chosen -> change.apply(reader.apply(chosen)));
    }

    // ---- parts ------------------------------------------------------------------------------------------------------

    /** Returns the first {@code count} samples, or all where there are fewer. */
    public Dataset take(int count) {
        return between(0, Math.min(count, rows.length));
    }

    /** Returns all but the first {@code count} samples. */
    public Dataset skip(int count) {
        return between(Math.min(count, rows.length), rows.length);
    }

    /**
     * Splits as {@code keras.utils.split_dataset}: {@code round(leftSize * samples())} samples to the left, the rest to
     * the right. Samples keep their places; shuffling stays within each part.
     *
     * @param leftSize a fraction between 0 and 1
     * @throws IllegalArgumentException if a part would be empty
     */
    public Parts split(double leftSize) {
        if (!(leftSize > 0 && leftSize < 1))
            throw new IllegalArgumentException("left_size must be between 0 and 1, got " + leftSize);
        int left = (int) Math.rint(leftSize * rows.length);
        if (left == 0 || left == rows.length)
            throw new IllegalArgumentException("left_size " + leftSize + " of " + rows.length
                    + " samples leaves nothing for the " + (left == 0 ? "left" : "right") + " part");
        return new Parts(take(left), skip(left));
    }

    private Dataset between(int from, int to) {
        if (from < 0 || to < from) throw new IllegalArgumentException("Expected 0 or more samples, got " + (to - from));
        Dataset next = new Dataset(this, reader);
        next.rows = Arrays.copyOfRange(rows, from, to);
        return next;
    }

    // ---- what it is -------------------------------------------------------------------------------------------------

    /** Returns the number of batches. */
    @Override
    public int size() {
        return dropRemainder ? rows.length / batchSize : Math.ceilDiv(rows.length, batchSize);
    }

    /** Returns the number of samples; of a data set of whole batches, the number of those. */
    public int samples() {
        return rows.length;
    }

    /** Returns the names of the classes where the data set was made from a directory, in the order of the labels. */
    public List<String> classNames() {
        return classNames;
    }

    /** Returns the files of the samples where the data set was made from a directory; shuffling does not move them. */
    public List<Path> filePaths() {
        if (files.isEmpty()) return files;
        return Arrays.stream(rows).mapToObj(files::get).toList();
    }

    @Override
    public Iterator<Batch> iterator() {
        int[] order = shuffled ? shuffled() : rows;
        int count = size();
        IntFunction<Batch> read = number -> {
            int from = number * batchSize;
            return reader.apply(Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize)));
        };
        return ahead == 0 ? new InTurn(count, read) : new Prefetch(count, read, ahead, workers);
    }

    /** Fisher and Yates's. */
    private int[] shuffled() {
        long start = seed == null ? RandomSeeds.next() : seed * 0x9E3779B97F4A7C15L + passes.getAndIncrement();
        var random = new SplittableRandom(start);
        int[] order = rows.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    @Override
    public String toString() {
        return "Dataset[" + rows.length + (whole ? " batches" : " samples in batches of " + batchSize) + "]";
    }

    /** Reads each batch when it is asked for. */
    private static final class InTurn implements Iterator<Batch> {
        private final int count;
        private final IntFunction<Batch> read;
        private int next;

        InTurn(int count, IntFunction<Batch> read) {
            this.count = count;
            this.read = read;
        }

        @Override
        public boolean hasNext() {
            return next < count;
        }

        @Override
        public Batch next() {
            if (!hasNext()) throw new NoSuchElementException("The data set has " + count + " batches");
            return read.apply(next++);
        }
    }
}
