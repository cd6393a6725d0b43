package org.keras4j.graph;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.Recording;
import org.keras4j.backend.View;

/** One instance of a plan on a device: an arena of its own and kernels bound to it. Used by one caller at a time. */
final class Frame implements AutoCloseable {
    private static final int RUNS_BEFORE_RECORDING = 2;

    private final Backend backend;
    private final Map<Storage, Memory> arena = new EnumMap<>(Storage.class);
    private final Map<Plan.Value, Memory> constants;
    final View[] parameters;
    final View[] results;
    private final Kernels kernels = new Kernels();
    /** Whether the host looks at values on the way, so that the kernels are not the same in each run. */
    private boolean hostDecides;

    private int runs;
    private @Nullable Recording recording;

    /** {@code constants} holds what frames of one plan share; it is filled as needed. */
    Frame(Plan plan, Backend backend, Map<Plan.Value, Memory> constants) {
        this(plan, List.of(), backend, constants);
    }

    /** {@code slots} are the places of the parameters and results of a plan that leaves these to others. */
    Frame(Plan plan, List<View> slots, Backend backend, Map<Plan.Value, Memory> constants) {
        this.backend = backend;
        this.constants = constants;
        var top = new Bindings(slots, Map.of(), kernels);
        boolean good = false;
        try {
            plan.arena().forEach((storage, size) -> arena.put(storage, backend.allocate(storage, size)));
            for (Plan.Step step : plan.steps()) prepare(step, top);
            good = true;
        } finally {
            if (!good) close(); // a device that is full gets back what it has given
        }
        parameters = plan.parameters().stream().map(top::view).toArray(View[]::new);
        results = plan.results().stream().map(top::view).toArray(View[]::new);
    }

    /**
     * Runs all kernels; an error says which layer it comes from. From the third time on they run as one recording, where
     * the device makes one.
     */
    void run() {
        if (recording != null) {
            recording.run();
            return;
        }
        runOneByOne();
        if (++runs == RUNS_BEFORE_RECORDING && !hostDecides)
            recording = backend.record(kernels.list()).orElse(null);
    }

    /** Runs all kernels, and never as a recording. */
    void runOneByOne() {
        kernels.run();
    }

