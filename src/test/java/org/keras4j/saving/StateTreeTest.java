package org.keras4j.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.saving.TestModels.Holder;

class StateTreeTest {
    private static List<String> paths(Holder root) {
        return StateTree.of(root).stream().map(StateTree.Entry::path).toList();
    }

    @Test
    void attributesAreWalkedByNameUnderscoresLastLayersFirst() {
        Holder root = Holder.of(
                "Functional",
                "_hidden",
                Holder.of("Dense"),
                "zeta",
                Holder.of("Dense"),
                "alpha",
                Holder.of("Dense"),
                "layers",
                List.of(Holder.of("InputLayer"), Holder.of("Conv2D")));
        assertEquals(List.of("", "layers/input_layer", "layers/conv2d", "alpha", "zeta", "_hidden"), paths(root));
    }

    @Test
    void membersAreNumberedByClassInsideTheirList() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", Holder.of("MaxPooling2D"));
        map.put("a", Holder.of("Dense"));
        Holder root = Holder.of(
                "Model",
                "blocks",
                List.of(
                        Holder.of("Dense"),
                        Holder.of("GRUCell"),
                        "text",
                        Holder.of("Dense"),
                        List.of(Holder.of("Dense")),
                        map,
                        Holder.of("PReLU")));
        assertEquals(
                List.of(
                        "",
                        "blocks/dense",
                        "blocks/gru_cell",
                        "blocks/dense_1",
                        "blocks/container/dense",
                        "blocks/container_1/max_pooling2d",
                        "blocks/container_1/dense",
                        "blocks/p_re_lu"),
                paths(root));
    }

    @Test
    void everyObjectHasTheFirstPathThatReachesIt() {
        Holder shared = Holder.of("Dense", "inner", Holder.of("Embedding"));
        Holder root = Holder.of("Model", "b", shared, "a", List.of(shared, Holder.of("Dense")));
        assertEquals(List.of("", "a/dense", "a/dense/inner", "a/dense_1"), paths(root));
    }
}
