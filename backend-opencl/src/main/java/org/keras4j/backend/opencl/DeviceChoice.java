package org.keras4j.backend.opencl;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.BackendUnavailableException;

/**
 * The device to use, and why.
 *
 * @param reason to stand after the device's name
 */
record DeviceChoice(DeviceInfo device, String reason) {
    static final String VARIABLE = "KERAS_OPENCL_DEVICE";
    static final String PROPERTY = "keras.opencl.device";

    /** Returns what the user wants: the system property, then the environment variable; null if neither is set. */
    static @Nullable String wanted() {
        String property = System.getProperty(PROPERTY);
        String wanted = property != null ? property : System.getenv(VARIABLE);
        return wanted == null || wanted.isBlank() ? null : wanted.strip();
    }

    /**
     * Chooses a device.
     *
     * @param wanted an index, {@code "gpu"}, {@code "cpu"}, {@code "accelerator"} or a part of the name of the device
     *     or its platform, in upper or lower case; null for the best: a GPU before others, then the one with most
     *     memory
     * @throws BackendUnavailableException if there is none; the message lists what there is
     */
    static DeviceChoice of(List<DeviceInfo> all, @Nullable String wanted) {
        List<DeviceInfo> usable = all.stream().filter(DeviceInfo::usable).toList();
        if (usable.isEmpty()) throw new BackendUnavailableException("No OpenCL device can be used.\n" + list(all));
        if (wanted == null) return new DeviceChoice(best(usable), reason(usable));
        DeviceInfo found = find(usable, wanted.toLowerCase(Locale.ROOT));
        if (found == null)
            throw new BackendUnavailableException("No OpenCL device is \"" + wanted + "\", which " + VARIABLE
                    + " asks for: expected an index, gpu, cpu, or a part of a name of these\n" + list(all));
        return new DeviceChoice(found, "as " + VARIABLE + "=" + wanted + " says");
    }

    private static @Nullable DeviceInfo find(List<DeviceInfo> usable, String wanted) {
        if (wanted.chars().allMatch(c -> c >= '0' && c <= '9'))
            return firstOrNull(usable.stream()
                    .filter(d -> wanted.equals(Integer.toString(d.index())))
                    .toList());
        List<DeviceInfo> ofKind =
                usable.stream().filter(d -> d.kind().word().equals(wanted)).toList();
        return firstOrNull(
                ofKind.isEmpty()
                        ? usable.stream().filter(d -> isNamed(d, wanted)).toList()
                        : ofKind);
    }

    private static boolean isNamed(DeviceInfo device, String part) {
        return device.name().toLowerCase(Locale.ROOT).contains(part)
                || device.platform().toLowerCase(Locale.ROOT).contains(part);
    }

    private static @Nullable DeviceInfo firstOrNull(List<DeviceInfo> devices) {
        return devices.isEmpty() ? null : best(devices);
    }

    private static DeviceInfo best(List<DeviceInfo> devices) {
        DeviceInfo best = devices.getFirst();
        for (DeviceInfo d : devices) {
            int order = d.kind().compareTo(best.kind());
            if (order < 0 || (order == 0 && d.memoryBytes() > best.memoryBytes())) best = d;
        }
        return best;
    }

    private static String reason(List<DeviceInfo> usable) {
        if (usable.size() == 1) return "the only device";
        DeviceInfo best = best(usable);
        long alike = usable.stream().filter(d -> d.kind() == best.kind()).count();
        if (alike > 1) return "the " + best.kind().word() + " with the most memory";
        return best.kind() == DeviceInfo.Kind.CPU
                ? "there is no GPU"
                : "a " + best.kind().word() + " goes before a CPU";
    }

    /** Returns a line for each device. */
    static String list(List<DeviceInfo> all) {
        return all.stream().map(d -> "  " + d.describe()).collect(Collectors.joining("\n"));
    }
}
