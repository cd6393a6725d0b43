package org.keras4j.backend.opencl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendProvider;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.DeviceBackend;

/** Finds OpenCL devices. */
public final class OpenClProvider implements BackendProvider {
    private static final int WITH_GPU = 20;
    private static final int WITHOUT_GPU = 5;

    private @Nullable List<DeviceInfo> devices;

    @Override
    public String name() {
        return "opencl";
    }

    /** Returns more than that of the backend {@code cpu} if the device is a GPU, otherwise less. */
    @Override
    public int priority() {
        if (!VendorFiles.mayHaveGpu()) return WITHOUT_GPU;
        try {
            boolean gpu = choice().device().kind() == DeviceInfo.Kind.GPU;
            return gpu ? WITH_GPU : WITHOUT_GPU;
        } catch (BackendUnavailableException e) {
            return WITHOUT_GPU; // open() says why
        }
    }

    @Override
    public Backend open() {
        return new DeviceBackend("opencl", openDevice());
    }

    /** Opens the device to use. */
    OpenClDevice openDevice() {
        return new OpenClDevice(choice().device());
    }

    @Override
    public List<String> devices() {
        DeviceChoice choice = choice();
        return known().stream()
                .map(d -> d.describe() + (d == choice.device() ? " <- used: " + choice.reason() : ""))
                .toList();
    }

    private DeviceChoice choice() {
        return DeviceChoice.of(known(), DeviceChoice.wanted());
    }

    private synchronized List<DeviceInfo> known() {
        List<DeviceInfo> found = devices;
        if (found == null) devices = found = Platforms.devices();
        return found;
    }
}
