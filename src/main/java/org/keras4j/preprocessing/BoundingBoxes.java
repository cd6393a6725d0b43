package org.keras4j.preprocessing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Boxes around things in pictures, as {@code keras.utils.bounding_boxes}: tensors {@code (boxes, 4)} or {@code (batch,
 * boxes, 4)}, in float32. Formats are xyxy (left, top, right, bottom), yxyx, xywh (left, top, width, height),
 * center_xywh and center_yxhw, in pixels; rel_xyxy, rel_yxyx, rel_xywh and rel_center_xywh are in parts of the
 * picture's size.
 */
public final class BoundingBoxes {
    /** What the four numbers of a box are. */
    private enum Format {
        XYXY,
        YXYX,
        XYWH,
        CENTER_XYWH,
        CENTER_YXHW,
        REL_XYXY,
        REL_YXYX,
        REL_XYWH,
        REL_CENTER_XYWH;

        boolean isRelative() {
            return name().startsWith("REL_");
        }

        Format absolute() {
            return isRelative() ? valueOf(name().substring(4)) : this;
        }
    }

    /** The size of a picture, where it matters. */
    public record ImageSize(int height, int width) {}

    private BoundingBoxes() {}

    /** Changes the format of boxes; between relative and absolute ones the picture's size is needed. */
    public static Tensor convertFormat(Tensor boxes, String source, String target) {
        return convertFormat(boxes, source, target, null);
    }

    /**
     * Changes the format of boxes.
     *
     * @throws IllegalArgumentException if a format is not known, the last axis is not 4, or a size is needed and
     *     missing
     */
    public static Tensor convertFormat(Tensor boxes, String source, String target, @Nullable ImageSize image) {
        Format from = EnumNames.of(Format.class, "source", source.toLowerCase(Locale.ROOT));
        Format to = EnumNames.of(Format.class, "target", target.toLowerCase(Locale.ROOT));
        if (boxes.rank() == 0 || boxes.shape().last() != 4)
            throw new IllegalArgumentException("Expected boxes with a last axis of 4, got shape " + boxes.shape());
        if ((from.isRelative() || to.isRelative()) && image == null)
            throw new IllegalArgumentException(
                    "From " + source + " to " + target + " the height and width of the image are needed, got none");
        Tensor cast = K.cast(boxes, DType.FLOAT32);
        if (from == to) return cast;
        boolean bothRelative = from.isRelative() && to.isRelative();
        Tensor[] corners = corners(parts(cast), from.absolute());
        if (from.isRelative() && !bothRelative && image != null) scale(corners, image.width(), image.height());
        if (to.isRelative() && !bothRelative && image != null)
            scale(corners, 1.0 / image.width(), 1.0 / image.height());
        return K.concatenate(Arrays.asList(written(corners, to.absolute())), -1);
    }

    private static Tensor[] parts(Tensor boxes) {
        return K.split(boxes, 4, -1).toArray(Tensor[]::new);
    }

    /** Returns left, top, right and bottom. */
    private static Tensor[] corners(Tensor[] b, Format format) {
        return switch (format) {
            case XYXY -> b;
            case YXYX -> new Tensor[] {b[1], b[0], b[3], b[2]};
            case XYWH -> new Tensor[] {b[0], b[1], K.add(b[0], b[2]), K.add(b[1], b[3])};
            case CENTER_XYWH -> around(b[0], b[1], b[2], b[3]);
            case CENTER_YXHW -> around(b[1], b[0], b[3], b[2]);
            case REL_XYXY, REL_YXYX, REL_XYWH, REL_CENTER_XYWH -> throw new AssertionError(format);
        };
    }

    private static Tensor[] around(Tensor x, Tensor y, Tensor width, Tensor height) {
        Tensor halfWidth = K.divide(width, 2.0);
        Tensor halfHeight = K.divide(height, 2.0);
        return new Tensor[] {
            K.subtract(x, halfWidth), K.subtract(y, halfHeight), K.add(x, halfWidth), K.add(y, halfHeight)
        };
    }

