package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.BackendUnavailableException;

class OpenClBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        try {
            return new OpenClProvider().open();
        } catch (BackendUnavailableException e) {
            return abort("No OpenCL here: " + e.getMessage());
        }
    }
}
