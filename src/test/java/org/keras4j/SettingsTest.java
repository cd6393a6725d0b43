package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    @TempDir
    Path folder;

    private Map<String, String> properties() {
        return Map.of("user.home", folder.toString(), "java.io.tmpdir", folder.toString());
    }

    private Settings read(String json, Map<String, String> environment) throws IOException {
        Path home = Files.createDirectories(folder.resolve(".keras"));
        Files.writeString(home.resolve("keras.json"), json);
        return Settings.read(environment, properties());
    }

    @Test
    void withoutAFileThereAreKerasDefaults() {
        Settings settings = Settings.read(Map.of(), properties());
        assertEquals(new Settings(folder.resolve(".keras"), DType.FLOAT32, 1e-7, "channels_last", null), settings);
        assertTrue(Files.notExists(folder.resolve(".keras")), "reading settings writes nothing");
    }

    @Test
    void readsTheFileThatKerasWrites() throws IOException {
        Settings settings = read("""
                {
                    "floatx": "float64",
                    "epsilon": 1e-05,
                    "backend": "jax",
                    "image_data_format": "channels_first"
                }""", Map.of());
        assertEquals(new Settings(folder.resolve(".keras"), DType.FLOAT64, 1e-5, "channels_first", null), settings);
    }

    @Test
    void aBackendOfOursInTheFileIsWanted() throws IOException {
        assertEquals("cpu", read("{\"backend\": \"cpu\"}", Map.of()).backend());
        for (String python : new String[] {"tensorflow", "jax", "torch", "numpy", "openvino"})
            assertNull(read("{\"backend\": \"" + python + "\"}", Map.of()).backend());
    }

    @Test
    void propertyBeatsVariableBeatsFile() throws IOException {
        String json = "{\"backend\": \"opencl\"}";
        assertEquals("opencl", read(json, Map.of()).backend());
        assertEquals("opencl", read(json, Map.of("KERAS_BACKEND", "")).backend());
        assertEquals("cpu", read(json, Map.of("KERAS_BACKEND", "cpu")).backend());
        Map<String, String> both = Map.of("user.home", folder.toString(), "keras.backend", "reference");
        assertEquals(
                "reference", Settings.read(Map.of("KERAS_BACKEND", "cpu"), both).backend());
    }

    @Test
    void kerasHomeMovesTheFolder() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("keras.json"), "{\"floatx\": \"float16\"}");
        assertEquals(
                DType.FLOAT16,
                Settings.read(Map.of("KERAS_HOME", elsewhere.toString()), properties())
                        .floatx());
        assertEquals(
                elsewhere,
                Settings.read(Map.of("KERAS_HOME", "~/elsewhere"), properties()).home());
    }

    @Test
    void aHomeThatCannotBeWrittenIsReplacedByTheTemporaryFolder() {
        Map<String, String> nowhere =
                Map.of("user.home", folder.resolve("no").toString(), "java.io.tmpdir", folder.toString());
        assertEquals(folder.resolve(".keras"), Settings.read(Map.of(), nowhere).home());
    }

    @Test
    void aFileThatIsNoJsonObjectIsPassedOver() throws IOException {
        for (String broken : new String[] {"", "{\"floatx\": ", "[1, 2]", "nonsense", "[".repeat(5000)})
            assertEquals(
                    DType.FLOAT32, read(broken, Map.of()).floatx(), broken.substring(0, Math.min(9, broken.length())));
    }

    @Test
    void aFaultyValueNamesFileKeyAndValue() {
        for (String[] fault : new String[][] {
            {"{\"floatx\": \"int8\"}", "floatx", "int8"},
            {"{\"floatx\": 32}", "floatx", "32"},
            {"{\"epsilon\": \"small\"}", "epsilon", "small"},
            {"{\"image_data_format\": \"sideways\"}", "image_data_format", "sideways"},
            {"{\"backend\": 7}", "backend", "7"}
        }) {
            var error = assertThrows(IllegalArgumentException.class, () -> read(fault[0], Map.of()));
            for (String part : new String[] {"keras.json", fault[1], fault[2]})
                assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }

    @Test
    void settersCheckAsKerasDoes() {
        String before = Config.floatx();
        try {
            Config.setFloatx("bfloat16");
            assertEquals("bfloat16", Config.floatx());
            assertThrows(IllegalArgumentException.class, () -> Config.setFloatx("int32"));
            assertThrows(IllegalArgumentException.class, () -> Config.setFloatx("float8"));
            assertEquals("bfloat16", Config.floatx());
        } finally {
            Config.setFloatx(before);
        }
        String format = Config.imageDataFormat();
        try {
            Config.setImageDataFormat("CHANNELS_FIRST");
            assertEquals("channels_first", Config.imageDataFormat());
            assertThrows(IllegalArgumentException.class, () -> Config.setImageDataFormat("channels_middle"));
        } finally {
            Config.setImageDataFormat(format);
        }
        double epsilon = Config.epsilon();
        try {
            Config.setEpsilon(1e-3);
            assertEquals(1e-3, Config.epsilon());
            assertThrows(IllegalArgumentException.class, () -> Config.setEpsilon(Double.NaN));
        } finally {
            Config.setEpsilon(epsilon);
        }
    }
}
