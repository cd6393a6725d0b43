package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

/**
 * The kernels of GPUs in the host dialect, where barriers must be reached by all and nothing runs by itself. System
 * property {@code keras4j.host.options} has options for g++, such as {@code -fsanitize=undefined}.
 */
class HostDialectTest extends BackendContract {
    /** Each case of these is a program of its own: with g++, minutes for what OpenCL's tests show as well. */
    private static final Set<String> GENERATED = Set.of("UnaryContract", "BinaryContract", "ExpressionContract");

    private final boolean all = Boolean.getBoolean("keras4j.host.all");

    @BeforeEach
    void leaveOutGeneratedPrograms(TestInfo test) {
        Class<?> part = test.getTestMethod().orElseThrow().getDeclaringClass();
        assumeFalse(
                !all && GENERATED.contains(part.getSimpleName()), "over a thousand programs; -Dkeras4j.host.all=true");
    }

    @Override
    protected Backend open() {
        Optional<String> missing = HostCompiler.missing();
        if (missing.isPresent()) return abort("No kernels for the host: " + missing.get());
        String options = System.getProperty("keras4j.host.options", "");
        return new DeviceBackend(
                "host", new HostDevice(false, options.isEmpty() ? List.of() : List.of(options.split(" "))));
    }
}
