package org.keras4j.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Machine;
import org.keras4j.backend.cpu.kernels.Registers;
import org.keras4j.backend.cpu.kernels.Scratch;
import org.keras4j.backend.cpu.kernels.Work;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;

/**
 * Runs a fused group of elementwise operations tile by tile: each instruction is one loop over a tile, and tiles stay
 * in the first-level cache. Inputs that lie as the result does are read in place, results are written in place.
 */
final class ElementwiseKernel implements Kernel, Work {
    /** About 10 microseconds: less is not worth waking a second thread for. */
    private static final double PART_NANOS = 10_000;

    private static final int STORAGES = Storage.values().length;

    private final WorkPool pool;
    private final Expression expression;
    private final Broadcasting walk;
    private final Load[] loads;
    private final Store[] stores;
    private final Step[] steps;
    /** For each step whether it is one loop of simple functions. */
    private final boolean[] simple;

    private final Storage[] kinds;
    /** Tile of scratch memory of each register, -1 where it lies in a tensor. */
    private final int[] slots;

    private final int[] slotCounts = new int[STORAGES];
    private final int[] numbers;
    private final int parts;

    private ElementwiseKernel(WorkPool pool, Expression whole, List<View> in, List<View> out, int tile) {
        this.pool = pool;
        // The functions that are looked for take polynomials, which a small group does without.
        ActivationPatterns idioms =
                isSmall(whole) ? new ActivationPatterns(whole, Map.of()) : ActivationPatterns.in(whole);
        expression = idioms.expression();
        walk = new Broadcasting(expression.shape(), in, tile);
        List<Expression.Node> nodes = expression.nodes();
        kinds = new Storage[nodes.size()];
        slots = new int[nodes.size()];
        Arrays.fill(slots, -1);
        List<Load> loads = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        var simple = new boolean[nodes.size()];
        List<Integer> numbers = new ArrayList<>();
        var operands = new int[nodes.size()];
        var uniform = new boolean[nodes.size()];
        double nanos = 0;
        for (int i = 0; i < kinds.length; i++) {
            Expression.Node node = nodes.get(i);
            kinds[i] = node.dtype().storage();
            switch (node) {
                case Expression.Load load -> {
                    loads.add(new Load(i, load.input(), in.get(load.input()), walk));
                    uniform[i] = walk.isUniform(load.input());
                }
                case Expression.Number _ -> {
                    numbers.add(i);
                    uniform[i] = true;
                }
                default -> {
                    operands[i] = 1;
                    Steps.Loop1 idiom = idioms.loops().get(i);
                    Steps.Costed step = idiom == null
                            ? Steps.of(expression, i, uniform, !isSmall(expression))
                            : Steps.of(idiom, ((Expression.Apply1) node).a(), i);
                    simple[steps.size()] = step.nanos() == Steps.SIMPLE;
                    steps.add(step.step());
                    nanos += step.nanos();
                }
            }
        }
        this.loads = loads.toArray(Load[]::new);
        this.steps = steps.toArray(Step[]::new);
        this.simple = simple;
        this.numbers = numbers.stream().mapToInt(i -> i).toArray();
        stores = placeOutputs(out, operands);
        new RegisterAllocation(expression, slots, slotCounts, this::staysInScratch).assign();
        for (Load load : this.loads) load.tile = slots[load.register] * Registers.TILE;
        nanos = walk.size * (nanos + 0.1 * this.loads.length + 0.1);
        parts = Math.clamp((long) (nanos / PART_NANOS), 1, Math.max(1, Math.min(walk.tiles, 4 * pool.threads())));
    }

    /** Returns the kernel for a group of any size. */
    static Kernel of(WorkPool pool, Expression expression, List<View> in, List<View> out) {
        return isSmall(expression) ? new SmallGroup(pool, expression, in, out) : withVectors(pool, expression, in, out);
    }

    static ElementwiseKernel withVectors(WorkPool pool, Expression expression, List<View> in, List<View> out) {
        return new ElementwiseKernel(pool, expression, in, out, tile(expression));
    }

    /** Returns a kernel whose tiles are shorter than a vector, so that loops never come to theirs. */
    static ElementwiseKernel withoutVectors(WorkPool pool, Expression expression, List<View> in, List<View> out) {
        return new ElementwiseKernel(pool, expression, in, out, Machine.vectorBits() / Float.SIZE - 1);
    }

    private static boolean isSmall(Expression expression) {
        return expression.shape().size() <= SmallGroup.MOST;
    }

