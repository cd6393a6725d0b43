package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/**
 * Matrix products on GPUs: tiles in local memory (gemm_tiles.c), large ones if there are enough for all units; where
 * there is only a row, {@link RowProducts}.
 */
final class TileProducts {
    private static final int ITEMS = 256;
    private static final int LEAST_REACH = 256;

    private final DeviceContext context;
    private final SplitProducts splits;
    private final RowProducts rows;

    TileProducts(DeviceContext context) {
        this.context = context;
        splits = new SplitProducts(context);
        rows = new RowProducts(context, splits);
    }

    Kernel prepare(Product product) {
        if (product.m() == 1) return rows.prepare(product);
        int reach = reach(product.batch(), product.m(), product.n(), product.k(), product.dtype());
        return splits.prepare(product, reach, to -> launch(product, reach, to));
    }

    /** Prepares the sums over each {@code reach} of k, {@code [splits, batch, m, n]} from the product's result on. */
    Kernel sums(Product product, int reach) {
        return launch(product, reach, Argument.of(product.out()));
    }

    /** Returns over how much of k a group should sum: k itself where there are groups enough. */
    int reach(int batch, int m, int n, int k, DType dtype) {
        return splits.reach(k, tiles(batch, m, n, tuned(kind(batch, m, n, dtype) + ".tile")), LEAST_REACH);
    }

    private Kernel launch(Product product, int reach, Argument.Place to) {
        boolean floats = product.dtype().storage() == Storage.FLOAT;
        String kind = kind(product.batch(), product.m(), product.n(), product.dtype());
        int tile = tuned(kind + ".tile");
        // as many bytes of local memory whatever the type: some devices have 32 KiB
        int depth =
                tuned(kind + ".depth") * Float.BYTES / product.dtype().storage().bytes();
        List<String> macros = product.macros(reach < product.k() ? null : product.out());
        macros.addAll(List.of("TM=" + tile, "TN=" + tile, "TK=" + depth));
        boolean fours =
                floats && inFours(product) && tile * depth >= 4 * ITEMS; // each item loads four of a step at least
        macros.addAll(List.of("UNROLLED=" + tuned(kind + ".unroll"), "W=" + (fours ? 4 : 1)));
        macros.addAll(List.of("TA=" + (product.transposeA() ? 1 : 0), "TB=" + (product.transposeB() ? 1 : 0)));
        int parts = Math.max(1, ceil(product.k(), Math.max(1, reach)));
        var grid = new Grid(tiles(product.batch(), product.m(), product.n(), tile), parts, 1, ITEMS, 1, 1);
        return context.program("gemm_tiles", macros.toArray(String[]::new))
                .bind("gemm", grid, product.arguments(to, reach));
    }

    private String kind(int batch, int m, int n, DType dtype) {
        boolean floats = dtype.storage() == Storage.FLOAT;
        return floats && tiles(batch, m, n, tuned("large.tile")) >= context.traits.units() ? "large" : "small";
    }

    private int tuned(String name) {
        return context.tuning.get("gemm." + name);
    }

    private static int tiles(int batch, int m, int n, int tile) {
        return Math.toIntExact((long) ceil(m, tile) * ceil(n, tile) * batch);
    }

    /** Says whether all rows start at a multiple of four floats, so that they can be read and written in fours. */
    private static boolean inFours(Product product) {
        int a = product.transposeA() ? product.m() : product.k();
        int b = product.transposeB() ? product.k() : product.n();
        return (a | b | product.n()) % 4 == 0 && inFours(product.a()) && inFours(product.b()) && inFours(product.out());
    }

    private static boolean inFours(View view) {
        return view.offset() % 4 == 0;
    }

    private static int ceil(int a, int b) {
        return (a + b - 1) / b;
    }
}
