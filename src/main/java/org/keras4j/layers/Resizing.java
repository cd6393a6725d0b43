package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/** Resizes images. */
public final class Resizing extends ImageLayer<Resizing> {
    private final int height;
    private final int width;
    private String interpolation = "bilinear";
    private boolean cropToAspectRatio;
    private boolean padToAspectRatio;
    private String fillMode = "constant";
    private double fillValue;
    private boolean antialias;

    public Resizing(int height, int width) {
        if (height <= 0 || width <= 0)
            throw new IllegalArgumentException(
                    "Resizing: height and width must be positive, got " + height + " and " + width);
        this.height = height;
        this.width = width;
    }

    static Resizing fromConfig(ConfigReader config) {
        return new Resizing(config.integer("height"), config.integer("width"))
                .configureImages(config)
                .interpolation(config.string("interpolation", "bilinear"))
                .cropToAspectRatio(config.bool("crop_to_aspect_ratio", false))
                .padToAspectRatio(config.bool("pad_to_aspect_ratio", false))
                .fillMode(config.string("fill_mode", "constant"))
                .fillValue(config.real("fill_value", 0))
                .antialias(config.bool("antialias", false));
    }

    /** Sets "bilinear" (if not set), "nearest", "bicubic", "lanczos3" or "lanczos5". */
    public Resizing interpolation(String interpolation) {
        requireUnbuilt();
        this.interpolation = interpolation.toLowerCase(Locale.ROOT);
        return this;
    }

    /** Says whether the image is cropped first to keep its proportions; false if not set. */
    public Resizing cropToAspectRatio(boolean crop) {
        requireUnbuilt();
        cropToAspectRatio = crop;
        return this;
    }

    /** Says whether the image is padded first to keep its proportions; false if not set. */
    public Resizing padToAspectRatio(boolean pad) {
        requireUnbuilt();
        padToAspectRatio = pad;
        return this;
    }

    /** Sets how padding is filled; Keras has "constant" only. */
    public Resizing fillMode(String fillMode) {
        requireUnbuilt();
        this.fillMode = fillMode;
        return this;
    }

    public Resizing fillValue(double fillValue) {
        requireUnbuilt();
        this.fillValue = fillValue;
        return this;
    }

    /** Says whether all places count when the image shrinks; false if not set. */
    public Resizing antialias(boolean antialias) {
        requireUnbuilt();
        this.antialias = antialias;
        return this;
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("size", List.of(height, width));
        options.put("interpolation", interpolation);
        options.put("antialias", antialias);
        options.put("crop_to_aspect_ratio", cropToAspectRatio);
        options.put("pad_to_aspect_ratio", padToAspectRatio);
        options.put("fill_mode", fillMode);
        options.put("fill_value", fillValue);
        Tensor resized = image("resize", images, options);
        return ColorRange.saturated(resized, images.dtype());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("height", height);
        config.put("width", width);
        config.put("interpolation", interpolation);
        config.put("crop_to_aspect_ratio", cropToAspectRatio);
        config.put("pad_to_aspect_ratio", padToAspectRatio);
        config.put("fill_mode", fillMode);
        config.put("fill_value", fillValue);
        config.put("antialias", antialias);
        return config;
    }
}
