package org.keras4j.backend.device;

import org.keras4j.backend.Recording;

/**
 * A device's recording, with what its kernels would do on the host when they are queued.
 *
 * @param watched whether kernels in it may report faults
 */
record DeviceRecording(Recording recording, DeviceContext context, boolean watched) implements Recording {
    @Override
    public void run() {
        if (watched) context.faults.suspect();
        context.scratch.alone(recording);
    }

    @Override
    public void close() {
        recording.close();
    }
}
