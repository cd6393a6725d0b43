package org.keras4j.cli.conformance;

/** A case cannot be replayed; the message says why. */
final class SkipException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SkipException(String reason) {
        super(reason);
    }
}
