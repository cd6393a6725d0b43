package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.Config;
import org.keras4j.backend.Backends;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;

/** Cloning, summaries, drawings and limits of trainings. */
class ModelToolsTest {
    private static final float[][] X = {{1, 2}, {3, 4}, {5, 6}};

    @BeforeEach
    void useReference() {
        Backends.use("reference");
    }

    @AfterEach
    void forgetLimits() {
        Config.setMaxEpochs(null);
        Config.setMaxStepsPerEpoch(null);
    }

    /** A layer that is used twice, an operation, and a model inside. */
    private static Functional model() {
        var inner = new Sequential(new Input(3), new Dense(3, "tanh").name("a"), new Dropout(0.25).name("drop"));
        inner.name("inner");
        KerasTensor x = new Input(2).name("x").tensor();
        var shared = new Dense(3).name("shared");
        KerasTensor h = shared.apply(x).add(shared.apply(x));
        KerasTensor y = new Dense(1).name("head").apply(inner.apply(h));
        var model = new Functional(x, y).name("whole");
        model.compile(c -> c.optimizer("adam").loss("mse"));
        return model;
    }

    @Test
    void aCloneHasTheSameLayersAndOtherWeights() {
        Functional model = model();
        for (Model clone : List.of(
                Models.cloneModel(model),
                Models.cloneModel(model, Models::cloneLayer),
                Models.cloneModel(model, Models::cloneLayer, true))) {
            assertEquals(model.toJson(), clone.toJson());
            assertEquals(model.countParams(), clone.countParams());
            assertTrue(clone.isCompiled());
            assertNotSame(model.getLayer("shared"), clone.getLayer("shared"));
            assertNotEquals(model.predict(X), clone.predict(X));
            clone.setWeights(model.getWeights());
            assertEquals(model.predict(X), clone.predict(X));
        }
    }

    @Test
    void aFunctionMayChangeLayers() {
        Model clone = Models.cloneModel(
                model(),
                layer -> layer instanceof Dropout ? new Dropout(0.5).name(layer.name()) : Models.cloneLayer(layer),
                true);
        Layer drop = ((Model) clone.getLayer("inner")).getLayer("drop");
        assertEquals(0.5, drop.getConfig().get("rate"));
        var sequential = new Sequential(new Input(2), new Dense(2).name("only"));
        Model wider = Models.cloneModel(sequential, layer -> new Dense(5).name(layer.name()));
        assertEquals(15, wider.countParams());
        assertFalse(wider.isCompiled());
        var byHand = new Model() {};
        assertThrows(IllegalArgumentException.class, () -> Models.cloneModel(byHand, Models::cloneLayer));
    }

    @Test
    void summariesShowWhatIsInside() {
        Functional model = model();
        model.getLayer("head").trainable(false);
        String table = model.summary(o -> o.expandNested(true).showTrainable(true));
        assertTrue(table.contains("│    └ a (Dense) "), table);
        assertTrue(table.lines().anyMatch(l -> l.contains("head (Dense)") && l.endsWith("│ N         │")), table);
        assertTrue(
                table.lines().anyMatch(l -> l.contains("   └ drop (Dropout)") && l.endsWith("│ -         │")), table);
        String part = model.summary(o -> o.layerRange("shared", "inner"));
        assertTrue(part.contains("shared (Dense)") && !part.contains("head (Dense)"), part);
        assertFalse(model.summary().contains("└ a"), model.summary());
        assertThrows(IllegalArgumentException.class, () -> model.summary(o -> o.layerRange("none", "inner")));
    }

    @Test
    void drawsAModel(@TempDir Path folder) throws IOException {
        String dot = Models.modelToDot(
                model(),
                o -> o.showShapes(true)
                        .showTrainable(true)
                        .showLayerActivations(true)
                        .showDtype(true));
        assertTrue(dot.startsWith("digraph G {") && dot.endsWith("}\n"), dot);
        assertEquals(5, dot.lines().filter(l -> l.contains("<table")).count(), dot); // x, shared, Add, inner, head
        assertEquals(4, dot.lines().filter(l -> l.contains("->")).count(), dot);
        assertTrue(dot.contains("Output shape: <b>(None, 3)</b>") && dot.contains("Activation: <b>linear</b>"), dot);
        String nested = Models.modelToDot(model(), o -> o.expandNested(true));
        assertTrue(nested.contains("subgraph cluster_0") && nested.contains("<b>drop</b> (Dropout)"), nested);
        assertEquals(5, nested.lines().filter(l -> l.contains("->")).count(), nested);
        Models.plotModel(model(), folder.resolve("m.dot"), o -> {});
        assertFalse(Files.readString(folder.resolve("m.dot")).contains("shared"));
        assertThrows(IllegalStateException.class, () -> Models.modelToDot(new Sequential(new Dense(2))));
    }

    @Test
    void trainingsCanBeCutShort() {
        Functional model = model();
        Config.setMaxEpochs(2);
        Config.setMaxStepsPerEpoch(1);
        float[][] y = {{1}, {2}, {3}};
        assertEquals(
                2,
                model.fit(X, y, f -> f.epochs(9).batchSize(1).verbose(0))
                        .epoch()
                        .size());
        assertEquals(2.0, model.optimizer().iterations().item());
        assertEquals(1, model.predict(X, o -> o.batchSize(1)).shape().dim(0));
        assertThrows(IllegalArgumentException.class, () -> Config.setMaxEpochs(0));
    }
}
