package org.keras4j.backend.reference;

import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;
import org.keras4j.op.Philox;

/** Values that come from nothing but a seed or a place. */
final class ReferenceRandom {
    private ReferenceRandom() {}

    static Kernel random(Op.Random op, View seed, View out) {
        if (!out.dtype().isFloating())
            throw new IllegalArgumentException("Random: expected a floating dtype, got " + out.dtype());
        Elements key = Elements.of(seed);
        Elements target = Elements.of(out);
        double greatest = op.distribution() == Op.Distribution.UNIFORM ? belowOne(out.dtype()) : Double.MAX_VALUE;
        return () -> {
            var values = new double[target.size];
            switch (op.distribution()) {
                case UNIFORM -> Philox.uniform((int) key.getLong(0), (int) key.getLong(1), values);
                case NORMAL -> Philox.normal((int) key.getLong(0), (int) key.getLong(1), values);
            }
            for (int i = 0; i < values.length; i++) target.set(i, Math.min(values[i], greatest));
        };
    }

    /** Returns the greatest value below 1, so that rounding to a narrow type cannot make a uniform number 1. */
    private static double belowOne(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 1 - 0x1p-11;
            case BFLOAT16 -> 1 - 0x1p-8;
            case FLOAT32, FLOAT64 -> 1 - 0x1p-24;
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> throw new IllegalArgumentException();
        };
    }

    static Kernel iota(Op.Iota op, View out) {
        Elements target = Elements.of(out);
        var axis = new ReferenceReduce.Axis(out.shape(), op.axis());
        return () -> {
            for (int i = 0; i < target.size; i++) target.setLong(i, i / axis.stride % axis.size);
        };
    }
}
