package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningCacheTest {
    private static final String MACHINE = "NVIDIA H200|sm_90|driver 13000";

    @TempDir
    Path folder;

    private TuningCache choices() {
        return new TuningCache(folder, MACHINE);
    }

    @Test
    void keepsWhatWasMeasuredForTheNextProgram() {
        assertEquals(Optional.empty(), choices().get("dot"));
        choices().put("dot", "00ff");
        choices().put("conv forward", "1,3,1024,1");
        assertEquals(Optional.of("00ff"), choices().get("dot"));
        assertEquals(Optional.of("1,3,1024,1"), choices().get("conv forward"));
    }

    @Test
    void twoProgramsKeepWhatBothHaveMeasured() throws IOException {
        TuningCache one = choices();
        TuningCache other = choices();
        one.put("a", "1");
        other.put("b", "2");
        one.put("c", "3");
        assertEquals(List.of(MACHINE, "a\t1", "b\t2", "c\t3"), Files.readAllLines(one.file()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(one.file()), files.toList(), "nothing else is left");
        }
    }

    @Test
    void otherVersionsHaveAFileOfTheirOwn() {
        choices().put("dot", "00ff");
        var newer = new TuningCache(folder, MACHINE + "0");
        assertEquals(Optional.empty(), newer.get("dot"));
        assertNotEquals(choices().file(), newer.file());
    }

    @Test
    void aFileThatCannotBeReadIsPassedOverAndWrittenAnew() throws IOException {
        Path file = choices().file();
        for (String content : List.of("", "nonsense", MACHINE + "\nno tab\n", MACHINE + "\ndot\t00", "\t\t")) {
            Files.writeString(file, content);
            TuningCache choices = choices();
            assertEquals(Optional.empty(), choices.get("dot"), content);
            choices.put("dot", "1");
            assertEquals(List.of(MACHINE, "dot\t1"), Files.readAllLines(file), content);
        }
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertEquals(Optional.empty(), choices().get("dot"));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsNothingButMeasuring() throws IOException {
        Path noFolder = Files.createFile(folder.resolve("file"));
        var choices = new TuningCache(noFolder, MACHINE);
        choices.put("dot", "1");
        assertEquals(Optional.of("1"), choices.get("dot"), "it is known to this program");
    }

    @Test
    void algorithmsOfConvolutionsAreOneLine() {
        var all =
                List.of(new ConvDirection.Algorithm(1, 3, 1L << 30, 1, 0), new ConvDirection.Algorithm(7, 0, 0, 0, 0));
        String line = ConvDirection.Algorithm.text(all);
        assertEquals("1,3,1073741824,1 7,0,0,0", line);
        assertEquals(Optional.of(all), ConvDirection.Algorithm.parse(line));
        for (String wrong : List.of("", "1,3,1024", "1,3,-1,1", "1,3,1,1 x"))
            assertTrue(ConvDirection.Algorithm.parse(wrong).isEmpty(), wrong);
    }
}
