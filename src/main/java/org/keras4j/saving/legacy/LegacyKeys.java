package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of Keras 1: classes, keyword arguments and values, and what they are called today. */
final class LegacyKeys {
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("Convolution1D", "Conv1D"),
            Map.entry("Convolution2D", "Conv2D"),
            Map.entry("Convolution3D", "Conv3D"),
            Map.entry("AtrousConvolution1D", "Conv1D"),
            Map.entry("AtrousConvolution2D", "Conv2D"),
            Map.entry("Deconvolution2D", "Conv2DTranspose"),
            Map.entry("Deconvolution3D", "Conv3DTranspose"),
            Map.entry("Convolution2DTranspose", "Conv2DTranspose"),
            Map.entry("TimeDistributedDense", "Dense"),
            Map.entry("SeparableConvolution1D", "SeparableConv1D"),
            Map.entry("SeparableConvolution2D", "SeparableConv2D"),
            Map.entry("MaxPool1D", "MaxPooling1D"),
            Map.entry("MaxPool2D", "MaxPooling2D"),
            Map.entry("MaxPool3D", "MaxPooling3D"),
            Map.entry("AvgPool1D", "AveragePooling1D"),
            Map.entry("AvgPool2D", "AveragePooling2D"),
            Map.entry("AvgPool3D", "AveragePooling3D"),
            Map.entry("GlobalMaxPool1D", "GlobalMaxPooling1D"),
            Map.entry("GlobalMaxPool2D", "GlobalMaxPooling2D"),
            Map.entry("GlobalMaxPool3D", "GlobalMaxPooling3D"),
            Map.entry("GlobalAvgPool1D", "GlobalAveragePooling1D"),
            Map.entry("GlobalAvgPool2D", "GlobalAveragePooling2D"),
            Map.entry("GlobalAvgPool3D", "GlobalAveragePooling3D"),
            Map.entry("CuDNNLSTM", "LSTM"),
            Map.entry("CuDNNGRU", "GRU"),
            Map.entry("LSTMV1", "LSTM"),
            Map.entry("LSTMV2", "LSTM"),
            Map.entry("UnifiedLSTM", "LSTM"),
            Map.entry("GRUV1", "GRU"),
            Map.entry("GRUV2", "GRU"),
            Map.entry("UnifiedGRU", "GRU"),
            Map.entry("BatchNormalizationV1", "BatchNormalization"),
            Map.entry("BatchNormalizationV2", "BatchNormalization"),
            Map.entry("SyncBatchNormalization", "BatchNormalization"),
            Map.entry("OrthogonalInitializer", "Orthogonal"),
            Map.entry("IdentityInitializer", "Identity"),
            Map.entry("Model", "Functional"),
            Map.entry("Input", "InputLayer"));

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("output_dim", "units"),
            Map.entry("inner_activation", "recurrent_activation"),
            Map.entry("inner_init", "recurrent_initializer"),
            Map.entry("init", "kernel_initializer"),
            Map.entry("W_regularizer", "kernel_regularizer"),
            Map.entry("U_regularizer", "recurrent_regularizer"),
            Map.entry("b_regularizer", "bias_regularizer"),
            Map.entry("W_constraint", "kernel_constraint"),
            Map.entry("U_constraint", "recurrent_constraint"),
            Map.entry("b_constraint", "bias_constraint"),
            Map.entry("bias", "use_bias"),
            Map.entry("p", "rate"),
            Map.entry("sigma", "stddev"),
            Map.entry("nb_filter", "filters"),
            Map.entry("filter_length", "kernel_size"),
            Map.entry("subsample_length", "strides"),
            Map.entry("subsample", "strides"),
            Map.entry("border_mode", "padding"),
            Map.entry("dim_ordering", "data_format"),
            Map.entry("atrous_rate", "dilation_rate"),
            Map.entry("dropout_W", "dropout"),
            Map.entry("dropout_U", "recurrent_dropout"),
            Map.entry("pool_length", "pool_size"),
            Map.entry("stride", "strides"),
            Map.entry("length", "size"),
            Map.entry("beta_init", "beta_initializer"),
            Map.entry("gamma_init", "gamma_initializer"));

    private static final Map<String, String> INITIALIZERS = Map.of(
            "uniform", "random_uniform",
            "normal", "random_normal",
            "zero", "zeros",
            "one", "ones",
            "identity", "identity");

    private LegacyKeys() {}

    static String className(String old) {
        return CLASSES.getOrDefault(old, old);
    }

    /** Returns the config with the keys and values of today; what Keras 2 wrote stays as it is. */
    static Map<String, @Nullable Object> renamed(String className, Map<String, @Nullable Object> old) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        old.forEach((key, value) -> config.putIfAbsent(key(className, key), value));
        kernelSize(config);
        if (config.get("data_format") instanceof String format) config.put("data_format", dataFormat(format));
        forgetBias(config);
        for (Map.Entry<String, @Nullable Object> entry : config.entrySet())
            entry.setValue(value(entry.getKey(), entry.getValue()));
        if (className.equals("SeparableConv2D") && config.containsKey("kernel_initializer")) {
            config.putIfAbsent("depthwise_initializer", config.get("kernel_initializer"));
            config.putIfAbsent("pointwise_initializer", config.get("kernel_initializer"));
        }
        return config;
    }

    private static String key(String className, String key) {
        return switch (className) {
            case "Embedding" ->
                switch (key) {
                    case "output_dim" -> key;
                    case "init" -> "embeddings_initializer";
                    case "W_regularizer" -> "embeddings_regularizer";
                    case "W_constraint" -> "embeddings_constraint";
                    // dropped whole words while training, which is no more
                    case "dropout" -> "legacy_dropout";
                    default -> KEYS.getOrDefault(key, key);
                };
            case "InputLayer" -> key.equals("input_dtype") ? "dtype" : key;
            case "PReLU" -> key.equals("init") ? "alpha_initializer" : KEYS.getOrDefault(key, key);
            case "LeakyReLU" -> key.equals("alpha") ? "negative_slope" : KEYS.getOrDefault(key, key);
            default -> KEYS.getOrDefault(key, key);
        };
    }

    private static void kernelSize(Map<String, @Nullable Object> config) {
        List<@Nullable Object> size = new ArrayList<>();
        for (String key : List.of("nb_row", "nb_col", "kernel_dim1", "kernel_dim2", "kernel_dim3"))
            if (config.containsKey(key)) size.add(config.remove(key));
        if (!size.isEmpty()) config.put("kernel_size", size);
    }

    private static @Nullable String dataFormat(String value) {
        return switch (value) {
            case "tf" -> "channels_last";
            case "th" -> "channels_first";
            case "default" -> null;
            default -> value;
        };
    }

    private static void forgetBias(Map<String, @Nullable Object> config) {
        Object init = config.remove("forget_bias_init");
        if (init != null) config.put("unit_forget_bias", init.equals("one"));
    }

    private static @Nullable Object value(String key, @Nullable Object value) {
        if (value == null) return null;
        if (key.endsWith("_initializer") && value instanceof String name) return INITIALIZERS.getOrDefault(name, name);
        if (key.endsWith("_regularizer") && value instanceof Map<?, ?> map && !map.containsKey("class_name"))
            return regularizer(map);
        if (key.endsWith("_constraint") && value instanceof Map<?, ?> map && !map.containsKey("class_name"))
            return constraint(map);
        return value;
    }

    private static Map<String, @Nullable Object> regularizer(Map<?, ?> old) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("l1", old.get("l1") == null ? 0.0 : old.get("l1"));
        config.put("l2", old.get("l2") == null ? 0.0 : old.get("l2"));
        return object("L1L2", config);
    }

    private static Map<String, @Nullable Object> constraint(Map<?, ?> old) {
        Map<String, String> names = Map.of("m", "max_value", "low", "min_value", "high", "max_value");
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        old.forEach((key, value) -> {
            if (!key.equals("name")) config.put(names.getOrDefault(key, String.valueOf(key)), value);
        });
        return object(String.valueOf(old.get("name")), config);
    }

    static Map<String, @Nullable Object> object(String className, Map<String, @Nullable Object> config) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("class_name", className);
        object.put("config", config);
        return object;
    }
}
