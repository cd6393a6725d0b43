package org.keras4j.backend.cuda;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.ForwardingDevice;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;

/** A device that remembers what it has compiled. */
final class ListeningDevice extends ForwardingDevice {
    final Set<Source> sources = ConcurrentHashMap.newKeySet();

    ListeningDevice(Device device) {
        super(device);
    }

    @Override
    public Program compile(Source source) {
        sources.add(source);
        return super.compile(source);
    }
}
