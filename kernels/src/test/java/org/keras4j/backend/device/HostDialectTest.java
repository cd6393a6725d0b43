package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

/**
 * The kernels of GPUs in the host dialect, where barriers must be reached by all and nothing runs by itself. System
 * property {@code keras4j.host.options} has options for g++, such as {@code -fsanitize=undefined}; with {@code
 * keras4j.host.cpu} true they are the kernels of CPUs.
 */
class HostDialectTest extends BackendContract {
    /** What only pays for large tensors is to be tested with small ones, too. */
    private static final Map<String, Integer> SMALL =
            Map.of("winograd.least.channels", 16, "winograd.least.tiles", 24, "winograd.megabytes", 1);

    @Override
    protected Backend open() {
        Optional<String> missing = HostCompiler.missing();
        if (missing.isPresent()) return abort("No kernels for the host: " + missing.get());
        String options = System.getProperty("keras4j.host.options", "");
        var device = new HostDevice(
                Boolean.getBoolean("keras4j.host.cpu"), options.isEmpty() ? List.of() : List.of(options.split(" ")));
        return Tuning.trying(SMALL, () -> new DeviceBackend("host", device));
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
