package org.keras4j.backend.reference;

import org.keras4j.DType;
import org.keras4j.op.Op.Reduction;

/** A running sum, product, maximum or minimum: of doubles for floating dtypes, else of longs. */
final class Accumulator {
    private final Reduction function;
    private final boolean floating;
    private final double floatStart;
    private final long longStart;
    private double floatValue;
    private double lost;
    private long longValue;

    Accumulator(Reduction function, DType dtype) {
        this.function = function;
        this.floating = dtype.isFloating();
        this.floatStart = switch (function) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
        this.longStart = floating ? 0 : longStart(function, dtype);
        reset();
    }

    private static long longStart(Reduction function, DType dtype) {
        boolean signed = !dtype.isUnsigned() && dtype != DType.BOOL;
        return switch (function) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> signed ? -1L << (dtype.bits() - 1) : 0;
            case MIN -> signed ? ~(-1L << (dtype.bits() - 1)) : (1L << dtype.bits()) - 1;
        };
    }

    void reset() {
        floatValue = floatStart;
        longValue = longStart;
        lost = 0;
    }

    void add(Elements x, int index) {
        if (floating) add(x.get(index));
        else add(x.getLong(index));
    }

    private void add(double x) {
        switch (function) {
            case SUM -> addCompensated(x);
            case PROD -> floatValue *= x;
            case MAX -> floatValue = Math.max(floatValue, x);
            case MIN -> floatValue = Math.min(floatValue, x);
        }
    }

    /** Neumaier's sum: keeps what each addition rounds away, so that float64 sums are good to an ulp or two. */
    private void addCompensated(double x) {
        double sum = floatValue + x;
        lost += Math.abs(floatValue) >= Math.abs(x) ? (floatValue - sum) + x : (x - sum) + floatValue;
        floatValue = sum;
    }

    private void add(long x) {
        switch (function) {
            case SUM -> longValue += x;
            case PROD -> longValue *= x;
            case MAX -> longValue = Math.max(longValue, x);
            case MIN -> longValue = Math.min(longValue, x);
        }
    }

    void store(Elements out, int index) {
        if (!floating) out.setLong(index, longValue);
        else out.set(index, Double.isFinite(floatValue) ? floatValue + lost : floatValue);
    }
}
