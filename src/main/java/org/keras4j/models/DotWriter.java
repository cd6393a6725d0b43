package org.keras4j.models;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;
import org.keras4j.utils.Tree;

/** Describes a model in Graphviz's language: a box for each layer, an arrow for each tensor. */
final class DotWriter {
    private final DotOptions o;
    private final StringBuilder text = new StringBuilder();
    private final Map<Layer, String> ids = new IdentityHashMap<>();
    private final Set<String> edges = new LinkedHashSet<>();
    private int clusters;

    private DotWriter(DotOptions options) {
        o = options;
    }

    static String write(Model model, DotOptions options) {
        if (!model.built())
            throw new IllegalStateException(
                    model.describe() + " is not built: give it an Input, or call it on data, before it is drawn");
        var writer = new DotWriter(options);
        writer.text.append("digraph G {\n");
        writer.text.append("rankdir=").append(quoted(options.rankdir));
        writer.text.append(";\nconcentrate=true;\ndpi=").append(options.dpi);
        writer.text.append(";\nsplines=").append(quoted(options.splines)).append(";\nnode [shape=record];\n");
        writer.model(model);
        writer.edges.forEach(e -> writer.text.append(e).append(" [penwidth=2];\n"));
        return writer.text.append("}\n").toString();
    }

    private static boolean isGraph(Layer layer) {
        return layer instanceof Functional || layer instanceof Sequential;
    }

    private static List<Layer> layers(Model model) {
        return model instanceof Functional f ? f.operations() : model.layers();
    }

    private void model(Model model) {
        if (!isGraph(model)) {
            box(model);
            return;
        }
        for (Layer layer : layers(model)) {
            if (!o.expandNested || !isGraph(layer)) {
                box(layer);
                continue;
            }
            text.append("subgraph cluster_").append(clusters++).append(" {\nstyle=dashed;\nlabeljust=l;\nlabel=");
            text.append(quoted(layer.name())).append(";\n");
            model((Model) layer);
            text.append("}\n");
        }
        if (model instanceof Functional f) connect(f);
        else connect((Sequential) model);
    }

    private void connect(Sequential model) {
        List<Layer> layers = model.layers();
        for (int i = 1; i < layers.size(); i++) edge(layers.get(i - 1), 0, layers.get(i), 0);
    }

    private void connect(Functional model) {
        for (Node node : model.nodes()) {
            List<KerasTensor> inputs = node.inputTensors();
            for (int i = 0; i < inputs.size(); i++) {
                Node source = inputs.get(i).node();
                if (source != null && source != node)
                    edge(source.layer(), inputs.get(i).index(), node.layer(), i);
            }
        }
    }

    private void edge(Layer from, int output, Layer to, int input) {
        edges.add(id(o.expandNested ? last(from, output) : from) + " -> " + id(o.expandNested ? first(to, input) : to));
    }

    /** Returns the layer in a model that makes one of its outputs. */
    private static Layer last(Layer layer, int output) {
        return switch (layer) {
            case Functional f -> {
                KerasTensor t = Tree.flatten(f.outputs(), KerasTensor.class).get(output);
                yield last(Objects.requireNonNull(t.node()).layer(), t.index());
            }
            case Sequential s -> last(s.layers().getLast(), 0);
            default -> layer;
        };
    }

    /** Returns the layer in a model that takes one of its inputs. */
    private static Layer first(Layer layer, int input) {
        return switch (layer) {
            case Functional f -> f.inputLayers().get(input);
            case Sequential s -> first(s.layers().getFirst(), 0);
            default -> layer;
        };
    }

    private String id(Layer layer) {
        return ids.computeIfAbsent(layer, _ -> "n" + ids.size());
    }

    private void box(Layer layer) {
        text.append(id(layer)).append(" [fontname=Helvetica, border=0, margin=0, label=<");
        text.append(label(layer)).append(">];\n");
    }

    private String label(Layer layer) {
        List<String> cells = cells(layer);
        int span = Math.max(1, cells.size());
        String title = o.showLayerNames
                ? "<b>" + escaped(layer.name()) + "</b> (" + escaped(layer.className()) + ")"
                : "<b>" + escaped(layer.className()) + "</b>";
        var table = new StringBuilder("<table border=\"0\" cellborder=\"1\" bgcolor=\"black\" cellpadding=\"10\">");
        table.append("<tr><td colspan=\"").append(span).append("\" bgcolor=\"black\">");
        table.append("<font point-size=\"16\" color=\"white\">").append(title).append("</font></td></tr>");
        Object activation = o.showLayerActivations ? layer.getConfig().get("activation") : null;
        if (activation != null)
            table.append("<tr>")
                    .append(cell("white", "Activation: <b>" + escaped(named(activation)) + "</b>", span))
                    .append("</tr>");
        if (!cells.isEmpty())
            table.append("<tr>").append(String.join("", cells)).append("</tr>");
        return table.append("</table>").toString();
    }

    /** Activations without a name, which cannot be saved, have none here either. */
    private static String named(Object activation) {
        return activation instanceof Map<?, ?> map ? String.valueOf(map.get("class_name")) : String.valueOf(activation);
    }

    private List<String> cells(Layer layer) {
        List<String> cells = new ArrayList<>();
        List<Node> calls = layer.inboundNodes();
        List<KerasTensor> outputs =
                calls.isEmpty() ? List.of() : calls.getFirst().outputTensors();
        if (o.showShapes) {
            if (!(layer instanceof InputLayer))
                cells.add(cell(
                        "white",
                        "Input shape: <b>"
                                + shapes(
                                        calls.isEmpty()
                                                ? List.of()
                                                : calls.getFirst().inputTensors()) + "</b>",
                        1));
            cells.add(cell("white", "Output shape: <b>" + shapes(outputs) + "</b>", 1));
        }
        if (o.showDtype) {
            String dtypes = outputs.stream().map(KerasTensor::dtypeName).collect(Collectors.joining(", "));
            cells.add(cell("white", "Output dtype: <b>" + (dtypes.isEmpty() ? "?" : dtypes) + "</b>", 1));
        }
        if (o.showTrainable && !layer.weights().isEmpty())
            cells.add(
                    layer.trainable()
                            ? cell("forestgreen", "<font color=\"white\"><b>Trainable</b></font>", 1)
                            : cell("firebrick", "<font color=\"white\"><b>Non-trainable</b></font>", 1));
        return cells;
    }

    private static String cell(String colour, String content, int span) {
        return "<td bgcolor=\"" + colour + "\" colspan=\"" + span + "\"><font point-size=\"14\">" + content
                + "</font></td>";
    }

    private static String shapes(List<KerasTensor> tensors) {
        if (tensors.isEmpty()) return "?";
        String shapes = tensors.stream().map(t -> t.shape().toString()).collect(Collectors.joining(", "));
        return tensors.size() == 1 ? shapes : "[" + shapes + "]";
    }

    private static String escaped(String name) {
        return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
