package org.keras4j.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Keras in Python, measured by a script that prints lines of JSON. */
record Peer(Path python, Path script, String backend) {
    List<Measurements> run(String model, double seconds) throws IOException, InterruptedException {
        if (model.equals("digits")) return List.of();
        Process process = new ProcessBuilder(
                        python.toString(),
                        script.toString(),
                        "--backend",
                        backend,
                        "--bench",
                        model,
                        "--secs",
                        Double.toString(seconds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var mapper = new ObjectMapper();
        List<Measurements> all = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine())
                if (line.startsWith("{")) all.add(samples(mapper.readTree(line)));
        }
        int code = process.waitFor();
        if (code != 0) System.err.println(backend + " " + model + ": the peers' script ended with code " + code);
        return all;
    }

    private static Measurements samples(JsonNode line) {
        double[] values = {
            line.get("min").asDouble(),
            line.get("median").asDouble(),
            line.get("max").asDouble()
        };
        return new Measurements(line.get("name").asString(), line.get("unit").asString(), values);
    }
}
