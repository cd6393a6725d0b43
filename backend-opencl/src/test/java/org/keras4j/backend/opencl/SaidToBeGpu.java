package org.keras4j.backend.opencl;

import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.ForwardingDevice;
import org.keras4j.backend.device.Traits;

/** A device that says that it is no CPU, so that it gets the kernels of GPUs. */
final class SaidToBeGpu extends ForwardingDevice {
    SaidToBeGpu(Device device) {
        super(device);
    }

    @Override
    public Traits traits() {
        Traits t = device.traits();
        return new Traits(
                t.dialect(),
                "Said to be a GPU", // tuned for short compiling times
                t.key(),
                false,
                t.units(),
                t.maxGroup(),
                t.localBytes(),
                t.doubles(),
                t.memoryBytes(),
                t.maxAllocation());
    }
}
