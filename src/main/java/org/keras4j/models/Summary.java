package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keras4j.graph.Variable;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;

/** Keras's table of a model's layers. */
final class Summary {
    private Summary() {}

    static String of(Model model, SummaryOptions o) {
        boolean connected = model instanceof Functional f && !isChain(f);
        List<List<String>> rows = new ArrayList<>();
        List<Layer> layers = model instanceof Functional f ? f.operations() : model.layers();
        for (Layer layer : range(layers, o)) addRows(rows, model, layer, connected, o, 0);
        List<String> head = new ArrayList<>(List.of("Layer (type)", "Output Shape", "Param #"));
        if (connected) head.add("Connected to");
        if (o.showTrainable) head.add("Trainable");
        var text = new StringBuilder("Model: \"" + model.name() + "\"\n");
        table(text, head, rows);
        counts(text, model);
        return text.toString();
    }

    /** Returns the layers from the first that matches one end of the range to the last that matches the other. */
    private static List<Layer> range(List<Layer> layers, SummaryOptions o) {
        if (o.firstLayer == null || o.lastLayer == null) return layers;
        int[] from = matches(layers, o.firstLayer);
        int[] to = matches(layers, o.lastLayer);
        if (from.length == 0 || to.length == 0)
            throw new IllegalArgumentException(
                    "layer_range: no layers match \"" + o.firstLayer + "\" and \"" + o.lastLayer + "\"; known: "
                            + layers.stream().map(Layer::name).toList());
        boolean isTurned = from[0] > to[to.length - 1];
        return isTurned
                ? layers.subList(to[0], from[from.length - 1] + 1)
                : layers.subList(from[0], to[to.length - 1] + 1);
    }

    private static int[] matches(List<Layer> layers, String expression) {
        Pattern pattern = Pattern.compile(expression);
        return IntStream.range(0, layers.size())
                .filter(i -> pattern.matcher(layers.get(i).name()).lookingAt())
                .toArray();
    }

    private static void addRows(
            List<List<String>> rows, Model model, Layer layer, boolean connected, SummaryOptions o, int level) {
        List<String> row = row(model, layer, connected);
        if (level > 0) row.set(0, "   ".repeat(level) + "└ " + row.getFirst());
        if (o.showTrainable) row.add(layer.weights().isEmpty() ? "-" : layer.trainable() ? "Y" : "N");
        rows.add(row);
        if (!o.expandNested || !(layer instanceof Model inner)) return;
        for (Layer child : inner.layers()) addRows(rows, model, child, connected, o, level + 1);
    }

    private static boolean isChain(Functional model) {
        for (Node node : model.nodes()) if (node.inputTensors().size() > 1) return false;
        return model.nodes().size() == model.operations().size()
                && model.inputLayers().size() == 1;
    }

    private static List<String> row(Model model, Layer layer, boolean connected) {
        List<String> row = new ArrayList<>();
        row.add(layer.name() + " (" + layer.className() + ")");
        row.add(shape(layer));
        row.add(layer.built() ? String.format(Locale.ROOT, "%,d", layer.countParams()) : "0 (unbuilt)");
        if (connected) row.add(sources((Functional) model, layer));
        return row;
    }

    private static String shape(Layer layer) {
        if (layer.inboundNodes().isEmpty()) return "?";
        List<KerasTensor> outputs = layer.inboundNodes().getFirst().outputTensors();
        String shapes = outputs.stream().map(t -> t.shape().toString()).collect(Collectors.joining(", "));
        return outputs.size() == 1 ? shapes : "[" + shapes + "]";
    }

    private static String sources(Functional model, Layer layer) {
        List<String> sources = new ArrayList<>();
        for (Node node : layer.inboundNodes()) {
            if (!model.nodes().contains(node)) continue;
            for (KerasTensor t : node.inputTensors())
                if (t.node() != null)
                    sources.add(t.node().layer().name() + "["
                            + t.node().layer().inboundNodes().indexOf(t.node()) + "][" + t.index() + "]");
        }
        return sources.isEmpty() ? "-" : String.join(", ", sources);
    }

    private static void table(StringBuilder text, List<String> head, List<List<String>> rows) {
        int[] widths = head.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        rule(text, widths, "┏", "━", "┳", "┓");
        line(text, widths, head, "┃");
        rule(text, widths, "┡", "━", "╇", "┩");
        for (int r = 0; r < rows.size(); r++) {
            if (r > 0) rule(text, widths, "├", "─", "┼", "┤");
            line(text, widths, rows.get(r), "│");
        }
        rule(text, widths, "└", "─", "┴", "┘");
    }

    private static void rule(StringBuilder text, int[] widths, String left, String fill, String cross, String right) {
        text.append(left);
        for (int i = 0; i < widths.length; i++) text.append(i == 0 ? "" : cross).append(fill.repeat(widths[i] + 2));
        text.append(right).append('\n');
    }

    /** The column of numbers is set to the right. */
    private static void line(StringBuilder text, int[] widths, List<String> cells, String bar) {
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            text.append(bar).append(' ');
            text.append(i == 2 ? padding + cells.get(i) : cells.get(i) + padding)
                    .append(' ');
        }
        text.append(bar).append('\n');
    }

    private static void counts(StringBuilder text, Model model) {
        long trainable = count(model.trainableWeights());
        long other = count(model.nonTrainableWeights());
        List<Variable> optimizer = model.isCompiled() && model.optimizer().built()
                ? model.optimizer().variables()
                : List.of();
        text.append(total("Total", trainable + other + count(optimizer), bytes(model.weights()) + bytes(optimizer)));
        text.append(total("Trainable", trainable, bytes(model.trainableWeights())));
        text.append(total("Non-trainable", other, bytes(model.nonTrainableWeights())));
        if (!optimizer.isEmpty()) text.append(total("Optimizer", count(optimizer), bytes(optimizer)));
    }

    private static String total(String what, long count, long bytes) {
        return String.format(Locale.ROOT, " %s params: %,d (%s)%n", what, count, size(bytes))
                .replace("\r", "");
    }

    private static long count(List<Variable> variables) {
        return variables.stream().mapToLong(v -> v.shape().size()).sum();
    }

    private static long bytes(List<Variable> variables) {
        return variables.stream()
                .mapToLong(v -> (long) v.shape().size() * Math.max(1, v.dtype().bits() / 8))
                .sum();
    }

    private static String size(long bytes) {
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", value, units[unit]);
    }
}
