package org.keras4j.backend.cpu;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

final class CpuBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return new CpuProvider().open();
    }
}
