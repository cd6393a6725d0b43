package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** Pulls embeddings of one label together (Sun et al. 2020): {@code yTrue[n] or [n, 1], yPred[n, d]} of length 1. */
public final class Circle extends BaseLoss<Circle> {
    private double gamma = 80.0;
    private double margin = 0.4;
    private boolean removeDiagonal = true;

    public Circle() {
        super("circle");
    }

    public Circle(double gamma) {
        this();
        gamma(gamma);
    }

    public Circle(double gamma, double margin) {
        this();
        gamma(gamma);
        margin(margin);
    }

    /** Sets how sharply distances count. */
    public Circle gamma(double gamma) {
        this.gamma = gamma;
        return this;
    }

    /** Sets how near is near enough. */
    public Circle margin(double margin) {
        this.margin = margin;
        return this;
    }

    /** Says whether to leave out the distance of each to itself. */
    public Circle removeDiagonal(boolean removeDiagonal) {
        this.removeDiagonal = removeDiagonal;
        return this;
    }

    @Override
    protected Circle self() {
        return this;
    }

    @Override
    boolean hasIntegerLabels() {
        return true;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (yPred.rank() != 2 || yTrue.shape().size() != yPred.shape().dim(0))
            throw mismatch("one label for each row of a matrix", yTrue, yPred);
        return Similarity.circle(yTrue, yPred, yTrue, yPred, removeDiagonal, gamma, margin);
    }

    /**
     * Returns the loss of each embedding beside given ones, as Keras's function {@code circle} with references does.
     *
     * @param refLabels {@code [m]}, the labels of the embeddings {@code refEmbeddings[m, d]}
     */
    public Tensor withReferences(Tensor yTrue, Tensor yPred, Tensor refLabels, Tensor refEmbeddings) {
        if (yPred.rank() != 2 || yTrue.shape().size() != yPred.shape().dim(0))
            throw mismatch("one label for each row of a matrix", yTrue, yPred);
        if (refEmbeddings.rank() != 2
                || refLabels.shape().size() != refEmbeddings.shape().dim(0)
                || refEmbeddings.shape().dim(1) != yPred.shape().dim(1))
            throw mismatch("references of one label for each row of a matrix", refLabels, refEmbeddings);
        return Similarity.circle(yTrue, yPred, refLabels, refEmbeddings, removeDiagonal, gamma, margin);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("gamma", gamma);
        config.put("margin", margin);
        config.put("remove_diagonal", removeDiagonal);
        return config;
    }
}
