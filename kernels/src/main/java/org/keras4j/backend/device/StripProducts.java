package org.keras4j.backend.device;

import org.keras4j.Storage;
import org.keras4j.backend.Kernel;

/**
 * Matrix products on CPUs: floats in register tiles (gemm_strips.c) or, where there is only a row, as it comes
 * (gemv.c); others plainly (gemm_plain.c).
 */
final class StripProducts {
    private static final int STRIP = 12;
    private static final int PANEL = 32;
    private static final int BLOCK = 64; // columns of gemv.c
    private static final int LEAST_REACH = 256;

    private final DeviceContext context;
    private final SplitProducts splits;

    StripProducts(DeviceContext context) {
        this.context = context;
        splits = new SplitProducts(context);
    }

    Kernel prepare(Product product) {
        if (product.dtype().storage() != Storage.FLOAT) return plain(product);
        return product.m() == 1 ? row(product) : strips(product);
    }

    /** Each work-item has some columns: as many items as keep all units busy, for work that is worth it. */
    private Kernel row(Product product) {
        int units = context.traits.units() * context.tuning.get("gemm.groups");
        long worth = context.tuning.get("gemv.piece");
        long work = (long) product.n() * Math.max(1, product.k()) * product.batch();
        int items = Math.clamp(work / worth, 1, units);
        int share = ceil(product.n(), ceil(items, product.batch()));
        if (!product.transposeB()) share = ceil(share, BLOCK) * BLOCK;
        int columns = share;
        int groups = ceil(product.n(), share) * product.batch();
        int reach = work < worth ? product.k() : splits.reach(product.k(), groups, LEAST_REACH);
        var grid = new Grid(groups, parts(product, reach), 1, 1, 1, 1);
        Program program = context.program("gemv", product.macros(product.out()).toArray(String[]::new));
        String function = product.transposeB() ? "gemv_transposed" : "gemv";
        return splits.prepare(
                product, reach, to -> program.bind(function, grid, product.arguments(to, reach, columns)));
    }

    private Kernel strips(Product product) {
        int panels = ceil(product.n(), PANEL) * product.batch();
        int chunk = chunk(product.m(), panels);
        int chunks = ceil(product.m(), chunk);
        int reach = splits.reach(product.k(), panels * chunks, LEAST_REACH);
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
        int reach = splits.reach(product.k(), groups, LEAST_REACH);
        var grid = new Grid(groups, parts(product, reach), 1, 1, 1, 1);
        Program program =
                context.program("gemm_plain", product.macros(product.out()).toArray(String[]::new));
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
