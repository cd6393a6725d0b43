package org.keras4j.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A graph of operations with the engine of cuDNN's that does it, compiled for a device. */
final class GraphPlan {
    private static final int ENGINE_CONFIGURATION = 3; // kinds of descriptors
    private static final int HEURISTICS = 4;
    private static final int PLAN = 5;
    private static final int ADDRESSES = 16;

    private static final int HEURISTICS_MODE = 200; // attributes
    private static final int HEURISTICS_GRAPH = 201;
    private static final int HEURISTICS_RESULTS = 202;
    private static final int HEURISTICS_DEVICE = 204;
    private static final int PLAN_HANDLE = 400;
    private static final int PLAN_ENGINE = 401;
    private static final int PLAN_WORKSPACE = 402;
    private static final int ADDRESSES_IDS = 1000;
    private static final int ADDRESSES_POINTERS = 1001;
    private static final int ADDRESSES_WORKSPACE = 1003;

    private static final int MODE_A = 3; // the one of the heuristics' modes that knows the most

    private final OperationGraph graph; // its descriptors live as long as the plan's
    private final long plan;
    private final long workspaceBytes;

    private GraphPlan(OperationGraph graph, long plan, long workspaceBytes) {
        this.graph = graph;
        this.plan = plan;
        this.workspaceBytes = workspaceBytes;
    }

    /** Returns the engines that can do a graph on a device, with their settings, the most promising first. */
    static List<Long> engines(OperationGraph graph, GraphTarget target) {
        CudnnDescriptors library = graph.library;
        long heuristics = graph.owned.create(HEURISTICS);
        library.set(heuristics, HEURISTICS_GRAPH, CudnnDescriptors.DESCRIPTOR, graph.finish(target));
        library.setChoice(heuristics, HEURISTICS_MODE, CudnnDescriptors.HEURISTICS_MODE, MODE_A);
        target.describe(library, heuristics, HEURISTICS_DEVICE);
        library.finish(heuristics, "heuristics");
        long most = library.count(heuristics, HEURISTICS_RESULTS, CudnnDescriptors.DESCRIPTOR);
        List<Long> made = new ArrayList<>();
        for (long i = 0; i < most; i++) made.add(graph.owned.create(ENGINE_CONFIGURATION));
        return made.subList(0, made.isEmpty() ? 0 : library.fill(heuristics, HEURISTICS_RESULTS, made));
    }

    /**
     * Compiles a graph for the most promising engine that can be compiled.
     *
     * @param mostWorkspace the most bytes that it may need to work
     * @throws RefusedException if there is none
     */
    static GraphPlan of(OperationGraph graph, GraphTarget target, long mostWorkspace) {
        CudnnDescriptors library = graph.library;
        String last = "no engine of cuDNN's does it";
        for (long engine : engines(graph, target)) {
            try {
                long plan = graph.owned.create(PLAN);
                target.set(library, plan, PLAN_HANDLE);
                library.set(plan, PLAN_ENGINE, CudnnDescriptors.DESCRIPTOR, engine);
                library.finish(plan, "a plan");
                long bytes = library.number(plan, PLAN_WORKSPACE);
                if (bytes <= mostWorkspace) return new GraphPlan(graph, plan, bytes);
                last = "cuDNN needs " + bytes + " bytes to work";
            } catch (RefusedException e) {
                last = String.valueOf(e.getMessage());
            }
        }
        throw new RefusedException(last);
    }

    long workspaceBytes() {
        return workspaceBytes;
    }

    /** A plan with the addresses of its tensors. */
    final class Bound {
        private final OperationGraph.Owned owned = new OperationGraph.Owned(graph.library);
        private final long addresses;
        private final List<MemorySegment> numbers;

        private Bound(Map<Integer, Long> places, long workspace, List<MemorySegment> numbers) {
            this.numbers = List.copyOf(numbers);
            OperationGraph.CLEANER.register(this, owned);
            CudnnDescriptors library = graph.library;
            addresses = owned.create(ADDRESSES);
            library.set(addresses, ADDRESSES_IDS, CudnnDescriptors.INT64, longs(places.keySet()));
            library.set(addresses, ADDRESSES_POINTERS, CudnnDescriptors.VOID_POINTER, longs(places.values()));
            library.set(addresses, ADDRESSES_WORKSPACE, CudnnDescriptors.VOID_POINTER, workspace);
            library.finish(addresses, "the addresses of tensors");
        }

        /** Queues the work and returns the status. */
        int run(long handle) {
            int status = graph.library.execute(handle, plan, addresses);
            Reference.reachabilityFence(numbers);
            return status;
        }
    }

    /**
     * Gives the tensors their places.
     *
     * @param places their addresses by their numbers
     * @param numbers the places of those on the host
     */
    Bound bind(Map<Integer, Long> places, long workspace, List<MemorySegment> numbers) {
        return new Bound(places, workspace, numbers);
    }

    private static long[] longs(Collection<? extends Number> numbers) {
        return numbers.stream().mapToLong(Number::longValue).toArray();
    }
}
