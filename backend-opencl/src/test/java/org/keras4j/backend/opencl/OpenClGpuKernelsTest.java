package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.Tuning;

/** The kernels that GPUs get, for their results only, on whatever device is here. */
class OpenClGpuKernelsTest extends BackendContract {
    /** What only pays for large tensors is to be tested with small ones, too. */
    private static final Map<String, Integer> SMALL =
            Map.of("winograd.least.channels", 16, "winograd.least.tiles", 24, "winograd.megabytes", 1);

    @Override
    protected Backend open() {
        try {
            var device = new SaidToBeGpu(new OpenClProvider().openDevice());
            return Tuning.trying(SMALL, () -> new DeviceBackend("opencl", device));
        } catch (BackendUnavailableException e) {
            return abort("No OpenCL here: " + e.getMessage());
        }
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
