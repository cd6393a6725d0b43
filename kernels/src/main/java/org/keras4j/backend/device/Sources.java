package org.keras4j.backend.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel files beside this class, put together for a dialect. */
public final class Sources {
    private static final Map<String, String> FILES = new ConcurrentHashMap<>();

    private Sources() {}

    /**
     * Returns the kernels of file {@code family + ".c"}.
     *
     * @param defines macros, each {@code "NAME=value"} or {@code "NAME"}; they stand before the dialect's header
     */
    public static Source family(Dialect dialect, String family, String... defines) {
        return assemble(dialect, family, file(family + ".c"), defines);
    }

    /** Returns generated kernels; {@code body} is in the words of the dialects. */
    public static Source generated(Dialect dialect, String name, String body, String... defines) {
        return assemble(dialect, name, body, defines);
    }

    private static Source assemble(Dialect dialect, String name, String body, String... defines) {
        var text = new StringBuilder();
        for (String define : defines)
            text.append("#define ").append(define.replaceFirst("=", " ")).append('\n');
        text.append(file(dialect.header())).append(file("dialect/common.h")).append(body);
        return new Source(name + (defines.length == 0 ? "" : " " + String.join(" ", defines)), text.toString());
    }

    /** Returns the text of a kernel file or header. */
    static String file(String name) {
        return FILES.computeIfAbsent(name, Sources::read);
    }

    private static String read(String name) {
        try (InputStream in = Sources.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalArgumentException("There is no kernel file " + name + " in the library");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the kernel file " + name, e);
        }
    }
}
