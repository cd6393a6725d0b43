package org.keras4j.backend.device;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the kernel families share: the device, its compiled programs, faults, and the host's kernels for what is rare.
 */
final class DeviceContext {
    final Device device;
    final Traits traits;
    final Faults faults;
    final HostKernels host;
    final Tuning tuning;
    final Scratch scratch;
    final Widening widening;
    private final ConcurrentMap<Source, Program> programs = new ConcurrentHashMap<>();

    DeviceContext(Device device) {
        this.device = device;
        this.traits = device.traits();
        this.faults = new Faults(device);
        this.host = new HostKernels(device);
        this.tuning = Tuning.of(traits);
        this.scratch = new Scratch(device);
        this.widening = new Widening(this);
    }

    /** Returns the kernels of a file with the macros defined, and CPU if it is one; compiled at the first call. */
    Program program(String family, String... defines) {
        return program(Sources.family(traits.dialect(), family, withKind(defines)));
    }

    /** Returns generated kernels, with CPU defined if it is one; compiled at the first call. */
    Program generated(String name, String body, String... defines) {
        return program(Sources.generated(traits.dialect(), name, body, withKind(defines)));
    }

    private String[] withKind(String[] defines) {
        if (!traits.cpu()) return defines;
        String[] all = Arrays.copyOf(defines, defines.length + 1);
        all[defines.length] = "CPU";
        return all;
    }

    private Program program(Source source) {
        Program known = programs.get(source);
        return known == null ? programs.computeIfAbsent(source, device::compile) : known;
    }
}
