package org.keras4j.utils;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** Keras's progress bar: {@code 45/45 ━━━━━━━━━━━━━━━━━━━━ 1s 12ms/step - accuracy: 0.9123 - loss: 0.3012}. */
public final class Progbar {
    private static final int WIDTH = 20;
    private static final long INTERVAL_NANOS = 50_000_000;

    private final int target;
    private final int verbose;
    private final PrintStream out;
    private final long start = System.nanoTime();
    private final boolean animated;
    private long lastDrawn;
    private long afterFirst;
    private int width;

    /**
     * Starts the clock.
     *
     * @param target the number of steps, or 0 if that is not known
     * @param verbose 0 for nothing, 1 for a bar, 2 for one line at the end
     */
    public Progbar(int target, int verbose, PrintStream out) {
        this.target = target;
        this.verbose = verbose;
        this.out = out;
        // Carriage returns only help where somebody watches; a log gets the last state alone.
        animated = System.console() != null && System.console().isTerminal();
    }

    /** Redraws after step {@code current}, at most 20 times a second; only then are the values read. */
    public void update(int current, Map<String, Double> values) {
        if (current == 1) afterFirst = System.nanoTime();
        if (verbose != 1 || !animated || current >= target && target > 0) return;
        long now = System.nanoTime();
        if (now - lastDrawn < INTERVAL_NANOS) return;
        lastDrawn = now;
        String line = line(current, values, false);
        String padding = " ".repeat(Math.max(0, width - line.length()));
        width = line.length();
        out.print("\r" + line + padding);
        out.flush();
    }

    /** Draws the last state and ends the line. */
    public void finish(int current, Map<String, Double> values) {
        if (verbose == 0) return;
        String line = line(current, values, true);
        out.println((animated && verbose == 1 ? "\r" : "") + line + " ".repeat(Math.max(0, width - line.length())));
        width = 0;
    }

    private String line(int current, Map<String, Double> values, boolean last) {
        var text = new StringBuilder();
        int digits = String.valueOf(Math.max(target, current)).length();
        int of = last ? Math.max(current, 1) : target;
        text.append(String.format("%" + digits + "d/%s ", current, of == 0 ? "Unknown" : String.valueOf(of)));
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (verbose == 1) {
            int done = of == 0 ? 0 : (int) ((long) current * WIDTH / of);
            text.append("━".repeat(done))
                    .append(done < WIDTH && of > 0 ? " ".repeat(WIDTH - done) : "")
                    .append(' ');
            if (last) text.append(Math.round(seconds)).append("s ");
            else if (of > 0)
                text.append(clock(perStep(current, seconds) * (of - current))).append(' ');
            text.append(unit(perStep(current, seconds))).append("/step");
        } else {
            text.append("- ")
                    .append(Math.round(seconds))
                    .append("s - ")
                    .append(unit(perStep(current, seconds)))
                    .append("/step");
        }
        values.forEach(
                (name, value) -> text.append(" - ").append(name).append(": ").append(number(value)));
        return text.toString();
    }

    /** The first step compiles, so it does not count, as in Keras. */
    private double perStep(int current, double seconds) {
        if (current > 1 && afterFirst > 0) return (System.nanoTime() - afterFirst) * 1e-9 / (current - 1);
        return seconds / Math.max(1, current);
    }

    private static String unit(double seconds) {
        if (seconds >= 1 || seconds == 0) return Math.round(seconds) + "s";
        if (seconds >= 1e-3) return Math.round(seconds * 1e3) + "ms";
        return Math.round(seconds * 1e6) + "us";
    }

    private static String clock(double seconds) {
        long s = Math.round(seconds);
        if (s >= 3600) return String.format("%d:%02d:%02d", s / 3600, s % 3600 / 60, s % 60);
        return s >= 60 ? String.format("%d:%02d", s / 60, s % 60) : s + "s";
    }

    private static String number(double value) {
        return Math.abs(value) > 1e-3 || value == 0 || Double.isNaN(value)
                ? String.format(Locale.ROOT, "%.4f", value)
                : String.format(Locale.ROOT, "%.4e", value);
    }
}
