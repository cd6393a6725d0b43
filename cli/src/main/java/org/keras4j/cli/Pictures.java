package org.keras4j.cli;

import java.util.List;
import org.keras4j.NDArray;

/** Grey pictures as text, side by side, each with a line below. */
final class Pictures {
    private static final String INK = " .:-=+*#%@";
    private static final String GAP = "    ";

    private Pictures() {}

    /**
     * Returns the lines of text.
     *
     * @param images (count, height, width), 0 for paper
     * @param black the value of the darkest ink
     * @param captions one for each image
     */
    static String sideBySide(NDArray images, double black, List<String> captions) {
        int height = images.shape().dim(1);
        int width = images.shape().dim(2);
        var text = new StringBuilder();
        for (int row = 0; row < height; row++) {
            var line = new StringBuilder();
            for (int image = 0; image < captions.size(); image++) {
                for (int column = 0; column < width; column++) {
                    double grey = images.get((image * height + row) * width + column);
                    // twice, because a character is about twice as high as wide
                    line.append(ink(grey / black).repeat(2));
                }
                line.append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        var last = new StringBuilder();
        for (String caption : captions) last.append(padded(caption, 2 * width)).append(GAP);
        return text.append(last.toString().stripTrailing()).append('\n').toString();
    }

    private static String ink(double darkness) {
        int level = (int) Math.round(darkness * (INK.length() - 1));
        return INK.substring(level, level + 1);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