    private static void scale(Tensor[] corners, double x, double y) {
        for (int i = 0; i < 4; i++) corners[i] = K.multiply(corners[i], i % 2 == 0 ? x : y);
    }

    private static Tensor[] written(Tensor[] c, Format format) {
        Tensor width = K.subtract(c[2], c[0]);
        Tensor height = K.subtract(c[3], c[1]);
        Tensor x = K.add(c[0], K.divide(width, 2.0));
        Tensor y = K.add(c[1], K.divide(height, 2.0));
        return switch (format) {
            case XYXY -> c;
            case YXYX -> new Tensor[] {c[1], c[0], c[3], c[2]};
            case XYWH -> new Tensor[] {c[0], c[1], width, height};
            case CENTER_XYWH -> new Tensor[] {x, y, width, height};
            case CENTER_YXHW -> new Tensor[] {y, x, height, width};
            case REL_XYXY, REL_YXYX, REL_XYWH, REL_CENTER_XYWH -> throw new AssertionError(format);
        };
    }

    /**
     * Cuts boxes at the edges of a picture. Labels of boxes that are empty then become -1.
     *
     * @param boundingBoxes a map with {@code "boxes"} and, if there are any, {@code "labels"}
     * @param format {@code "xyxy"}, which needs the size, or {@code "rel_xyxy"}
     */
    public static Map<String, Tensor> clipToImageSize(
            Map<String, Tensor> boundingBoxes, String format, @Nullable ImageSize image) {
        Tensor boxes = boundingBoxes.get("boxes");
        if (boxes == null)
            throw new IllegalArgumentException("Expected a map with \"boxes\", got " + boundingBoxes.keySet());
        boolean relative = format.equals("rel_xyxy");
        if (!relative && !format.equals("xyxy"))
            throw new IllegalArgumentException(
                    "bounding_box_format must be \"xyxy\" or \"rel_xyxy\", got \"" + format + "\"");
        if (!relative && image == null)
            throw new IllegalArgumentException("Boxes of format xyxy need the height and width of the image, got none");
        double width = relative || image == null ? 1 : image.width();
        double height = relative || image == null ? 1 : image.height();
        Tensor[] c = parts(boxes);
        for (int i = 0; i < 4; i++) c[i] = K.clip(c[i], 0, i % 2 == 0 ? width : height);
        Map<String, Tensor> out = new LinkedHashMap<>(boundingBoxes);
        out.put("boxes", K.concatenate(Arrays.asList(c), -1));
        Tensor labels = boundingBoxes.get("labels");
        if (labels != null) {
            Tensor area = K.squeeze(K.multiply(K.subtract(c[2], c[0]), K.subtract(c[3], c[1])), -1);
            Tensor none = K.cast(K.constant(-1), labels.dtype());
            out.put("labels", K.where(K.greater(area, 0.0), labels, none));
        }
        return out;
    }

    /** Moves xyxy boxes into a part of the picture that is cut out, and cuts them at its edges. */
    public static Tensor crop(Tensor boxes, double top, double left, double height, double width) {
        Tensor[] c = parts(boxes);
        for (int i = 0; i < 4; i++)
            c[i] = K.clip(K.subtract(c[i], i % 2 == 0 ? left : top), 0, i % 2 == 0 ? width : height);
        return K.concatenate(Arrays.asList(c), -1);
    }

    /** Moves xyxy boxes as the picture moves that gets rows above and columns to the left. */
    public static Tensor pad(Tensor boxes, double top, double left) {
        Tensor[] c = parts(boxes);
        for (int i = 0; i < 4; i++) c[i] = K.add(c[i], i % 2 == 0 ? left : top);
        return K.concatenate(Arrays.asList(c), -1);
    }

    /**
     * Returns the intersection over union of each box of the first with each of the second, {@code (n, m)} or {@code
     * (batch, n, m)}.
     */
    public static Tensor computeIou(Tensor boxes1, Tensor boxes2, String format, @Nullable ImageSize image) {
        return computeIou(boxes1, boxes2, format, image, null);
    }

