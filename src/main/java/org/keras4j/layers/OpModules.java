package org.keras4j.layers;

import java.util.HashMap;
import java.util.Map;

/** The modules in which Keras keeps the classes of its operations; model files name them. */
final class OpModules {
    private static final Map<String, String> MODULES = new HashMap<>();

    static {
        add(
                "nn",
                "Relu Relu6 Sigmoid SparseSigmoid Softplus Softsign SoftShrink SparsePlus Silu Squareplus LogSigmoid"
                        + " LeakyRelu HardSigmoid HardSilu Elu Selu Gelu Celu Glu TanhShrink HardTanh HardShrink Threshold"
                        + " Softmax LogSoftmax Sparsemax MaxPool AdaptiveMaxPool AveragePool AdaptiveAveragePool Conv"
                        + " DepthwiseConv SeparableConv ConvTranspose OneHot BinaryCrossentropy CategoricalCrossentropy"
                        + " SparseCategoricalCrossentropy MultiHot Moments BatchNorm CTCLoss CTCDecode Normalize PSNR"
                        + " DotProductAttention RMSNorm LayerNorm Polar Unfold Fold DepthToSpace SpaceToDepth");
        add(
                "core",
                "Map Scan AssociativeScan Scatter ScatterUpdate Slice SliceUpdate Switch WhileLoop StopGradient"
                        + " ForiLoop Unstack Cast SaturateCast ConvertToTensor Cond VectorizedMap");
        add(
                "math",
                "SegmentReduction SegmentSum SegmentMax SegmentMin SegmentProd TopK InTopK Logsumexp CDist"
                        + " ExtractSequences FFT FFT2 IFFT2 RFFT IRFFT STFT ISTFT Rsqrt Erf Erfc Erfinv Logdet"
                        + " ViewAsComplex ViewAsReal");
        add(
                "linalg",
                "Cholesky CholeskyInverse Det Eig Eigh Inv LuFactor Norm Qr Solve SolveTriangular SVD Lstsq"
                        + " MatrixRank Pinv JVP");
        add(
                "image",
                "RGBToGrayscale RGBToHSV HSVToRGB Resize AffineTransform ExtractPatches MapCoordinates PadImages"
                        + " CropImages PerspectiveTransform GaussianBlur ElasticTransform ScaleAndTranslate SobelEdges"
                        + " SSIM");
    }

    private OpModules() {}

    private static void add(String module, String classes) {
        for (String name : classes.split(" ")) MODULES.put(name, "keras.src.ops." + module);
    }

    /** Returns the module of an operation's class; most are in {@code keras.src.ops.numpy}. */
    static String of(String className) {
        return MODULES.getOrDefault(className, "keras.src.ops.numpy");
    }
}
