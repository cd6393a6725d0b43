package org.keras4j.callbacks;

/** When to save: after each epoch, or after each so many batches. */
final class SaveFrequency {
    private final String owner;
    private int batches; // 0 for each epoch
    private int seen;

    SaveFrequency(String owner) {
        this.owner = owner;
    }

    void everyEpoch() {
        batches = 0;
    }

    void every(int batches) {
        if (batches <= 0) throw new IllegalArgumentException(owner + ": save_freq must be positive, got " + batches);
        this.batches = batches;
    }

    boolean isEveryEpoch() {
        return batches == 0;
    }

    /** Counts a batch and says whether it is time. */
    boolean isDue() {
        if (batches == 0 || ++seen < batches) return false;
        seen = 0;
        return true;
    }
}