    /** Runs all kernels one by one and writes how long each took. */
    void run(long[] nanos) {
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            kernel(i).run();
            backend.synchronize();
            nanos[i] = System.nanoTime() - start;
        }
    }

    /** Returns what each kernel of a run does, in order. */
    List<BoundStep> steps() {
        return kernels.steps();
    }

    Kernel kernel(int index) {
        return kernels.list().get(index);
    }

    @Override
    public void close() {
        if (recording != null) recording.close();
        arena.values().forEach(Memory::close);
    }

    /** Where the values of one plan are: slots of a loop's body by index, and the body's arena inside the frame's. */
    private final class Bindings {
        private final List<View> slots;
        private final Map<Storage, View> scratch;
        private final Kernels kernels;

        /** What is prepared with these places is added to {@code kernels}. */
        Bindings(List<View> slots, Map<Storage, View> scratch, Kernels kernels) {
            this.slots = slots;
            this.scratch = scratch;
            this.kernels = kernels;
        }

        View view(Plan.Ref ref) {
            Plan.Value v = ref.value();
            return switch (v.home) {
                case Plan.Arena() -> {
                    View base = scratch.get(v.storage);
                    yield base == null
                            ? new View(memory(v.storage), v.offset + ref.offset(), ref.shape(), ref.dtype())
                            : new View(
                                    base.memory(), base.offset() + v.offset + ref.offset(), ref.shape(), ref.dtype());
                }
                case Plan.Slot(int index) -> {
                    View base = slots.get(index);
                    yield new View(base.memory(), base.offset() + ref.offset(), ref.shape(), ref.dtype());
                }
                case Plan.State(Variable variable) ->
                    new View(variable.view(backend).memory(), ref.offset(), ref.shape(), ref.dtype());
                case Plan.Fixed(NDArray value) -> new View(constant(v, value), ref.offset(), ref.shape(), ref.dtype());
            };
        }

        List<View> views(List<Plan.Ref> refs) {
            return refs.stream().map(this::view).toList();
        }
    }

    private Memory memory(Storage storage) {
        Memory memory = arena.get(storage);
        if (memory == null) throw new IllegalStateException("The plan has no arena for " + storage);
        return memory;
    }

    private Memory constant(Plan.Value v, NDArray value) {
        return constants.computeIfAbsent(v, key -> {
            Memory memory = backend.allocatePersistent(v.storage, Math.max(1, v.elements));
            backend.upload(value, new View(memory, 0, value.shape(), value.dtype()));
            memory.touch();
            return memory;
        });
    }

    private void prepare(Plan.Step step, Bindings at) {
        switch (step) {
            case Plan.Compute c -> {
                var bound = new BoundStep(c, at.views(c.in()), at.views(c.out()));
                at.kernels.add(bound, () -> Lowering.prepare(backend, c.op(), bound.in(), bound.out()));
            }
            case Plan.Elementwise e -> {
                var bound = new BoundStep(e, at.views(e.in()), at.views(e.out()));
                at.kernels.add(bound, () -> backend.elementwise(e.expression(), bound.in(), bound.out()));
            }
            case Plan.WithEpilogue f -> {
                Plan.Compute c = f.compute();
                Plan.Elementwise e = f.epilogue();
                at.kernels.add(
                        new BoundStep(f, at.views(f.in()), at.views(f.out())),
                        () -> backend.withEpilogue(
                                c.op(),
                                at.views(c.in()),
                                at.view(f.product()),
                                e.expression(),
                                at.views(e.in()),
                                at.views(e.out())));
            }
            case Plan.Copy c -> copy(c, at.view(c.from()), at.view(c.to()), at.kernels);
            case Plan.Loop loop -> unroll(loop, at);
            case Plan.Choice choice -> choose(choice, at);
            case Plan.Repeat repeat -> repeat(repeat, at);
        }
    }

    private void copy(Plan.Step step, View from, View to, Kernels kernels) {
        kernels.add(new BoundStep(step, List.of(from), List.of(to)), () -> backend.copy(from, to));
    }

    private Map<Storage, View> scratch(Map<Storage, Plan.Ref> places, Bindings at) {
        Map<Storage, View> scratch = new EnumMap<>(Storage.class);
        places.forEach((storage, ref) -> scratch.put(storage, at.view(ref)));
        return scratch;
    }

    /** Prepares a plan whose parameters and results are {@code slots}. */
    private Kernels prepare(Plan plan, List<View> slots, Map<Storage, View> scratch) {
        var prepared = new Kernels();
        var bindings = new Bindings(slots, scratch, prepared);
        for (Plan.Step step : plan.steps()) prepare(step, bindings);
        return prepared;
    }

    private void choose(Plan.Choice choice, Bindings at) {
        hostDecides = true;
        List<View> in = at.views(choice.in());
        List<View> out = at.views(choice.out());
        List<View> slots = new ArrayList<>(in.subList(1, in.size()));
        slots.addAll(out);
        Map<Storage, View> scratch = scratch(choice.scratch(), at);
        List<Kernels> branches = choice.branches().stream()
                .map(plan -> prepare(plan, slots, scratch))
                .toList();
        View index = in.getFirst();
        NDArray read = NDArray.zeros(index.dtype(), index.shape());
        at.kernels.add(new BoundStep(choice, in, out), () -> () -> {
            backend.download(index, read);
            branches.get(Math.clamp(read.getLong(0), 0, branches.size() - 1)).run();
        });
    }

    private void repeat(Plan.Repeat repeat, Bindings at) {
        hostDecides = true;
        List<View> in = at.views(repeat.in());
        List<View> out = at.views(repeat.out());
        List<View> next = at.views(repeat.next());
        View flag = at.view(repeat.flag());
        Map<Storage, View> scratch = scratch(repeat.scratch(), at);
        List<View> slots = new ArrayList<>(out);
        slots.addAll(in.subList(out.size(), in.size()));
        List<View> tested = new ArrayList<>(slots);
        tested.add(flag);
        slots.addAll(next);
        Kernels condition = prepare(repeat.condition(), tested, scratch);
        Kernels step = prepare(repeat.body(), slots, scratch);
        for (int i = 0; i < out.size(); i++) {
            copy(repeat, in.get(i), out.get(i), at.kernels);
            copy(repeat, next.get(i), out.get(i), step);
        }
        NDArray read = NDArray.zeros(flag.dtype(), flag.shape());
        at.kernels.add(new BoundStep(repeat, in, out), () -> () -> {
            while (true) {
                condition.run();
                backend.download(flag, read);
                if (read.getLong(0) == 0) return;
                step.run();
            }
        });
    }

    /**
     * Prepares the body once for each step, so that a step reads its part of the sequences and writes its part of the
     * outputs in place. Carried values go to two places in turn.
     */
    private void unroll(Plan.Loop loop, Bindings at) {
        var scan = loop.scan();
        List<View> in = at.views(loop.in());
        List<View> out = at.views(loop.out());
        Map<Storage, View> scratch = scratch(loop.scratch(), at);
        List<View> carried = new ArrayList<>(in.subList(0, scan.carried()));
        for (int n = 0; n < scan.steps(); n++) {
            int step = scan.reverse() ? scan.steps() - 1 - n : n;
            List<View> slots = new ArrayList<>(carried);
            for (int i = scan.carried(); i < in.size(); i++)
                slots.add(i < scan.carried() + scan.sequences() ? row(in.get(i), step) : in.get(i));
            carried = nextCarried(loop, at, out, n, step);
            slots.addAll(carried);
            for (int i = scan.carried(); i < out.size(); i++) slots.add(row(out.get(i), step));
            var bindings = new Bindings(slots, scratch, at.kernels);
            for (Plan.Step s : loop.body().steps()) prepare(s, bindings);
        }
        for (int i = 0; i < scan.carried(); i++)
            if (scan.steps() == 0 || loop.mirrors().get(i) >= 0) copy(loop, carried.get(i), out.get(i), at.kernels);
    }

    private static List<View> nextCarried(Plan.Loop loop, Bindings at, List<View> out, int n, int step) {
        List<View> next = new ArrayList<>();
        boolean last = n == loop.scan().steps() - 1;
        for (int i = 0; i < loop.scan().carried(); i++) {
            int mirror = loop.mirrors().get(i);
            if (mirror >= 0) next.add(row(out.get(mirror), step));
            else next.add(last ? out.get(i) : at.view(loop.spare().get(i).get(n % 2)));
        }
        return next;
    }

    private static View row(View v, int index) {
        var shape = v.shape().without(0);
        return new View(v.memory(), v.offset() + (long) index * shape.size(), shape, v.dtype());
    }
}