    /** Returns the elements of a tile: about ten registers of 1024 floats are more than a 32 KB L1 holds. */
    private static int tile(Expression expression) {
        return expression.nodes().size() > 10 ? Registers.TILE / 2 : Registers.TILE;
    }

    /** Decides which registers are written straight to their tensor and which are copied at the end of a tile. */
    private Store[] placeOutputs(List<View> out, int[] computed) {
        List<Store> all = new ArrayList<>();
        for (int k = 0; k < out.size(); k++) {
            int register = expression.outputs().get(k);
            boolean direct =
                    computed[register] == 1 && !hasStore(all, register) && !overwritesLaterRead(out.get(k), register);
            all.add(new Store(
                    register, (HostMemory) out.get(k).memory(), (int) out.get(k).offset(), direct));
        }
        return all.toArray(Store[]::new);
    }

    private static boolean hasStore(List<Store> stores, int register) {
        for (Store store : stores) if (store.register == register && store.direct) return true;
        return false;
    }

    private boolean overwritesLaterRead(View out, int register) {
        for (Load load : loads) {
            if (load.array != ((HostMemory) out.memory()).array() || load.base != out.offset()) continue;
            if (expression.outputs().contains(load.register)) return true;
            if (RegisterAllocation.lastUse(expression, load.register) > register) return true;
        }
        return false;
    }

    /** Returns how long register i needs a tile of scratch memory: not at all, until its last use, or always. */
    private RegisterAllocation.Need staysInScratch(int i) {
        for (Load load : loads)
            if (load.register == i) return load.direct ? RegisterAllocation.Need.NONE : RegisterAllocation.Need.ALWAYS;
        for (int number : numbers) if (number == i) return RegisterAllocation.Need.ALWAYS;
        boolean late = false;
        for (Store store : stores) {
            if (store.register != i) continue;
            if (store.direct) return RegisterAllocation.Need.NONE;
            late = true;
        }
        return late ? RegisterAllocation.Need.ALWAYS : RegisterAllocation.Need.UNTIL_LAST_USE;
    }

    @Override
    public void run() {
        if (walk.size > 0) pool.run(parts, this);
    }

    @Override
    public void part(int index, Scratch scratch) {
        Registers r = scratch.registers();
        int from = (int) ((long) walk.tiles * index / parts);
        int to = (int) ((long) walk.tiles * (index + 1) / parts);
        prepare(r);
        for (int tile = from; tile < to; tile++) tile(r, walk.start(tile), walk.length(tile));
        r.clear();
    }

    /** Computes the elements {@code start .. start + count} with registers that are prepared. */
    void run(Registers r, int start, int count) {
        for (int end = start + count; start < end; ) {
            int n = Math.min(end - start, walk.longest(start));
            tile(r, start, n);
            start += n;
        }
    }

    private void tile(Registers r, int start, int n) {
        for (Load load : loads) load.move(r, start, n);
        for (Store store : stores) if (store.direct) r.at[store.register] = store.base + start;
        for (Step step : steps) step.run(r, n);
        for (Store store : stores) if (!store.direct) store.copy(r, kinds[store.register], start, n);
    }

