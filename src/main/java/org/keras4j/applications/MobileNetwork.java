package org.keras4j.applications;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.layers.KerasTensor;

/** What the mobile networks share: a width, and published weights for several sizes of images. */
abstract class MobileNetwork<A extends MobileNetwork<A>> extends Application<A> {
    private static final int USUAL_SIZE = 224;
    private static final int LEAST_SIZE = 32;

    private final Set<Integer> publishedSizes;
    private double alpha = 1;

    MobileNetwork(@Nullable String name, Set<Integer> publishedSizes) {
        super(name, USUAL_SIZE, LEAST_SIZE);
        this.publishedSizes = publishedSizes;
    }

    /** Sets the width: each layer has {@code alpha} times its usual number of filters; 1 if not set. */
    public A alpha(double alpha) {
        if (!(alpha > 0)) throw wrong("alpha must be positive", alpha);
        this.alpha = alpha;
        return self();
    }

    final double alpha() {
        return alpha;
    }

    final void requirePublishedWidth(Set<Double> widths) {
        if (isImagenet() && !widths.contains(alpha))
            throw wrong("alpha must be one of " + new TreeSet<>(widths) + " with weights \"imagenet\"", alpha);
    }

    /** Refuses a tensor whose rows or columns are not those of the shape that came with it. */
    final void requireOneShape() {
        Shape shape = givenShape();
        KerasTensor tensor = givenTensor();
        if (shape == null || tensor == null || shape.rank() != 3) return;
        if (!tensor.shape().from(1).equals(shape)) throw wrong("inputTensor must have inputShape " + shape, tensor);
    }

    /** Published weights come in several sizes, so a square image of one of them is a usual one. */
    @Override
    int usualSize() {
        Shape image = givenShape();
        KerasTensor tensor = givenTensor();
        if (image == null && tensor != null) image = tensor.shape().from(1);
        return image != null && isPublished(image) ? rows(image) : USUAL_SIZE;
    }

    /** Returns the rows of an image as names have them: those of published weights where they are loaded. */
    final int size() {
        Shape shape = imageShape();
        return isImagenet() && !isPublished(shape) ? USUAL_SIZE : rows(shape);
    }

    private boolean isPublished(Shape image) {
        return image.rank() == 3 && rows(image) == columns(image) && publishedSizes.contains(rows(image));
    }

    /** Returns the name of a model that was given none. */
    abstract String usualName();

    @Override
    String modelName() {
        String given = givenName();
        return given == null ? usualName() : given;
    }

    static String twoPlaces(double number) {
        return new BigDecimal(number).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
