package org.keras4j.op;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An immutable list of ints that compares by value: axes, strides, paddings. */
public final class Ints {
    public static final Ints NONE = new Ints(new int[0]);

    private final int[] values;

    private Ints(int[] values) {
        this.values = values;
    }

    public static Ints of(int... values) {
        return values.length == 0 ? NONE : new Ints(values.clone());
    }

    /** Returns {@code count} times {@code value}. */
    public static Ints repeat(int value, int count) {
        var values = new int[count];
        Arrays.fill(values, value);
        return of(values);
    }

    /** Returns 0, 1, ..., count - 1. */
    public static Ints range(int count) {
        var values = new int[count];
        Arrays.setAll(values, i -> i);
        return of(values);
    }

    public int size() {
        return values.length;
    }

    public int get(int index) {
        return values[index];
    }

    public boolean contains(int value) {
        for (int v : values) if (v == value) return true;
        return false;
    }

    /** Says whether each value is {@code value}. */
    public boolean all(int value) {
        for (int v : values) if (v != value) return false;
        return true;
    }

    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ints i && Arrays.equals(values, i.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