    /**
     * Returns calls of the simple loops of this kernel, each on a tile of data of its own, its last elements included.
     */
    List<Runnable> loops() {
        var r = new Registers();
        r.ensure(kinds.length);
        for (int i = 0; i < kinds.length; i++) {
            switch (kinds[i]) {
                case FLOAT -> r.floats[i] = new float[Registers.TILE];
                case HALF -> throw new AssertionError("HALF is for devices");
                case DOUBLE -> r.doubles[i] = new double[Registers.TILE];
                case INT -> r.ints[i] = new int[Registers.TILE];
                case LONG -> r.longs[i] = new long[Registers.TILE];
            }
        }
        List<Runnable> loops = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            Step step = steps[i];
            if (simple[i]) loops.add(() -> step.run(r, Registers.TILE - 1));
        }
        return loops;
    }

    /** Binds the registers to this kernel, until they are cleared. */
    void prepare(Registers r) {
        r.ensure(kinds.length);
        for (int i = 0; i < kinds.length; i++) {
            if (slots[i] < 0) continue;
            r.at[i] = slots[i] * Registers.TILE;
            switch (kinds[i]) {
                case FLOAT -> r.floats[i] = r.floatTiles(slotCounts[kinds[i].ordinal()]);
                case HALF -> throw new AssertionError("HALF is for devices");
                case DOUBLE -> r.doubles[i] = r.doubleTiles(slotCounts[kinds[i].ordinal()]);
                case INT -> r.ints[i] = r.intTiles(slotCounts[kinds[i].ordinal()]);
                case LONG -> r.longs[i] = r.longTiles(slotCounts[kinds[i].ordinal()]);
            }
        }
        for (Store store : stores) if (store.direct) bind(r, store.register, store.array);
        for (Load load : loads) {
            if (load.direct) bind(r, load.register, load.array);
            else if (load.constant) load.expand(r, 0, Math.min(walk.tile, walk.size));
        }
        for (int i : numbers) fill(r, i, Math.min(walk.tile, walk.size));
    }

    private void bind(Registers r, int register, Object array) {
        switch (kinds[register]) {
            case FLOAT -> r.floats[register] = (float[]) array;
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> r.doubles[register] = (double[]) array;
            case INT -> r.ints[register] = (int[]) array;
            case LONG -> r.longs[register] = (long[]) array;
        }
    }

    private void fill(Registers r, int i, int n) {
        Expression.Number number = (Expression.Number) expression.nodes().get(i);
        double value = number.dtype().round(number.value());
        int at = r.at[i];
        switch (kinds[i]) {
            case FLOAT -> Arrays.fill(r.floats[i], at, at + n, (float) value);
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> Arrays.fill(r.doubles[i], at, at + n, value);
            case INT -> Arrays.fill(r.ints[i], at, at + n, (int) value);
            case LONG -> Arrays.fill(r.longs[i], at, at + n, (long) value);
        }
    }

    static Object array(Registers r, Storage kind, int register) {
        return switch (kind) {
            case FLOAT -> r.floats[register];
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> r.doubles[register];
            case INT -> r.ints[register];
            case LONG -> r.longs[register];
        };
    }

    /** Where a result goes. */
    private static final class Store {
        final int register;
        final Object array;
        final int base;
        final boolean direct;

        Store(int register, HostMemory memory, int base, boolean direct) {
            this.register = register;
            this.array = memory.array();
            this.base = base;
            this.direct = direct;
        }

        void copy(Registers r, Storage kind, int start, int n) {
            System.arraycopy(ElementwiseKernel.array(r, kind, register), r.at[register], array, base + start, n);
        }
    }

    /** How an input comes into its register. */
    private static final class Load {
        final int register;
        final Object array;
        final int base;
        final boolean direct;
        final boolean constant;
        private final int input;
        private final Storage kind;
        private final Broadcasting walk;
        private final boolean whole;
        /** Where the tile of scratch memory begins. */
        int tile;

        Load(int register, int input, View view, Broadcasting walk) {
            this.register = register;
            this.input = input;
            this.walk = walk;
            kind = view.dtype().storage();
            array = ((HostMemory) view.memory()).array();
            base = (int) view.offset();
            whole = walk.isWhole(input);
            direct = whole || walk.rowsPerTile == 0 && walk.stride(input) == 1;
            constant = !direct && walk.isConstant(input);
        }

        void move(Registers r, int start, int n) {
            if (whole) r.at[register] = base + start;
            else if (direct) r.at[register] = base + walk.rowOffset(input, start / walk.row) + start % walk.row;
            else if (!constant) expand(r, start, n);
            else if (walk.rowsPerTile > 0) r.at[register] = tile + start % walk.row;
        }

        /** Writes the elements that belong to {@code start .. start + n} of the result into the register's tile. */
        void expand(Registers r, int start, int n) {
            Object to = ElementwiseKernel.array(r, kind, register);
            int at = r.at[register];
            int row = start / walk.row;
            if (walk.rowsPerTile == 0) {
                fill(to, at, n, base + walk.rowOffset(input, row));
                return;
            }
            boolean repeats = walk.stride(input) == 0;
            int column = start % walk.row;
            for (int done = 0, count; done < n; done += count, row++, column = 0) {
                count = Math.min(n - done, walk.row - column);
                int from = base + walk.rowOffset(input, row);
                if (repeats) fill(to, at + done, count, from);
                else System.arraycopy(array, from + column, to, at + done, count);
            }
        }

        private void fill(Object to, int at, int n, int from) {
            switch (kind) {
                case FLOAT -> Arrays.fill((float[]) to, at, at + n, ((float[]) array)[from]);
                case HALF -> throw new AssertionError("HALF is for devices");
                case DOUBLE -> Arrays.fill((double[]) to, at, at + n, ((double[]) array)[from]);
                case INT -> Arrays.fill((int[]) to, at, at + n, ((int[]) array)[from]);
                case LONG -> Arrays.fill((long[]) to, at, at + n, ((long[]) array)[from]);
            }
        }
    }
}
