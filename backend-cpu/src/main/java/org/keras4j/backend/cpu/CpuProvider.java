package org.keras4j.backend.cpu;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendProvider;
import org.keras4j.backend.BackendUnavailableException;

/** Offers {@link CpuBackend} where the Vector API is there. */
public final class CpuProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Backend open() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty())
            throw new BackendUnavailableException(
                    "the Vector API is missing; start Java with --add-modules jdk.incubator.vector");
        return new CpuBackend();
    }
}
