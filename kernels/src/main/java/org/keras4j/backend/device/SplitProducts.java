package org.keras4j.backend.device;

import java.util.function.Function;
import org.keras4j.backend.Kernel;

/** Products with few results and a long k: several groups each sum a part of k, then the parts are added in order. */
final class SplitProducts {
    private static final int GROUP = 64;

    private final DeviceContext context;

    SplitProducts(DeviceContext context) {
        this.context = context;
    }

    /**
     * Returns how far one split reaches: k if there is no need to split.
     *
     * @param groups that there are without splitting
     * @param least the least reach that is worth a group, and what a reach is a multiple of
     */
    int reach(int k, int groups, int least) {
        int units = context.traits.units();
        if (groups >= units || k < 2 * least) return k;
        int splits = Math.min((2 * units + groups - 1) / groups, k / least);
        int reach = (k + splits - 1) / splits;
        return (reach + least - 1) / least * least;
    }

    /** Prepares a product; {@code launch} makes the kernel for the place that it is to write to. */
    Kernel prepare(Product product, int reach, Function<Argument.Place, Kernel> launch) {
        if (reach >= product.k()) return launch.apply(Argument.of(product.out()));
        int splits = (product.k() + reach - 1) / reach;
        int size = product.out().size();
        long bytes = (long) splits * size * product.dtype().storage().bytes();
        var partial = new Argument.Place(context.scratch.reserve(bytes), 0);
        Kernel sum = context.program("gemm_sum", product.macros(product.out()).toArray(String[]::new))
                .bind(
                        "gemm_sum",
                        Grid.covering(size, GROUP),
                        partial,
                        Argument.of(product.bias() == null ? product.out() : product.bias()),
                        Argument.of(product.out()),
                        Argument.of(size),
                        Argument.of(product.n()),
                        Argument.of(splits),
                        Argument.of(product.biased()),
                        Argument.of(product.finishing()));
        return context.scratch.together(launch.apply(partial), sum);
    }
}
