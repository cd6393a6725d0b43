package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.Source;

/**
 * The whole contract on the kernels that devices share, in CUDA's words and without NVIDIA's libraries for products and
 * convolutions. What was compiled for the stand-ins is then compiled by the true NVRTC, where there is one: all of it
 * for one architecture, and each piece for one of the others in turn.
 */
class SharedKernelsStandInTest extends BackendContract {
    private static final int[] OTHERS = {75, 80, 86, 89, 100, 120};

    private ListeningDevice device;

    @Override
    protected Backend open() {
        device = new ListeningDevice(StandIns.device());
        return new DeviceBackend("cuda", device);
    }

    @AfterAll
    void compileForGpus() {
        Optional<Nvrtc> compiler = NvrtcTest.genuine();
        if (device == null || compiler.isEmpty()) return; // NvrtcTest says that it is missing
        List<Source> sources = new ArrayList<>(device.sources);
        assertTrue(sources.size() > 5, "only " + sources.size() + " programs were compiled");
        sources.sort(Comparator.comparing(Source::name));
        for (int i = 0; i < sources.size(); i++) {
            compiler.get().compile(sources.get(i), "sm_90");
            int other = OTHERS[i % OTHERS.length];
            if (compiler.get().target(other).filter("sm_%d".formatted(other)::equals).isPresent())
                compiler.get().compile(sources.get(i), "sm_" + other);
        }
    }
}
