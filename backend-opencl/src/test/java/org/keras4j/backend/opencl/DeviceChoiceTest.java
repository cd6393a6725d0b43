package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.backend.BackendUnavailableException;

class DeviceChoiceTest {
    private static final DeviceInfo CPU = device(0, "pthread-skylake", DeviceInfo.Kind.CPU, 16, true);
    private static final DeviceInfo SMALL = device(1, "Radeon Pro", DeviceInfo.Kind.GPU, 4, true);
    private static final DeviceInfo LARGE = device(2, "NVIDIA H200", DeviceInfo.Kind.GPU, 139, true);
    private static final DeviceInfo GONE = device(3, "NVIDIA B200", DeviceInfo.Kind.GPU, 180, false);
    private static final List<DeviceInfo> ALL = List.of(CPU, SMALL, LARGE, GONE);

    private static DeviceInfo device(int index, String name, DeviceInfo.Kind kind, long gib, boolean usable) {
        return new DeviceInfo(
                index,
                new cl_platform_id(),
                new cl_device_id(),
                "Platform of " + name,
                name,
                kind,
                "OpenCL 3.0",
                "1.0",
                8,
                gib << 30,
                gib << 28,
                kind == DeviceInfo.Kind.CPU,
                usable);
    }

    @Test
    void gpusComeFirstAndLargeOnesBeforeSmallOnes() {
        assertEquals(new DeviceChoice(LARGE, "the gpu with the most memory"), DeviceChoice.of(ALL, null));
        assertEquals(
                "a gpu goes before a CPU",
                DeviceChoice.of(List.of(CPU, SMALL), null).reason());
    }

    @Test
    void aCpuIsTakenWhereThereIsNothingElse() {
        assertEquals(new DeviceChoice(CPU, "the only device"), DeviceChoice.of(List.of(CPU, GONE), null));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "gpu, 2", "GPU, 2", "cpu, 0", "radeon, 1", "nvidia, 2", "platform of pthread, 0"})
    void theUserChooses(String wanted, int index) {
        assertEquals(index, DeviceChoice.of(ALL, wanted).device().index());
    }

    @ParameterizedTest
    @CsvSource({"3", "17", "accelerator", "voodoo", "B200"})
    void aWrongChoiceListsWhatThereIs(String wanted) {
        String message = assertThrows(BackendUnavailableException.class, () -> DeviceChoice.of(ALL, wanted))
                .getMessage();
        for (DeviceInfo d : ALL) assertTrue(message.contains(d.describe()), message);
        assertTrue(message.contains('"' + wanted + '"'), message);
    }

    @Test
    void withoutAnyUsableDeviceTheMessageSaysWhatThereIs() {
        String message = assertThrows(BackendUnavailableException.class, () -> DeviceChoice.of(List.of(GONE), null))
                .getMessage();
        assertTrue(message.contains("NVIDIA B200") && message.contains("not usable"), message);
    }
}
