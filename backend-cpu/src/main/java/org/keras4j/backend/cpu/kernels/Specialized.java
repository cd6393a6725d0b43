package org.keras4j.backend.cpu.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads {@link DirectTiles} once for each row distance, as a hidden class in which the distance is a constant. With a
 * variable distance the same tile has to compute 14 addresses per step and runs at a third of the speed.
 */
final class Specialized {
    private static final Map<Integer, Specialized> KNOWN = new ConcurrentHashMap<>();

    final Tiles tiles;
    final TileWarmup warmup;

    private Specialized(Tiles tiles) {
        this.tiles = tiles;
        warmup = new TileWarmup((height, wide, depth, a, b, c) ->
                tiles.run(height, wide, depth, a, 0, b, 0, wide ? Blocks.WIDTH : Blocks.LANES, c, 0, Blocks.WIDTH));
    }

    /** Returns the tiles for rows that are {@code distance} floats apart. */
    static Specialized of(int distance) {
        return KNOWN.computeIfAbsent(distance, d -> new Specialized(load(d)));
    }

    /** Returns the distance for which the class of {@code lookup} was loaded, 0 for the class as it was compiled. */
    static int distance(MethodHandles.Lookup lookup) {
        try {
            @Nullable Integer data = MethodHandles.classData(lookup, "_", Integer.class);
            return data == null ? 0 : data;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tiles load(int distance) {
        try (InputStream in = Specialized.class.getResourceAsStream("DirectTiles.class")) {
            if (in == null) throw new IllegalStateException("DirectTiles.class is missing beside Specialized.class");
            MethodHandles.Lookup hidden =
                    MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), distance, true);
            MethodType type = MethodType.methodType(void.class);
            return (Tiles) hidden.findConstructor(hidden.lookupClass(), type).invoke();
        } catch (IOException e) {
            throw new IllegalStateException("DirectTiles.class cannot be read", e);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot specialise DirectTiles for rows " + distance + " floats apart", e);
        }
    }
}
