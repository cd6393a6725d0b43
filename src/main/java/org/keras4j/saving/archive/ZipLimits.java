package org.keras4j.saving.archive;

/**
 * What a zip file may hold.
 *
 * @param entries the most members
 * @param memberBytes the most bytes of one member, unpacked
 * @param ratio how many times its packed size a member may unpack to
 */
public record ZipLimits(int entries, long memberBytes, long ratio) {
    /** Keras's own rules for model files: 4 GiB a member, at most 100 times its packed size. */
    public static final ZipLimits KERAS = new ZipLimits(100_000, 4L << 30, 100);

    /** For NPZ files, where an array of zeros may be packed as tightly as deflate can. */
    public static final ZipLimits ARRAYS = new ZipLimits(100_000, 4L << 30, 1032);
}
