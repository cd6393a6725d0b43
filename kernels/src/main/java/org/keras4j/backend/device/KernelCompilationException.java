package org.keras4j.backend.device;

/** A device's compiler refused a kernel. */
public final class KernelCompilationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes the error; of {@code log} the first lines with errors are shown. */
    public KernelCompilationException(String device, Source source, String log) {
        super(device + ": kernel \"" + source.name() + "\" does not compile:\n" + relevant(log));
    }

    private static String relevant(String log) {
        String errors = log.lines()
                .filter(line -> line.contains("error"))
                .limit(8)
                .reduce("", (a, b) -> a + "  " + b.strip() + "\n");
        return errors.isEmpty() ? log.lines().limit(20).reduce("", (a, b) -> a + "  " + b + "\n") : errors;
    }
}