    /**
     * Returns the intersection over union of each box with each.
     *
     * @param maskValue what takes the place of a number where all four of one of the boxes are negative, as in padding;
     *     null for no masking
     */
    public static Tensor computeIou(
            Tensor boxes1, Tensor boxes2, String format, @Nullable ImageSize image, @Nullable Double maskValue) {
        for (Tensor boxes : List.of(boxes1, boxes2))
            if (boxes.rank() != 2 && boxes.rank() != 3)
                throw new IllegalArgumentException(
                        "compute_iou: expected boxes (n, 4) or (batch, n, 4), got shape " + boxes.shape());
        Tensor converted1 = convertFormat(boxes1, format, "yxyx", image);
        Tensor converted2 = convertFormat(boxes2, format, "yxyx", image);
        Tensor[] a = parts(converted1);
        Tensor[] b = turned(parts(converted2));
        Tensor height = K.maximum(K.subtract(K.minimum(a[2], b[2]), K.maximum(a[0], b[0])), 0.0);
        Tensor width = K.maximum(K.subtract(K.minimum(a[3], b[3]), K.maximum(a[1], b[1])), 0.0);
        Tensor both = K.multiply(height, width);
        Tensor union = K.subtract(K.add(area(a), area(b)), both);
        Tensor iou = K.divide(both, K.add(union, K.epsilon()));
        if (maskValue == null) return iou;
        Tensor empty1 = K.less(K.max(converted1, -1, true), 0.0);
        Tensor empty2 = turned(K.less(K.max(converted2, -1, true), 0.0))[0];
        return K.where(K.logicalOr(empty1, empty2), maskValue, iou);
    }

    private static Tensor area(Tensor[] yxyx) {
        return K.multiply(K.subtract(yxyx[2], yxyx[0]), K.subtract(yxyx[3], yxyx[1]));
    }

    private static Tensor[] turned(Tensor... columns) {
        var out = new Tensor[columns.length];
        for (int i = 0; i < out.length; i++)
            out[i] = columns[i].rank() == 2 ? K.transpose(columns[i]) : K.transpose(columns[i], 0, 2, 1);
        return out;
    }

    /**
     * Returns the complete intersection over union of boxes in the same places: less the distance of the centres and
     * the difference of the aspect ratios. Z. Zheng et al., "Distance-IoU loss" (2020).
     */
    public static Tensor computeCiou(Tensor boxes1, Tensor boxes2, String format) {
        double epsilon = K.epsilon();
        Tensor[] a = parts(convertFormat(boxes1, format, "xyxy", null));
        Tensor[] b = parts(convertFormat(boxes2, format, "xyxy", null));
        Tensor width1 = K.subtract(a[2], a[0]);
        Tensor height1 = K.add(K.subtract(a[3], a[1]), epsilon);
        Tensor width2 = K.subtract(b[2], b[0]);
        Tensor height2 = K.add(K.subtract(b[3], b[1]), epsilon);
        Tensor both = K.multiply(
                K.maximum(K.subtract(K.minimum(a[2], b[2]), K.maximum(a[0], b[0])), 0.0),
                K.maximum(K.subtract(K.minimum(a[3], b[3]), K.maximum(a[1], b[1])), 0.0));
        Tensor union =
                K.add(K.subtract(K.add(K.multiply(width1, height1), K.multiply(width2, height2)), both), 2 * epsilon);
        Tensor iou = K.divide(both, union);
        Tensor hullWidth = K.subtract(K.maximum(a[2], b[2]), K.minimum(a[0], b[0]));
        Tensor hullHeight = K.subtract(K.maximum(a[3], b[3]), K.minimum(a[1], b[1]));
        Tensor diagonal = K.add(K.add(K.square(hullWidth), K.square(hullHeight)), epsilon);
        Tensor dx = K.subtract(K.divide(K.add(a[0], a[2]), 2.0), K.divide(K.add(b[0], b[2]), 2.0));
        Tensor dy = K.subtract(K.divide(K.add(a[1], a[3]), 2.0), K.divide(K.add(b[1], b[3]), 2.0));
        Tensor distance = K.add(K.square(dx), K.square(dy));
        Tensor angle = K.subtract(K.arctan(K.divide(width2, height2)), K.arctan(K.divide(width1, height1)));
        Tensor v = K.multiply(K.square(angle), 4 / (Math.PI * Math.PI));
        Tensor alpha = K.divide(v, K.add(K.subtract(v, iou), 1 + epsilon));
        return K.squeeze(K.subtract(iou, K.add(K.divide(distance, diagonal), K.multiply(v, alpha))), -1);
    }

