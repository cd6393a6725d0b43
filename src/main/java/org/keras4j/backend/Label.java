package org.keras4j.backend;

import java.util.function.Supplier;

/**
 * The layer whose kernels are being prepared. Backends whose kernels report errors later, when results are read, keep
 * it to say where an error comes from.
 */
public final class Label {
    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private Label() {}

    /** Returns what the kernels that this thread prepares belong to; empty if nothing is known. */
    public static String current() {
        return CURRENT.orElse("");
    }

    /** Prepares a kernel of {@code label}. */
    public static Kernel during(String label, Supplier<Kernel> preparation) {
        return ScopedValue.where(CURRENT, label).call(preparation::get);
    }
}
