package org.keras4j.serialization;

/** A config names an unknown class or has a value that does not fit. The message says where. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
