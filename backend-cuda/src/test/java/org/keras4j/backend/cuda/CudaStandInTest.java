package org.keras4j.backend.cuda;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

/** The whole contract on the stand-ins: no GPU is involved. */
class CudaStandInTest extends BackendContract {
    @Override
    protected Backend open() {
        return StandIns.open();
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
