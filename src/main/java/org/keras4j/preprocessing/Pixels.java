package org.keras4j.preprocessing;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * The pixels of picture files as uint8 {@code (height, width, channels)}: 1 channel for grey, 3 for RGB, 4 with alpha.
 */
final class Pixels {
    private Pixels() {}

    static BufferedImage read(Path file) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        try {
            // by bytes: a stream of a file that cannot be decoded would stay open
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (image != null) return image;
        } catch (IOException | RuntimeException e) {
            throw new IOException(file + ": the picture cannot be decoded: " + e.getMessage(), e);
        }
        throw new IOException(file + ": expected a picture (BMP, GIF, JPEG, PNG), got something else");
    }

    /** Converts as Pillow does: alpha is dropped or added as 255, grey is 0.299 R + 0.587 G + 0.114 B. */
    static NDArray of(BufferedImage image, int channels) {
        int count = image.getWidth() * image.getHeight();
        var out = new int[count * channels];
        // Java's own conversion of grey to RGB would go through a linear grey, and change the numbers
        boolean isGrey = image.getRaster().getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
        if (isGrey) grey(image.getRaster(), channels, out);
        else colours(image, channels, out);
        return NDArray.wrap(DType.UINT8, Shape.of(image.getHeight(), image.getWidth(), channels), out);
    }

    private static void grey(Raster raster, int channels, int[] out) {
        int bands = raster.getNumBands();
        int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
        int[] line = null;
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            line = raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, line);
            for (int x = 0; x < raster.getWidth(); x++) {
                int value = line[x * bands] >> shift;
                for (int c = 0; c < Math.min(channels, 3); c++) out[at++] = value;
                if (channels == 4) out[at++] = bands == 2 ? line[x * bands + 1] >> shift : 255;
            }
        }
    }

    private static void colours(BufferedImage image, int channels, int[] out) {
        int width = image.getWidth();
        var line = new int[width];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, line, 0, width);
            for (int argb : line) {
                int r = argb >> 16 & 255;
                int g = argb >> 8 & 255;
                int b = argb & 255;
                if (channels == 1) {
                    out[at++] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
                    continue;
                }
                out[at++] = r;
                out[at++] = g;
                out[at++] = b;
                if (channels == 4) out[at++] = argb >>> 24;
            }
        }
    }

    /** Returns the picture of uint8 pixels. */
    static BufferedImage toImage(NDArray pixels) {
        int height = pixels.shape().dim(0);
        int width = pixels.shape().dim(1);
        int channels = pixels.shape().dim(2);
        int[] data = pixels.ints();
        if (channels == 1) {
            var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setPixels(0, 0, width, height, data);
            return image;
        }
        int type = channels == 4 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        var image = new BufferedImage(width, height, type);
        var line = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * channels;
                int alpha = channels == 4 ? data[at + 3] : 255;
                line[x] = alpha << 24 | data[at] << 16 | data[at + 1] << 8 | data[at + 2];
            }
            image.setRGB(0, y, width, 1, line, 0, width);
        }
        return image;
    }
}
