package org.keras4j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendProvider;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the backends: what each runs on, or why it cannot and how to mend that. */
@Command(
        name = "devices",
        description = "Lists the backends: what each runs on, or why it cannot and how to mend that.",
        mixinStandardHelpOptions = true)
final class Devices implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Device> devices = probe();
        int width = devices.stream()
                .mapToInt(device -> device.name().length())
                .max()
                .orElse(0);
        for (Device device : devices) {
            String state = device.isAvailable() ? "available  " : "unavailable";
            out.printf("%-" + width + "s  %s  %s%n", device.name(), state, indent(device.text(), width + 15));
        }
        out.println("in use: " + Backends.current().name());
        return 0;
    }

    /** A backend and what became of the attempt to open it. */
    private record Device(String name, boolean isAvailable, String text) {}

    private static List<Device> probe() {
        var providers = new ArrayList<BackendProvider>();
        ServiceLoader.load(BackendProvider.class).forEach(providers::add);
        providers.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
        return providers.stream().map(Devices::open).toList();
    }

    private static Device open(BackendProvider provider) {
        try (Backend backend = provider.open()) {
            List<String> all = new ArrayList<>(List.of(backend.describe()));
            all.addAll(provider.devices());
            return new Device(provider.name(), true, String.join("\n", all));
        } catch (BackendUnavailableException e) {
            return new Device(provider.name(), false, String.valueOf(e.getMessage()));
        }
    }

    private static String indent(String text, int columns) {
        return text.strip().replace("\n", "\n" + " ".repeat(columns));
    }
}
