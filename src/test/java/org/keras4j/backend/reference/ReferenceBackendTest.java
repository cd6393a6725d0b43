package org.keras4j.backend.reference;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

final class ReferenceBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return new ReferenceProvider().open();
    }
}
