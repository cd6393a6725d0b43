package org.keras4j.backend.device;

import org.keras4j.Storage;
import org.keras4j.backend.Kernel;

/** Matrix products on CPUs: floats in register tiles (gemm_strips.c), others plainly (gemm_plain.c). */
final class StripProducts {
    private static final int STRIP = 12;
    private static final int PANEL = 32;
    private static final int LEAST_REACH = 256;

    private final DeviceContext context;
    private final SplitProducts splits;

    StripProducts(DeviceContext context) {
        this.context = context;
        splits = new SplitProducts(context);
    }

    Kernel prepare(Product product) {
        return product.dtype().storage() == Storage.FLOAT ? strips(product) : plain(product);
    }

    private Kernel strips(Product product) {
        int panels = ceil(product.n(), PANEL) * product.batch();
        int chunk = chunk(product.m(), panels);
        int chunks = ceil(product.m(), chunk);
        int reach = splits.reach(product, panels * chunks, LEAST_REACH);
        var grid = new Grid(panels, chunks, parts(product, reach), 1, 1, 1);
        Program program = context.program("gemm_strips", "PANEL_DEPTH=" + context.tuning.get("gemm.depth"));
        return splits.prepare(
                product,
                reach,
                to -> program.bind("gemm", grid, product.arguments(to, reach, chunk, transposed(product))));
    }

    /** Returns the rows of a work-item: many, as each packs its columns of B anew, but no unit shall stand idle. */
    private int chunk(int m, int panels) {
        int groups = context.tuning.get("gemm.groups") * context.traits.units();
        int chunks = Math.max(1, ceil(groups, panels));
        int rows = Math.clamp(ceil(m, chunks), 1, context.tuning.get("gemm.chunk"));
        return Math.max(ceil(rows, STRIP) * STRIP, ceil(m, 65_535)); // the most groups along y
    }

    private Kernel plain(Product product) {
        int groups = ceil(product.n(), 16) * ceil(product.m(), 4) * product.batch();
        int reach = splits.reach(product, groups, LEAST_REACH);
        var grid = new Grid(groups, parts(product, reach), 1, 1, 1, 1);
        Program program = context.program("gemm_plain", product.macros().toArray(String[]::new));
        return splits.prepare(
                product, reach, to -> program.bind("gemm", grid, product.arguments(to, reach, transposed(product))));
    }

    /** Returns 1 for a transposed A plus 2 for a transposed B. */
    private static int transposed(Product product) {
        return (product.transposeA() ? 1 : 0) + (product.transposeB() ? 2 : 0);
    }

    private static int parts(Product product, int reach) {
        return Math.max(1, ceil(product.k(), Math.max(1, reach)));
    }

    private static int ceil(int a, int b) {
        return (a + b - 1) / b;
    }
}
