package org.keras4j.backend.device;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What the kernel families share: the device, its compiled programs, faults, and the host's kernels for what is rare. */
final class DeviceContext {
    final Device device;
    final Traits traits;
    final Faults faults;
    final HostKernels host;
    final Tuning tuning;
    final Scratch scratch;
    private final ConcurrentMap<Source, Program> programs = new ConcurrentHashMap<>();

    DeviceContext(Device device) {
        this.device = device;
        this.traits = device.traits();
        this.faults = new Faults(device);
        this.host = new HostKernels(device);
        this.tuning = Tuning.of(traits);
        this.scratch = new Scratch(device);
    }

    /** Returns the kernels of a file with the macros defined; compiled at the first call. */
    Program program(String family, String... defines) {
        return program(Sources.family(traits.dialect(), family, defines));
    }

    /** Returns generated kernels; compiled at the first call. */
    Program generated(String name, String body, String... defines) {
        return program(Sources.generated(traits.dialect(), name, body, defines));
    }

    private Program program(Source source) {
        Program known = programs.get(source);
        return known == null ? programs.computeIfAbsent(source, device::compile) : known;
    }
}
