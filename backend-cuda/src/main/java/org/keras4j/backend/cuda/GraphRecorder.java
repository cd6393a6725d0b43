package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;

import java.util.Optional;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;
import org.keras4j.backend.device.DeviceLostException;

/**
 * Turns kernels into CUDA graphs. One thread records at a time, on a stream of its own, so that others go on queueing
 * work on the device's.
 */
final class GraphRecorder {
    private final CudaDevice device;
    private final DeviceStream stream = new DeviceStream();
    private volatile @Nullable Thread recording;

    GraphRecorder(CudaDevice device) {
        this.device = device;
        device.driver.check(cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    /** Returns the stream that the calling thread records on, null if it does not. */
    @Nullable
    DeviceStream current() {
        return recording == Thread.currentThread() ? stream : null;
    }

    /**
     * Records what {@code all} queues; empty if it does what a graph cannot hold. A virtual thread records nothing: the
     * driver wants the thread that has begun, and such a one may go on as another.
     */
    synchronized Optional<Recording> record(Kernel all) {
        if (Thread.currentThread().isVirtual()) return refused("it is wanted by a virtual thread");
        device.driver.check(
                cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "cuStreamBeginCapture");
        var graph = new CUgraph();
        String refusal;
        int ended = -1;
        try {
            refusal = queue(all);
        } finally {
            ended = cuStreamEndCapture(stream, graph);
        }
        try {
            if (refusal != null) return refused(refusal);
            return ended == 0 ? instantiate(graph) : refused(Driver.describe(ended));
        } finally {
            if (ended == 0) cuGraphDestroy(graph);
        }
    }

    /** Has {@code all} queued and returns what kept it from that, null if nothing did. */
    private @Nullable String queue(Kernel all) {
        recording = Thread.currentThread();
        try {
            all.run();
            return null;
        } catch (DeviceLostException e) {
            throw e; // it is said once
        } catch (RuntimeException e) {
            return e.toString(); // what is really wrong shows again when the kernels run one by one
        } finally {
            recording = null;
        }
    }

    private static Optional<Recording> refused(String reason) {
        System.getLogger(GraphRecorder.class.getName())
                .log(System.Logger.Level.DEBUG, "Runs kernel by kernel, not as a graph: {0}", reason);
        return Optional.empty();
    }

    /** Makes a graph ready to run; a graph takes memory, of which there may be too little. */
    private Optional<Recording> instantiate(CUgraph graph) {
        var executable = new CUgraphExec();
        int code = cuGraphInstantiate(executable, graph, 0);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return refused(Driver.describe(code));
        device.driver.check(code, "cuGraphInstantiate");
        return Optional.of(new Replay(executable));
    }

    void close() {
        cuStreamDestroy(stream);
    }

    private final class Replay implements Recording {
        private final CUgraphExec executable;
        private boolean closed;

        Replay(CUgraphExec executable) {
            this.executable = executable;
        }

        @Override
        public void run() {
            device.enter();
            device.driver.check(cuGraphLaunch(executable, device.stream()), "cuGraphLaunch");
        }

        @Override
        public synchronized void close() {
            if (closed || device.isGone()) return;
            closed = true;
            device.enter();
            cuGraphExecDestroy(executable); // the driver waits for launches that are under way
        }
    }
}
