package org.keras4j.graph;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Memory;
import org.keras4j.op.Spec;

/** A plan prepared for a backend. Several threads may run it at once: each takes a frame of its own. */
final class Executable implements AutoCloseable {
    private static final int MOST_IDLE_FRAMES = 4;

    private final Plan plan;
    private final Backend backend;
    private final List<Spec> inputs;
    private final List<Variable> updated;
    private final Map<Plan.Value, Memory> constants = new ConcurrentHashMap<>();
    private final ArrayDeque<Frame> idle = new ArrayDeque<>(MOST_IDLE_FRAMES);
    private boolean closed;
    private int running;

    Executable(Plan plan, Backend backend, List<Spec> inputs, List<Variable> updated) {
        this.plan = plan;
        this.backend = backend;
        this.inputs = inputs;
        this.updated = updated;
    }

    Backend backend() {
        return backend;
    }

    /**
     * Runs once.
     *
     * @param values an array for each input; its first {@code count} rows named by {@code rows} are taken, or the whole
     *     array if {@code rows} is null
     * @param into an array for each output that is wanted, null for one that is not
     */
    void run(NDArray[] values, int @Nullable [] rows, int count, @Nullable NDArray[] into) {
        run(values, rows, count, into, null);
    }

    /** Runs once, and writes the nanoseconds of each kernel if {@code nanos} is not null. */
    void run(NDArray[] values, int @Nullable [] rows, int count, @Nullable NDArray[] into, long @Nullable [] nanos) {
        Frame frame = take();
        boolean good = false;
        try {
            for (int i = 0; i < values.length; i++) {
                if (rows == null) backend.upload(values[i], frame.parameters[i]);
                else backend.uploadRows(values[i], rows, count, frame.parameters[i]);
            }
            for (int i = 0; i < updated.size(); i++) updated.get(i).beforeChange();
            if (nanos == null) frame.run();
            else frame.run(nanos);
            for (int i = 0; i < updated.size(); i++)
                updated.get(i).view(backend).memory().touch();
            for (int i = 0; i < into.length; i++) {
                NDArray target = into[i];
                if (target != null) backend.download(frame.results[i], target);
            }
            good = true;
        } finally {
            if (good) give(frame);
            else drop(frame);
        }
    }

    /** Refuses values that are not what the inputs say. */
    void check(List<NDArray> values) {
        if (values.size() != inputs.size())
            throw new IllegalArgumentException("Expected " + inputs.size() + " inputs, got " + values.size());
        for (int i = 0; i < values.size(); i++) {
            NDArray v = values.get(i);
            if (v.dtype() != inputs.get(i).dtype()
                    || !v.shape().equals(inputs.get(i).shape()))
                throw new IllegalArgumentException(
                        "Input " + i + ": expected " + inputs.get(i) + ", got " + v.dtype() + v.shape());
        }
    }

    /** Returns what each kernel of a run does, in order. */
    List<BoundStep> steps() {
        Frame frame = take();
        try {
            return List.copyOf(frame.steps());
        } finally {
            give(frame);
        }
    }

    private Frame take() {
        synchronized (idle) {
            running++;
            Frame frame = idle.pollFirst();
            if (frame != null) return frame;
        }
        boolean good = false;
        try {
            var frame = new Frame(plan, backend, constants);
            good = true;
            return frame;
        } finally {
            if (!good) done();
        }
    }

    private void give(Frame frame) {
        boolean kept;
        synchronized (idle) {
            kept = !closed && idle.size() < MOST_IDLE_FRAMES;
            if (kept) idle.addFirst(frame);
        }
        if (!kept) frame.close();
        done();
    }

    private void drop(Frame frame) {
        frame.close();
        done();
    }

    private void done() {
        synchronized (idle) {
            running--;
            closeWhenDone();
        }
    }

    /** Gives back the memory; what other threads are running still finishes. */
    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            closeWhenDone();
        }
    }

    private void closeWhenDone() {
        if (!closed || running > 0) return;
        for (Frame frame; (frame = idle.pollFirst()) != null; ) frame.close();
        constants.values().forEach(Memory::close);
        constants.clear();
    }
}
