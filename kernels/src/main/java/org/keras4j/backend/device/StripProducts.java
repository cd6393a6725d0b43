package org.keras4j.backend.device;

import org.keras4j.backend.Kernel;

/** Matrix products on CPUs: float kinds in register tiles (gemm_strips.c), others plainly (gemm_plain.c). */
final class StripProducts {
    private static final int STRIP = 12;
    private static final int PANEL = 32;

    private final DeviceContext context;

    StripProducts(DeviceContext context) {
        this.context = context;
    }

    Kernel prepare(Product product) {
        return switch (product.dtype().storage()) {
            case FLOAT -> strips(product);
            case DOUBLE -> plain(product, "T=double");
            case INT -> plain(product, "T=int", "INTEGER", "BITS=32");
            case LONG -> plain(product, "T=long", "INTEGER", "BITS=64");
        };
    }

    private Kernel strips(Product product) {
        int panels = ceil(product.n(), PANEL) * product.batch();
        int chunk = chunk(product.m(), panels);
        return context.program("gemm_strips", "PANEL_DEPTH=" + context.tuning.get("gemm.depth"))
                .bind(
                        "gemm",
                        new Grid(panels, ceil(product.m(), chunk), 1, 1, 1, 1),
                        product.arguments(Argument.of(chunk)));
    }

    /** Returns the rows of a work-item: many, as each packs its columns of B anew, but no unit shall stand idle. */
    private int chunk(int m, int panels) {
        int groups = context.tuning.get("gemm.groups") * context.traits.units();
        int chunks = Math.max(1, ceil(groups, panels));
        int rows = Math.clamp(ceil(m, chunks), 1, context.tuning.get("gemm.chunk"));
        return Math.max(ceil(rows, STRIP) * STRIP, ceil(m, 65_535)); // the most groups along y
    }

    private Kernel plain(Product product, String... defines) {
        int groups = ceil(product.n(), 16) * ceil(product.m(), 4) * product.batch();
        return context.program("gemm_plain", defines).bind("gemm", Grid.of(groups, 1), product.arguments());
    }

    private static int ceil(int a, int b) {
        return (a + b - 1) / b;
    }
}
