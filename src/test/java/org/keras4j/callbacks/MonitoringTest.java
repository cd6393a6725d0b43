package org.keras4j.callbacks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.models.Sequential;
import org.keras4j.optimizers.SGD;
import org.keras4j.utils.RandomSeeds;

class MonitoringTest {
    private static final float[][] X = {{0}, {1}, {2}, {3}};
    private static final float[][] Y = {{1}, {3}, {5}, {7}};

    @BeforeEach
    void start() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(3);
    }

    private static Sequential line(SGD optimizer) {
        var model = new Sequential(new Input(1), new Dense(1).name("line"));
        model.compile(c -> c.optimizer(optimizer).loss("mse"));
        return model;
    }

    /** What TensorFlow 2.21 writes for the same event. */
    @Test
    void anEventIsWhatTensorFlowWrites() {
        byte[] event = EventFile.scalar("epoch_loss", 0.5, 3, 1.5).toBytes();
        String data = "09000000000000f83f10032a290a270a0a65706f63685f6c6f7373"
                + "420a080112002a040000003f4a0d0a090a077363616c6172732001";
        assertEquals(data, HexFormat.of().formatHex(event));
        assertEquals(
                "36000000000000004f578cef" + data + "5b76dcc0", HexFormat.of().formatHex(EventFile.record(event)));
    }

    @Test
    void tensorBoardFindsMetricsWeightsAndTheModel(@TempDir Path logs) throws IOException {
        var model = line(new SGD(0.01));
        var board = new TensorBoard(logs).histogramFreq(1).updateFreq(2).writeStepsPerSecond(true);
        History h = model.fit(
                X,
                Y,
                f -> f.epochs(2).batchSize(1).verbose(0).validationData(X, Y).callbacks(board));
        List<String> train = records(logs.resolve("train"));
        assertTrue(train.getFirst().contains("brain.Event:2"));
        for (String tag : List.of(
                "keras",
                "epoch_loss",
                "epoch_learning_rate",
                "epoch_steps_per_second",
                "batch_loss",
                "batch_steps_per_second",
                "line/kernel/histogram")) assertTrue(train.stream().anyMatch(r -> r.contains(tag)), tag);
        assertEquals(4, train.stream().filter(r -> r.contains("batch_loss")).count());
        List<String> validation = records(logs.resolve("validation"));
        assertEquals(
                2, validation.stream().filter(r -> r.contains("epoch_loss")).count());
        assertEquals(
                2,
                validation.stream()
                        .filter(r -> r.contains("evaluation_loss_vs_iterations"))
                        .count());
        assertEquals(2, h.get("val_loss").size());
    }

    @Test
    void bucketsCountAllValues() {
        double[][] buckets = TensorBoard.buckets(NDArray.of(Shape.of(5), 0f, 1, 2, 30, Float.NaN));
        assertEquals(30, buckets.length);
        assertArrayEquals(new double[] {0, 1, 1}, buckets[0]);
        assertArrayEquals(new double[] {29, 30, 1}, buckets[29]);
        assertArrayEquals(new double[] {1.5, 2.5, 2}, TensorBoard.buckets(NDArray.of(Shape.of(2), 2f, 2))[0]);
    }

    /** Reads records as Latin-1 text, checking their lengths and checksums. */
    private static List<String> records(Path folder) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) {
                    int from = bytes.position();
                    var data = new byte[(int) bytes.getLong()];
                    bytes.position(from + 12).get(data).getInt();
                    var whole = new byte[data.length + 16];
                    bytes.duplicate().position(from).get(whole);
                    assertArrayEquals(EventFile.record(data), whole);
                    all.add(new String(data, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all;
    }

    @Test
    void remoteMonitorSendsEpochs() throws IOException {
        List<String> bodies = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/publish", exchange -> {
            bodies.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        String root = "http://localhost:" + server.getAddress().getPort();
        try {
            new RemoteMonitor(root).onEpochEnd(3, Map.of("loss", 0.5));
            new RemoteMonitor(root).path("/publish/x").sendAsJson(true).onEpochEnd(4, Map.of("loss", 0.25));
        } finally {
            server.stop(0);
        }
        assertEquals(
                "application/x-www-form-urlencoded data={\"epoch\":3,\"loss\":0.5}",
                URLDecoder.decode(bodies.getFirst(), StandardCharsets.UTF_8));
        assertEquals("application/json {\"epoch\":4,\"loss\":0.25}", bodies.get(1));
        new RemoteMonitor(root).onEpochEnd(5, Map.of()); // nobody there: a warning
    }

    @Test
    void averagesAreInTheModelWhileItIsEvaluated() {
        var model = line(new SGD(0.05).useEma(true).emaMomentum(0.5));
        List<List<NDArray>> during = new ArrayList<>();
        List<List<NDArray>> averages = new ArrayList<>();
        var look = new Callback() {
            @Override
            public void onTestBatchBegin(int batch) {
                during.add(model.getWeights());
            }

            @Override
            public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
                averages.add(model.optimizer().averages().stream()
                        .map(v -> v.numpy().copy())
                        .toList());
            }
        };
        model.fit(
                X,
                Y,
                f -> f.epochs(2).batchSize(4).verbose(0).validationData(X, Y).callbacks(new SwapEMAWeights(), look));
        assertEquals(averages.get(0), during.get(0));
        assertEquals(averages.get(1), during.get(2));
        assertEquals(averages.get(1), model.getWeights());

        var swapped = line(new SGD(0.05).useEma(true).emaMomentum(0.5));
        List<List<NDArray>> atEnd = new ArrayList<>();
        swapped.fit(
                X,
                Y,
                f -> f.epochs(2)
                        .batchSize(4)
                        .verbose(0)
                        .callbacks(
                                new SwapEMAWeights(true),
                                new LambdaCallback().onEpochEnd((e, logs) -> atEnd.add(swapped.getWeights()))));
        assertEquals(atEnd.get(1), swapped.getWeights());
        assertNotEquals(atEnd.get(0), atEnd.get(1));

        var plain = line(new SGD(0.05));
        plain.fit(X, Y, f -> f.verbose(0));
        assertThrows(IllegalStateException.class, () -> plain.evaluate(X, Y, o -> o.callbacks(new SwapEMAWeights())));
    }
}
