package org.keras4j.saving;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializers;
import org.keras4j.layers.Call;
import org.keras4j.layers.Layer;
import org.keras4j.ops.K;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.optimizers.SGD;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Saveable;

/** Small layers and a chain of them, to test saving without the layers of the library. */
final class TestModels {
    private TestModels() {}

    /** Multiplies by a kernel and adds a bias. */
    static class Affine extends Layer {
        private final int units;

        Affine(int units) {
            this.units = units;
        }

        static Affine fromConfig(ConfigReader config) {
            return configure(new Affine(config.integer("units")), config);
        }

        @Override
        public String module() {
            return "";
        }

        @Override
        protected void build(Shape input) {
            addWeight("kernel", Shape.of(input.last(), units), w -> {});
            addWeight("bias", Shape.of(units), w -> w.initializer(Initializers.get("zeros")));
        }

        @Override
        protected Tensor call(Tensor x, Call call) {
            return K.add(
                    K.dot(x, ownWeights().get(0).value()), ownWeights().get(1).value());
        }

        @Override
        public Map<String, Object> getConfig() {
            Map<String, Object> config = super.getConfig();
            config.put("units", units);
            return config;
        }
    }

    /** A table of words, whose state is a file. */
    static final class Words extends Layer {
        String words = "";

        static Words fromConfig(ConfigReader config) {
            return configure(new Words(), config);
        }

        @Override
        public String module() {
            return "";
        }

        @Override
        protected Tensor call(Tensor x, Call call) {
            return x;
        }

        @Override
        public Map<String, byte[]> assets() {
            return Map.of("vocabulary.txt", KerasArchive.utf8(words));
        }

        @Override
        public void loadAssets(Map<String, byte[]> assets) {
            words = new String(assets.get("vocabulary.txt"), StandardCharsets.UTF_8);
        }
    }

    /** Layers one after the other. */
    static final class Chain extends Layer {
        private final List<Layer> layers;
        private @Nullable Optimizer optimizer;

        Chain(Layer... layers) {
            this.layers = List.of(layers);
            track("layers", this.layers);
        }

        static Chain fromConfig(ConfigReader config) {
            List<Layer> layers = new ArrayList<>();
            for (Object layer : config.list("layers")) layers.add(config.deserialize("layers", layer, Layer.class));
            return configure(new Chain(layers.toArray(Layer[]::new)), config);
        }

        void compile(Optimizer optimizer) {
            this.optimizer = track("optimizer", optimizer);
            optimizer.build(trainableWeights());
        }

        @Nullable
        Optimizer optimizer() {
            return optimizer;
        }

        @Override
        public String module() {
            return "";
        }

        @Override
        protected void build(Shape input) {
            Shape shape = input;
            for (Layer layer : layers) shape = layer.computeOutputShape(shape);
        }

        @Override
        protected Tensor call(Tensor x, Call call) {
            Tensor y = x;
            for (Layer layer : layers) y = layer.apply(y);
            return y;
        }

        @Override
        public Map<String, Object> getConfig() {
            Map<String, Object> config = super.getConfig();
            config.put("layers", layers);
            return config;
        }

        @Override
        public Map<String, Object> getCompileConfig() {
            return optimizer == null ? Map.of() : Map.of("optimizer", optimizer, "loss", "mse");
        }

        @Override
        public void compileFromConfig(ConfigReader config) {
            compile(config.deserialize("optimizer", config.get("optimizer"), Optimizer.class));
        }
    }

    /** An object with any children. */
    record Holder(String className, Map<String, Object> children) implements Saveable {
        static Holder of(String className, Object... attributesAndChildren) {
            Map<String, Object> children = new LinkedHashMap<>();
            for (int i = 0; i < attributesAndChildren.length; i += 2)
                children.put((String) attributesAndChildren[i], attributesAndChildren[i + 1]);
            return new Holder(className, children);
        }

        @Override
        public String name() {
            return className;
        }

        @Override
        public List<Variable> ownWeights() {
            return List.of();
        }

        @Override
        public String module() {
            return "";
        }

        @Override
        public Map<String, Object> getConfig() {
            return Map.of();
        }
    }

    static Chain chain() {
        var words = new Words();
        words.words = "[UNK]\na\né";
        var chain = new Chain(new Affine(3), words, new Affine(2));
        chain.buildFrom(Shape.of(-1, 4));
        return chain;
    }

    static Chain compiled() {
        Chain chain = chain();
        chain.compile(new SGD(0.5).momentum(0.9));
        return chain;
    }

    static void register(LoadOptions options) {
        options.customObject("Affine", Affine::fromConfig)
                .customObject("Words", Words::fromConfig)
                .customObject("Chain", Chain::fromConfig);
    }
}
