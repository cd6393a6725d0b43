package org.keras4j.models;

/** The keyword arguments of {@code model_to_dot}; each default is Keras's. */
public final class DotOptions {
    boolean showShapes = false;
    boolean showDtype = false;
    boolean showLayerNames = true;
    String rankdir = "TB";
    boolean expandNested = false;
    int dpi = 200;
    boolean showLayerActivations = false;
    boolean showTrainable = false;
    String splines = "ortho";

    DotOptions() {}

    /** Says whether the shapes of inputs and outputs are shown. */
    public DotOptions showShapes(boolean showShapes) {
        this.showShapes = showShapes;
        return this;
    }

    /** Says whether the dtype of outputs is shown. */
    public DotOptions showDtype(boolean showDtype) {
        this.showDtype = showDtype;
        return this;
    }

    /** Says whether names are shown beside classes. */
    public DotOptions showLayerNames(boolean showLayerNames) {
        this.showLayerNames = showLayerNames;
        return this;
    }

    /** Sets the direction: {@code "TB"} from top to bottom, {@code "LR"} from left to right. */
    public DotOptions rankdir(String rankdir) {
        this.rankdir = rankdir;
        return this;
    }

    /** Says whether models inside are drawn as clusters of their layers. */
    public DotOptions expandNested(boolean expandNested) {
        this.expandNested = expandNested;
        return this;
    }

    /** Sets the resolution of pictures that Graphviz makes. */
    public DotOptions dpi(int dpi) {
        this.dpi = dpi;
        return this;
    }

    /** Says whether activations of layers are shown. */
    public DotOptions showLayerActivations(boolean showLayerActivations) {
        this.showLayerActivations = showLayerActivations;
        return this;
    }

    /** Says whether it is shown which layers are trained. */
    public DotOptions showTrainable(boolean showTrainable) {
        this.showTrainable = showTrainable;
        return this;
    }

    /** Sets how Graphviz draws edges. */
    public DotOptions splines(String splines) {
        this.splines = splines;
        return this;
    }
}