    /** Returns what lies between anchors and boxes in the encoding center_yxhw, see the method with all arguments. */
    public static Tensor encodeBoxToDeltas(Tensor anchors, Tensor boxes, String anchorFormat, String boxFormat) {
        return encodeBoxToDeltas(anchors, boxes, anchorFormat, boxFormat, "center_yxhw", null, null);
    }

    /**
     * Returns the differences of centres in parts of the anchor's size, and the logarithms of the sizes' ratios.
     *
     * @param anchors {@code (n, 4)}
     * @param boxes {@code (n, 4)} or {@code (batch, n, 4)}
     * @param encodingFormat {@code "center_yxhw"} or {@code "center_xywh"}
     * @param variance four numbers that the result is divided by, or null
     */
    public static Tensor encodeBoxToDeltas(
            Tensor anchors,
            Tensor boxes,
            String anchorFormat,
            String boxFormat,
            String encodingFormat,
            float @Nullable [] variance,
            @Nullable ImageSize image) {
        check(encodingFormat, variance);
        Tensor[] a = parts(convertFormat(anchors, anchorFormat, encodingFormat, image));
        Tensor[] b = parts(convertFormat(boxes, boxFormat, encodingFormat, image));
        List<Tensor> deltas = new ArrayList<>();
        for (int i = 0; i < 2; i++) deltas.add(K.divide(K.subtract(b[i], a[i]), K.maximum(a[i + 2], K.epsilon())));
        for (int i = 2; i < 4; i++)
            deltas.add(K.log(K.divide(K.maximum(b[i], K.epsilon()), K.maximum(a[i], K.epsilon()))));
        Tensor all = K.concatenate(deltas, -1);
        return variance == null ? all : K.divide(all, K.constant(variance));
    }

    /** Turns {@link #encodeBoxToDeltas} back, with the encoding center_yxhw. */
    public static Tensor decodeDeltasToBoxes(Tensor anchors, Tensor deltas, String anchorFormat, String boxFormat) {
        return decodeDeltasToBoxes(anchors, deltas, anchorFormat, boxFormat, "center_yxhw", null, null);
    }

    /** Turns {@link #encodeBoxToDeltas} back. */
    public static Tensor decodeDeltasToBoxes(
            Tensor anchors,
            Tensor deltas,
            String anchorFormat,
            String boxFormat,
            String encodedFormat,
            float @Nullable [] variance,
            @Nullable ImageSize image) {
        check(encodedFormat, variance);
        Tensor[] a = parts(convertFormat(anchors, anchorFormat, encodedFormat, image));
        Tensor[] d = parts(variance == null ? deltas : K.multiply(deltas, K.constant(variance)));
        List<Tensor> boxes = new ArrayList<>();
        for (int i = 0; i < 2; i++) boxes.add(K.add(K.multiply(d[i], a[i + 2]), a[i]));
        for (int i = 2; i < 4; i++) boxes.add(K.multiply(K.exp(d[i]), a[i]));
        return convertFormat(K.concatenate(boxes, -1), encodedFormat, boxFormat, image);
    }

    private static void check(String encoding, float @Nullable [] variance) {
        if (!encoding.equals("center_xywh") && !encoding.equals("center_yxhw"))
            throw new IllegalArgumentException(
                    "The encoding must be \"center_xywh\" or \"center_yxhw\", got \"" + encoding + "\"");
        if (variance != null && variance.length != 4)
            throw new IllegalArgumentException("variance must have 4 numbers, got " + Arrays.toString(variance));
    }
}
