package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is read before it is written shows in the host dialect, wherever it lies. */
class HostDeviceTest {
    private static final int BITS_OF_VARIABLES = 0xfefefefe;

    @BeforeAll
    static void needCompiler() {
        Assumptions.assumeTrue(
                HostCompiler.missing().isEmpty(), () -> HostCompiler.missing().orElseThrow());
    }

    /** Returns y of a kernel of two groups of two items with this text. */
    private static float[] run(String body) {
        try (var device = new HostDevice(false, List.of())) {
            String text = "KERNEL void read(BUFFER(float, x), BUFFER(float, y)) { int i = (int) get_local_id(0);\n"
                    + "int at = (int) get_global_id(0); OPEN(float, x); OPEN(float, y);\n" + body + " }";
            Buffer x = device.allocate(16);
            Buffer y = device.allocate(16);
            device.compile(Sources.generated(Dialect.HOST, "read", text))
                    .bind("read", Grid.of(2, 2), new Argument.Place(x, 0), new Argument.Place(y, 0))
                    .run();
            var values = new float[4];
            device.read(y, 0, MemorySegment.ofArray(values));
            return values;
        }
    }

    @Test
    void buffersComeFullOfNan() {
        for (float value : run("y[at] = x[at];")) assertTrue(Float.isNaN(value));
    }

    /** The second group does not find what the first left. */
    @Test
    void localMemoryComesFullOfNan() {
        float[] values = run("LOCAL float s[2]; y[at] = s[i]; s[i] = 1;");
        for (float value : values) assertTrue(Float.isNaN(value));
        for (float value : run("LOCAL float s[2]; s[i] = 1; y[at] = s[i];")) assertEquals(1, value);
    }

    @Test
    void variablesComeWithAPattern() {
        for (float value : run("float s[4]; for (int j = at + 1; j < 4; j++) s[j] = 1; y[at] = s[at];"))
            assertEquals(BITS_OF_VARIABLES, Float.floatToRawIntBits(value));
    }

    @Test
    void whatTheCompilerSeesIsAnError() {
        var e = assertThrows(KernelCompilationException.class, () -> run("float s; y[at] = s;"));
        assertTrue(e.getMessage().contains("uninitialized"), e.getMessage());
    }
}
