package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;

/** Products of a row and a matrix on GPUs (gemv_groups.c): their tiles would be nearly empty. */
final class RowProducts {
    private static final int ITEMS = 256;
    private static final int LANES = 32;
    private static final int LEAST_REACH = 256;

    private final DeviceContext context;
    private final SplitProducts splits;

    RowProducts(DeviceContext context, SplitProducts splits) {
        this.context = context;
        this.splits = splits;
    }

    /** Prepares a product of which m is 1. */
    Kernel prepare(Product product) {
        int vector = product.dtype().storage() == Storage.FLOAT && inFours(product) ? 4 : 1;
        int width = product.transposeB() ? ITEMS / LANES : LANES * vector;
        int groups = Math.toIntExact((long) ((product.n() + width - 1) / width) * product.batch());
        int reach = splits.reach(product.k(), groups, LEAST_REACH);
        int parts = Math.max(1, (product.k() + reach - 1) / Math.max(1, reach));
        List<String> macros = product.macros(reach < product.k() ? null : product.out());
        macros.add("W=" + vector);
        Program program = context.program("gemv_groups", macros.toArray(String[]::new));
        String function = product.transposeB() ? "gemv_transposed" : "gemv";
        var grid = new Grid(groups, parts, 1, ITEMS, 1, 1);
        return splits.prepare(product, reach, to -> program.bind(function, grid, product.arguments(to, reach)));
    }

    /** Says whether all rows that are read begin at a multiple of four floats. */
    private static boolean inFours(Product product) {
        int row = product.transposeB() ? product.k() : product.n();
        return (row | product.a().offset() | product.b().offset()) % 4 == 0;
    }
}
