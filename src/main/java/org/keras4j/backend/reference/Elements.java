package org.keras4j.backend.reference;

import org.keras4j.DType;
import org.keras4j.backend.View;

/** The elements of a view in row-major order, read and written as doubles or longs whatever array they are in. */
abstract sealed class Elements {
    final DType dtype;
    final int size;
    final int offset;
    private final Object array;

    private Elements(View view, Object array) {
        this.dtype = view.dtype();
        this.size = view.size();
        this.offset = Math.toIntExact(view.offset());
        this.array = array;
    }

    static Elements of(View view) {
        if (!(view.memory() instanceof HostMemory memory))
            throw new IllegalArgumentException("Reference kernels need HostMemory, got "
                    + view.memory().getClass().getName());
        if (view.dtype().storage() != memory.storage())
            throw new IllegalArgumentException("A view of " + view.dtype() + " needs a memory of "
                    + view.dtype().storage() + ", got " + memory.storage());
        if (view.offset() < 0 || view.offset() + view.size() > memory.elements())
            throw new IllegalArgumentException("View " + view.shape() + " at " + view.offset()
                    + " is outside a memory of " + memory.elements() + " elements");
        return switch (memory.array()) {
            case float[] f -> new Floats(view, f);
            case double[] d -> new Doubles(view, d);
            case int[] i -> new Ints32(view, i);
            case long[] l -> new Longs(view, l);
            default -> throw new AssertionError(memory.array().getClass());
        };
    }

    abstract double get(int index);

    /** Returns the element as a long; floats are truncated. */
    abstract long getLong(int index);

    /** Sets the element, rounded to the dtype. */
    abstract void set(int index, double value);

    /** Sets the element, wrapped into the dtype. */
    abstract void setLong(int index, long value);

    /** Copies {@code count} elements of a view that has the same dtype. */
    final void copy(int at, Elements from, int fromAt, int count) {
        System.arraycopy(from.array, from.offset + fromAt, array, offset + at, count);
    }

    /** Says whether both are the same place. */
    final boolean isSame(Elements other) {
        return array == other.array && offset == other.offset;
    }

    /** Copies from or to a Java array of the storage's type. */
    final void read(Object to, int toAt, int at, int count) {
        System.arraycopy(array, offset + at, to, toAt, count);
    }

    final void write(Object from, int fromAt, int at, int count) {
        System.arraycopy(from, fromAt, array, offset + at, count);
    }

    final double[] doubles() {
        var values = new double[size];
        for (int i = 0; i < size; i++) values[i] = get(i);
        return values;
    }

    final long[] longs() {
        var values = new long[size];
        for (int i = 0; i < size; i++) values[i] = getLong(i);
        return values;
    }

    final void store(double[] values) {
        for (int i = 0; i < size; i++) set(i, values[i]);
    }

    final void store(long[] values) {
        for (int i = 0; i < size; i++) setLong(i, values[i]);
    }

    private static final class Floats extends Elements {
        private final float[] array;

        Floats(View view, float[] array) {
            super(view, array);
            this.array = array;
        }

        @Override
        double get(int index) {
            return array[offset + index];
        }

        @Override
        long getLong(int index) {
            return (long) array[offset + index];
        }

        @Override
        void set(int index, double value) {
            array[offset + index] = (float) dtype.round(value);
        }

        @Override
        void setLong(int index, long value) {
            set(index, value);
        }
    }

    private static final class Doubles extends Elements {
        private final double[] array;

        Doubles(View view, double[] array) {
            super(view, array);
            this.array = array;
        }

        @Override
        double get(int index) {
            return array[offset + index];
        }

        @Override
        long getLong(int index) {
            return (long) array[offset + index];
        }

        @Override
        void set(int index, double value) {
            array[offset + index] = value;
        }

        @Override
        void setLong(int index, long value) {
            array[offset + index] = value;
        }
    }

    private static final class Ints32 extends Elements {
        private final int[] array;

        Ints32(View view, int[] array) {
            super(view, array);
            this.array = array;
        }

        @Override
        double get(int index) {
            return array[offset + index];
        }

        @Override
        long getLong(int index) {
            return array[offset + index];
        }

        @Override
        void set(int index, double value) {
            array[offset + index] = (int) dtype.round(value);
        }

        @Override
        void setLong(int index, long value) {
            array[offset + index] = (int) dtype.wrap(value);
        }
    }

    private static final class Longs extends Elements {
        private final long[] array;

        Longs(View view, long[] array) {
            super(view, array);
            this.array = array;
        }

        @Override
        double get(int index) {
            return array[offset + index];
        }

        @Override
        long getLong(int index) {
            return array[offset + index];
        }

        @Override
        void set(int index, double value) {
            array[offset + index] = dtype.wrap((long) value);
        }

        @Override
        void setLong(int index, long value) {
            array[offset + index] = dtype.wrap(value);
        }
    }
}
