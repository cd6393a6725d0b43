package org.keras4j.backend.cuda;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import jcuda.jcudnn.cudnnDataType;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;

/**
 * Asks the true cuDNN which of its engines can do our graphs of attention, on devices that it knows by a description
 * alone. Exit code 1 means that there are none for one of them, {@link #ABSENT} that there is no such library.
 */
final class CudnnEngines {
    static final int ABSENT = 2;
    private static final int OLDEST = 91_600;

    private CudnnEngines() {}

    /** Returns cuDNN's description of a device with an architecture such as 90. */
    private static String device(int architecture, int units, int sharedBytes) {
        return """
                {"deviceVer": %d, "multiProcessorCount": %d, "maxSharedMemoryPerBlockOptin": %d, "driverVer": 13000,
                "maxGridSize": [2147483647, 65535, 65535], "maxBlockSize": [1024, 1024, 64], "regsPerBlock": 65536,
                "smCountOrigin": 0, "warpSize": 32, "maxSharedMemoryPerBlock": 49152,
                "reservedSharedMemoryPerBlock": 1024, "maxRegistersPerSM": 65536, "maxCtasPerSM": 32,
                "maxThreadsPerBlock": 1024, "maxThreadsPerSM": 2048, "pciDeviceId": 0, "isTccDriver": 0,
                "supportCoopLaunch": 1, "totalGlobalMem": 85899345920, "smClockRateKHz": 1500000,
                "memClockRateKHz": 2600000, "l2CacheSize": 52428800, "cudaDeviceId": 0, "deviceName": "described"}
                """.formatted(architecture * 10, units, sharedBytes);
    }

    private static AttentionGraph.Problem problem(
            int keys, int groups, int size, int type, boolean causal, @Nullable Shape bias, boolean fixed) {
        return new AttentionGraph.Problem(2, 100, keys, 4, groups, size, size, type, causal, bias, fixed);
    }

    private static List<AttentionGraph.Problem> problems(boolean fixed) {
        int half = cudnnDataType.CUDNN_DATA_HALF;
        int brain = cudnnDataType.CUDNN_DATA_BFLOAT16;
        return List.of(
                problem(100, 4, 64, half, false, null, fixed),
                problem(77, 2, 128, brain, true, null, fixed),
                problem(77, 4, 8, brain, false, Shape.of(2, 1, 1, 77), fixed),
                problem(77, 1, 64, half, true, Shape.of(2, 4, 100, 77), fixed),
                problem(77, 4, 64, half, false, Shape.of(1, 1, 100, 77), fixed));
    }

    public static void main(String[] args) throws Throwable {
        Optional<NativeLibrary> found = NativeLibrary.open(LibraryFolders.find(), "libcudnn.so.9");
        if (found.isEmpty()) System.exit(ABSENT);
        NativeLibrary cudnn = found.get();
        long version = (long) cudnn.function("cudnnGetVersion", FunctionDescriptor.of(ValueLayout.JAVA_LONG))
                .invokeExact();
        if (version < OLDEST) System.exit(ABSENT);
        var library = new CudnnDescriptors(cudnn);
        int without = 0;
        int[][] devices = {
            {80, 108, 166_912},
            {86, 84, 101_376},
            {89, 128, 101_376},
            {90, 132, 232_448},
            {100, 148, 232_448},
            {120, 170, 101_376}
        };
        for (int[] facts : devices) {
            GraphTarget device = GraphTarget.described(library, device(facts[0], facts[1], facts[2]));
            for (boolean fixed : new boolean[] {false, true})
                for (AttentionGraph.Problem problem : problems(fixed)) {
                    int forward = engines(AttentionGraph.forward(library, problem), device);
                    int backward = engines(AttentionGraph.backward(library, problem), device);
                    if (forward > 0 && backward > 0) continue;
                    System.out.println("sm_" + facts[0] + " " + problem + ": " + forward + " engines, " + backward
                            + " for the gradient");
                    without++;
                }
        }
        System.out.println("cuDNN " + version + ": " + without + " problems without an engine");
        System.exit(without == 0 ? 0 : 1);
    }

    private static int engines(OperationGraph graph, GraphTarget device) {
        return GraphPlan.engines(graph, device).size();
    }
}
