package org.keras4j.saving.hdf5;

/** A group or dataset to be written. */
sealed interface Hdf5Object permits GroupWriter, DatasetWriter {
    int ENTRY_BYTES = 40;

    String name();

    /** Writes this object's metadata and that of everything below it, and remembers where it went. */
    void write(ByteSink out);

    /** Writes the symbol table entry that leads here. */
    void writeEntry(ByteSink out, long nameOffset);
}
