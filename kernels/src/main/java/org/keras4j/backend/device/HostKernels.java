package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.backend.reference.ReferenceBackend;

/**
 * Kernels of the reference backend for what the device has no kernel for: the inputs are brought to the host at each
 * run, the results are taken back. Slow, for what is rare.
 */
final class HostKernels {
    private final Device device;
    private final ReferenceBackend reference = new ReferenceBackend();

    HostKernels(Device device) {
        this.device = device;
    }

    /** Prepares a kernel of the reference backend on copies of the views. */
    Kernel prepare(List<View> in, List<View> out, Preparation preparation) {
        List<View> hostIn = in.stream().map(HostKernels::twin).toList();
        List<View> hostOut = out.stream().map(HostKernels::twin).toList();
        Kernel kernel = preparation.prepare(reference, hostIn, hostOut);
        return () -> {
            for (int i = 0; i < in.size(); i++) download(in.get(i), hostIn.get(i));
            kernel.run();
            for (int i = 0; i < out.size(); i++) upload(hostOut.get(i), out.get(i));
        };
    }

    /** Prepares a kernel of the reference backend on host memory. */
    interface Preparation {
        Kernel prepare(ReferenceBackend reference, List<View> in, List<View> out);
    }

    private static View twin(View view) {
        return new View(new HostMemory(view.memory().storage(), view.size(), false), 0, view.shape(), view.dtype());
    }

    private void download(View from, View to) {
        if (from.size() == 0) return;
        device.read(
                ((DeviceMemory) from.memory()).buffer(),
                from.offset() * from.memory().storage().bytes(),
                Transfers.segment(((HostMemory) to.memory()).array(), 0, to.size()));
    }

    private void upload(View from, View to) {
        if (from.size() == 0) return;
        device.write(
                Transfers.segment(((HostMemory) from.memory()).array(), 0, from.size()),
                ((DeviceMemory) to.memory()).buffer(),
                to.offset() * to.memory().storage().bytes());
    }
}
