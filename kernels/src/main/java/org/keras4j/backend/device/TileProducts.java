package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** Matrix products on GPUs: tiles in local memory (gemm_tiles.c), large ones if there are enough for all units. */
final class TileProducts {
    private static final int ITEMS = 256;
    private static final int LEAST_REACH = 256;

    private final DeviceContext context;
    private final SplitProducts splits;

    TileProducts(DeviceContext context) {
        this.context = context;
        splits = new SplitProducts(context);
    }

    Kernel prepare(Product product) {
        boolean floats = product.dtype().storage() == Storage.FLOAT;
        boolean large = floats && tiles(product, tuned("large.tile")) >= context.traits.units();
        String kind = large ? "large" : "small";
        int tile = tuned(kind + ".tile");
        // as many bytes of local memory whatever the type: some devices have 32 KiB
        int depth =
                tuned(kind + ".depth") * Float.BYTES / product.dtype().storage().bytes();
        int tiles = tiles(product, tile);
        int reach = splits.reach(product, tiles, LEAST_REACH);
        int parts = Math.max(1, ceil(product.k(), Math.max(1, reach)));
        List<String> macros = new ArrayList<>(product.macros());
        macros.addAll(List.of("TM=" + tile, "TN=" + tile, "TK=" + depth));
        macros.addAll(List.of("UNROLLED=" + tuned(kind + ".unroll"), "W=" + (floats && inFours(product) ? 4 : 1)));
        macros.addAll(List.of("TA=" + (product.transposeA() ? 1 : 0), "TB=" + (product.transposeB() ? 1 : 0)));
        Program program = context.program("gemm_tiles", macros.toArray(String[]::new));
        var grid = new Grid(tiles, parts, 1, ITEMS, 1, 1);
        return splits.prepare(product, reach, to -> program.bind("gemm", grid, product.arguments(to, reach)));
    }

    private int tuned(String name) {
        return context.tuning.get("gemm." + name);
    }

    private static int tiles(Product product, int tile) {
        return Math.toIntExact((long) ceil(product.m(), tile) * ceil(product.n(), tile) * product.batch());
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
