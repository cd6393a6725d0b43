package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.Tuning;

class OpenClBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        try {
            return Tuning.trying(Map.of("winograd.least.tiles", 24), new OpenClProvider()::open); // small ones, too
        } catch (BackendUnavailableException e) {
            return abort("No OpenCL here: " + e.getMessage());
        }
    }
}
