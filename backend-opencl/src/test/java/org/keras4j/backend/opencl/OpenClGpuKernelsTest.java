package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.DeviceBackend;

/** The kernels that GPUs get, for their results only, on whatever device is here. */
class OpenClGpuKernelsTest extends BackendContract {
    @Override
    protected Backend open() {
        try {
            return new DeviceBackend("opencl", new SaidToBeGpu(new OpenClProvider().openDevice()));
        } catch (BackendUnavailableException e) {
            return abort("No OpenCL here: " + e.getMessage());
        }
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
