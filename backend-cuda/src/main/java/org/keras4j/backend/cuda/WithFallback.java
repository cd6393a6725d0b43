package org.keras4j.backend.cuda;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Kernel;

/**
 * A kernel of one of NVIDIA's libraries; should it refuse when it runs, one of ours is prepared and takes its place.
 */
final class WithFallback implements Kernel {
    private final Kernel first;
    private final Supplier<Kernel> second;
    private @Nullable Kernel replacement;

    WithFallback(Kernel first, Supplier<Kernel> second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void run() {
        if (replacement == null) {
            try {
                first.run();
                return;
            } catch (RefusedException e) {
                System.getLogger(WithFallback.class.getName())
                        .log(System.Logger.Level.WARNING, "{0}; the library''s own kernel is used", e.getMessage());
                replacement = second.get();
            }
        }
        replacement.run();
    }
}
