package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDataType;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Attention of heads in 16 bits by cuDNN, and its gradient: on tensor cores, without ever holding all scores. */
final class CudnnAttention {
    private static final int OLDEST = 91_600; // the gradients of older ones are wrong for some numbers of keys
    private static final int SIZES = 8; // of which the numbers of a head are a multiple
    private static final int LONGEST = 256;
    private static final int BLACKWELL = 100;
    private static final int MOST_PLANS = 256;
    private static final int ROUND = 64; // floats between which parts of the scratch memory begin

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final CudnnDescriptors library;
    private final boolean known = JCudnn.cudnnGetVersion() >= OLDEST;

    /** The plans that were last asked for; empty for what cuDNN does not do. */
    private final Map<Key, Optional<GraphPlan>> plans = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<GraphPlan>> eldest) {
            return size() > MOST_PLANS;
        }
    };

    private record Key(boolean gradient, AttentionGraph.Problem problem) {}

    CudnnAttention(CudaBackend backend, Cudnn cudnn, CudnnDescriptors library) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.library = library;
    }

    /** Says whether cuDNN has an engine for it on this device, which is so from compute capability 8.0 on. */
    boolean takes(Fusion fusion, List<Spec> in) {
        if (!known || !fits(in)) return false;
        return switch (fusion) {
            case Fusion.Attention attention ->
                plan(false, problem(attention, in)).isPresent();
            case Fusion.AttentionGradient(Fusion.Attention attention) -> {
                AttentionGraph.Problem p = problem(attention, in);
                // of its engines for Blackwell only one, which its heuristics do not choose, adds in a fixed order
                boolean fixed = !p.fixed() || cudnn.device.capability < BLACKWELL;
                yield fixed && p.queries() * p.keys() > 1 && plan(true, p).isPresent();
            }
            default -> false;
        };
    }

    private static boolean fits(List<Spec> in) {
        Shape q = in.get(0).shape();
        Shape v = in.get(2).shape();
        return in.getFirst().dtype().isNarrow()
                && q.size() > 0
                && v.size() > 0
                && q.last() % SIZES == 0
                && v.last() % SIZES == 0
                && Math.max(q.last(), v.last()) <= LONGEST;
    }

    private AttentionGraph.Problem problem(Fusion.Attention attention, List<Spec> in) {
        Shape q = in.get(0).shape();
        Shape k = in.get(1).shape();
        boolean half = in.getFirst().dtype() == DType.FLOAT16;
        return new AttentionGraph.Problem(
                q.dim(0),
                q.dim(1),
                k.dim(1),
                q.dim(2),
                k.dim(2),
                q.last(),
                in.get(2).shape().last(),
                half ? cudnnDataType.CUDNN_DATA_HALF : cudnnDataType.CUDNN_DATA_BFLOAT16,
                attention.causal(),
                attention.mask() ? AttentionMask.biasShape(in.get(3).shape(), k.dim(1)) : null,
                cudnn.options.deterministic());
    }

    /** Returns a plan, which is compiled once. */
    private synchronized Optional<GraphPlan> plan(boolean gradient, AttentionGraph.Problem problem) {
        return plans.computeIfAbsent(new Key(gradient, problem), key -> {
            try {
                List<GraphPlan> made = new ArrayList<>();
                cudnn.call(handle -> {
                    OperationGraph graph = gradient
                            ? AttentionGraph.backward(library, problem)
                            : AttentionGraph.forward(library, problem);
                    made.add(GraphPlan.of(graph, GraphTarget.of(handle.address()), cudnn.mostWorkspace()));
                    return 0;
                });
                return Optional.of(made.getFirst());
            } catch (RefusedException e) {
                System.getLogger(CudnnAttention.class.getName())
                        .log(System.Logger.Level.DEBUG, "{0}: {1}", problem, e.getMessage());
                return Optional.empty();
            }
        });
    }

    /**
     * Prepares what {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    Kernel prepare(Fusion fusion, List<View> in, List<View> out) {
        return switch (fusion) {
            case Fusion.Attention attention -> forward(attention, in, out);
            case Fusion.AttentionGradient(Fusion.Attention attention) -> backward(attention, in, out);
            default -> throw new RefusedException("cuDNN has no " + fusion);
        };
    }

    /** A plan with the places of its tensors, as they are collected. */
    private final class Call {
        final AttentionGraph.Problem problem;
        final GraphPlan plan;
        final Map<Integer, Long> places = new TreeMap<>();
        final List<MemorySegment> numbers = new ArrayList<>();

        Call(boolean gradient, Fusion.Attention attention, List<View> in) {
            List<Spec> specs = new ArrayList<>();
            for (View view : in) specs.add(new Spec(view.dtype(), view.shape()));
            problem = problem(attention, specs);
            plan = plan(gradient, problem)
                    .orElseThrow(() -> new RefusedException("cuDNN has no engine for " + problem));
            for (int i = 0; i < 3; i++) add(AttentionGraph.Q + i, in.get(i));
            number(AttentionGraph.SCALE, attention.scale());
            if (attention.causal()) number(AttentionGraph.LOWEST, Double.NEGATIVE_INFINITY);
        }

        /** Adds a tensor that must be kept in 16 bits, or in float32 if it is one. */
        void add(int id, View view) {
            Cudnn.aligned(view);
            if (view.memory().storage() != (view.dtype() == DType.FLOAT32 ? Storage.FLOAT : Storage.HALF))
                throw new RefusedException("cuDNN's attention takes no " + view.dtype() + " in "
                        + view.memory().storage());
            places.put(id, Products.address(view));
        }

        void number(int id, double value) {
            MemorySegment place = Arena.ofAuto().allocate(JAVA_FLOAT);
            place.set(JAVA_FLOAT, 0, (float) value);
            numbers.add(place);
            places.put(id, place.address());
        }

        /** Returns the launches, in which scratch memory is used; {@code rooms} are the floats of tensors there. */
        Kernel bind(Map<Integer, Long> rooms, List<Kernel> afterwards) {
            long at = 0;
            Map<Integer, Long> offsets = new TreeMap<>();
            for (Map.Entry<Integer, Long> room : rooms.entrySet()) {
                offsets.put(room.getKey(), at);
                at += rounded(room.getValue());
            }
            Memory memory = backend.room(Storage.FLOAT, at + rounded(plan.workspaceBytes() / Float.BYTES + 1));
            long base = Products.address(new View(memory, 0, Shape.SCALAR, DType.FLOAT32));
            offsets.forEach((id, offset) -> places.put(id, base + offset * Float.BYTES));
            GraphPlan.Bound bound = plan.bind(places, base + at * Float.BYTES, numbers);
            List<Kernel> steps = new ArrayList<>();
            steps.add(() -> launch(bound));
            steps.addAll(afterwards);
            return backend.inOneGo(steps.toArray(Kernel[]::new));
        }

        private void launch(GraphPlan.Bound bound) {
            int status = cudnn.call(handle -> bound.run(handle.address()));
            if (status != 0) throw cudnn.device.refusal("cuDNN refused " + problem + " with status " + status);
        }
    }

    private static long rounded(long floats) {
        return (floats + ROUND - 1) / ROUND * ROUND;
    }

    private Kernel forward(Fusion.Attention attention, List<View> in, List<View> out) {
        var call = new Call(false, attention, in);
        View y = out.get(0);
        View logarithms = out.get(1);
        call.add(AttentionGraph.Y, y);
        call.add(AttentionGraph.LOGARITHMS, logarithms);
        if (!attention.mask()) return call.bind(Map.of(), List.of());
        AttentionMask mask = AttentionMask.forward(backend, attention, in);
        call.add(AttentionGraph.BIAS, mask.bias());
        View empty = mask.empty();
        View rows = empty.reshape(empty.shape().slice(0, 3));
        Kernel attended = call.bind(
                Map.of(),
                List.of(
                        attention.zeroEmpty() ? replace(y, empty, 0) : replace(y, empty, mask.mean()),
                        replace(logarithms, rows, Double.POSITIVE_INFINITY)));
        return () -> {
            mask.run();
            attended.run();
        };
    }

    /**
     * The weights of a query that sees nothing are 0 here, since its logarithm is infinite: so are then the gradients of
     * all but the values, which such queries may have the mean of.
     */
    private Kernel backward(Fusion.Attention attention, List<View> in, List<View> out) {
        var call = new Call(true, attention, in);
        int own = in.size() - 4;
        call.add(AttentionGraph.Y, in.get(own));
        call.add(AttentionGraph.LOGARITHMS, in.get(own + 1));
        call.add(AttentionGraph.DY, in.get(own + 2));
        for (int i = 0; i < 3; i++) call.add(AttentionGraph.DQ + i, out.get(i));
        call.number(AttentionGraph.ONE, 1);
        Map<Integer, Long> rooms = new TreeMap<>();
        rooms.put(AttentionGraph.SUMS, (long) in.get(own + 1).size());
        if (!call.problem.fixed())
            rooms.put(AttentionGraph.WIDE_DQ, (long) in.getFirst().size());
        if (!attention.mask()) return call.bind(rooms, List.of());
        AttentionMask mask = AttentionMask.backward(backend, attention, in, in.get(own + 2));
        call.add(AttentionGraph.BIAS, mask.bias());
        Kernel gradients = call.bind(rooms, attention.zeroEmpty() ? List.of() : List.of(add(out.get(2), mask.mean())));
        return () -> {
            mask.run();
            gradients.run();
        };
    }

    // ---- in place ---------------------------------------------------------------------------------------------------

    private Kernel replace(View x, View where, double value) {
        List<Expression.Node> nodes = List.of(
                new Expression.Load(0, x.dtype()),
                new Expression.Load(1, DType.BOOL),
                new Expression.Number(value, x.dtype()),
                new Expression.Choose(1, 2, 0, x.dtype()));
        return backend.elementwise(new Expression(x.shape(), nodes, List.of(3)), List.of(x, where), List.of(x));
    }

    private Kernel replace(View x, View where, View by) {
        List<Expression.Node> nodes = List.of(
                new Expression.Load(0, x.dtype()),
                new Expression.Load(1, DType.BOOL),
                new Expression.Load(2, x.dtype()),
                new Expression.Choose(1, 2, 0, x.dtype()));
        return backend.elementwise(new Expression(x.shape(), nodes, List.of(3)), List.of(x, where, by), List.of(x));
    }

    /** Adds floats to 16-bit numbers. */
    private Kernel add(View x, View floats) {
        List<Expression.Node> nodes = List.of(
                new Expression.Load(0, x.dtype()),
                new Expression.Convert(0, DType.FLOAT32),
                new Expression.Load(1, DType.FLOAT32),
                new Expression.Apply2(Binary.ADD, 1, 2, DType.FLOAT32),
                new Expression.Convert(3, x.dtype()));
        return backend.elementwise(new Expression(x.shape(), nodes, List.of(4)), List.of(x, floats), List.of(x));
    }
}
