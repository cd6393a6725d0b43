package org.keras4j.backend.cpu.kernels;

/** What a matrix product or convolution does with pieces of its result while they are in cache. */
public interface Epilogue {
    /** Prepares the calling thread for calls of {@link #apply}, until {@link #end}. */
    default void begin() {}

    /** Changes {@code y[at .. at + n]}, a run of finished results, or makes other results of them. */
    void apply(float[] y, int at, int n);

    /** Ends what {@link #begin} has begun. */
    default void end() {}

    /** Says whether there is nothing to do. */
    default boolean isNothing() {
        return false;
    }

    /** Returns {@code first} followed by {@code second} on each piece. */
    static Epilogue both(Activation first, Epilogue second) {
        if (first.isNothing()) return second;
        return new Epilogue() {
            @Override
            public void begin() {
                second.begin();
            }

            @Override
            public void apply(float[] y, int at, int n) {
                first.apply(y, at, n);
                second.apply(y, at, n);
            }

            @Override
            public void end() {
                second.end();
            }
        };
    }
}
