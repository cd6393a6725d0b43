package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jocl.CL;
import org.jocl.CLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.device.DeviceLostException;

class OpenClErrorsTest {
    @BeforeAll
    static void needsJocl() {
        try {
            CL.setExceptionsEnabled(true);
        } catch (LinkageError e) {
            Assumptions.abort("No OpenCL here: " + e);
        }
    }

    private static CLException error(int status) {
        return new CLException("as JOCL says it", status);
    }

    @Test
    void aQueueThatFailsMeansThatTheDeviceIsLost() {
        var lost = OpenClErrors.of("NVIDIA H200", "waiting for kernels", error(CL.CL_INVALID_COMMAND_QUEUE));
        assertInstanceOf(DeviceLostException.class, lost);
        String message = lost.getMessage();
        assertTrue(message.startsWith("NVIDIA H200: the device was lost while waiting for kernels"), message);
        assertTrue(message.contains("CL_INVALID_COMMAND_QUEUE") && message.contains("open the backend anew"), message);
    }

    @Test
    void otherErrorsSayWhatTheDeviceWasDoing() {
        var wrong = OpenClErrors.of("GPU", "preparing kernel gemm", error(CL.CL_INVALID_KERNEL_NAME));
        assertEquals(
                "GPU: OpenCL failed while preparing kernel gemm: CL_INVALID_KERNEL_NAME: the program has no such"
                        + " kernel",
                wrong.getMessage());
    }

    @Test
    void codesWithoutWordsHaveTheirName() {
        assertEquals("CL_INVALID_VALUE", OpenClErrors.words(CL.CL_INVALID_VALUE));
        assertTrue(OpenClErrors.words(-1001).contains("no driver is installed"));
    }
}
