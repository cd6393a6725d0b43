package org.keras4j.cli.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.saving.archive.Json;
import org.keras4j.serialization.ConfigException;

/** Counts what became of the cases, and prints those that did not pass. */
final class Report {
    /** Runs a case, or throws what is wrong with it. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final PrintWriter out;
    private final @Nullable Writer json;
    private final Map<String, int[]> classes = new TreeMap<>();
    private final Map<String, Integer> skips = new TreeMap<>();
    private final int[] total = new int[3];

    Report(PrintWriter out, @Nullable Writer json) {
        this.out = out;
        this.json = json;
    }

    /** Runs one case; nothing that it throws ends the run. */
    void run(String id, String className, boolean disputed, Body body) throws IOException {
        try {
            body.run();
            count(id, className, 0, "");
        } catch (SkipException e) {
            skip(id, className, String.valueOf(e.getMessage()));
        } catch (ConfigException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("unknown class")) skip(id, className, message);
            else count(id, className, 1, message(e));
        } catch (MismatchException e) {
            if (disputed) skip(id, className, "differs, but only one of Keras's backends stands behind the value");
            else count(id, className, 1, String.valueOf(e.getMessage()));
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
            count(id, className, 1, message(e));
        }
    }

    private static String message(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e.getClass().getSimpleName() + ": " + e.getMessage() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private void skip(String id, String className, String reason) throws IOException {
        skips.merge(reason, 1, Integer::sum);
        count(id, className, 2, reason);
    }

    private void count(String id, String className, int result, String reason) throws IOException {
        classes.computeIfAbsent(className, key -> new int[3])[result]++;
        total[result]++;
        String oneLine = reason.replace('\n', ' ');
        if (result == 1) out.println("FAILED " + id + ": " + oneLine);
        if (json == null) return;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", id);
        line.put("class", className);
        line.put("result", result == 0 ? "passed" : result == 1 ? "failed" : "skipped");
        line.put("reason", oneLine);
        json.write(Json.write(line) + "\n");
    }

    /** Prints the totals by class, the reasons for skipping, and last the sum. */
    void finish() {
        out.println();
        classes.forEach((name, n) -> out.printf("%-32s %5d passed %5d failed %5d skipped%n", name, n[0], n[1], n[2]));
        if (!skips.isEmpty()) out.println("\nskipped because:");
        skips.forEach((reason, n) -> out.printf("%6d  %s%n", n, reason));
        out.println();
        out.println(total[0] + " passed, " + total[1] + " failed, " + total[2] + " skipped");
        out.flush();
    }

    int passed() {
        return total[0];
    }

    int failed() {
        return total[1];
    }
}
