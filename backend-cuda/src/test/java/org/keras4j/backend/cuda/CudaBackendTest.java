package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.BackendUnavailableException;

/** The whole contract on a GPU, where there is one. */
class CudaBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        try {
            Backend backend = new CudaProvider().open();
            if (backend.describe().contains("stand-in")) {
                backend.close();
                return abort("Another test of this process has loaded the stand-ins");
            }
            return backend;
        } catch (BackendUnavailableException e) {
            return abort("No CUDA here: " + e.getMessage());
        }
    }
}
