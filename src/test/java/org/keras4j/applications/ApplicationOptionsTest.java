package org.keras4j.applications;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.Config;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.models.Models;

class ApplicationOptionsTest {
    /** The smallest network there is. */
    private static MobileNetV3Small small() {
        return new MobileNetV3Small()
                .weights(null)
                .alpha(0.05)
                .minimalistic(true)
                .includeTop(false)
                .pooling("avg")
                .inputShape(32, 32, 3);
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        assertMessage(
                "ResNet50: classes must be 1000 with a classifier of weights \"imagenet\", got 10",
                new ResNet50().classes(10));
        assertMessage(
                "VGG16: inputShape must be (224, 224, 3) with a classifier of weights \"imagenet\", got (64, 64, 3)",
                new VGG16().inputShape(64, 64, 3));
        assertMessage(
                "VGG16: inputShape must have 3 channels with weights \"imagenet\", got (64, 64, 1)",
                new VGG16().inputShape(64, 64, 1).includeTop(false));
        assertMessage(
                "Xception: inputShape must have at least 71 rows and columns, got (71, 70, 3)",
                new Xception().weights(null).inputShape(71, 70, 3));
        assertMessage(
                "DenseNet121: inputShape must be rows, columns and channels, got (64, 64)",
                new DenseNet121().weights(null).inputShape(64, 64));
        assertMessage(
                "InceptionV3: inputShape must be known where the top is included, got (None, None, 3)",
                new InceptionV3().weights(null).inputShape(-1, -1, 3));
        assertMessage(
                "EfficientNetB0: weights must be null, \"imagenet\" or a file that exists, got \"nowhere.h5\"",
                new EfficientNetB0().weights("nowhere.h5"));
        assertMessage(
                "ConvNeXtTiny: classifierActivation must be null or softmax with weights that are given, got sigmoid",
                new ConvNeXtTiny().classifierActivation("sigmoid"));
        assertMessage(
                "MobileNet: alpha must be one of [0.25, 0.5, 0.75, 1.0] with weights \"imagenet\", got 0.3",
                new MobileNet().alpha(0.3));
        assertMessage(
                "MobileNet: depthMultiplier must be 1 with weights \"imagenet\", got 2",
                new MobileNet().depthMultiplier(2));
        assertMessage(
                "MobileNetV3Large: alpha must be one of [1.0] with weights \"imagenet\", got 0.75",
                new MobileNetV3Large().alpha(0.75).minimalistic(true));
        assertMessage(
                "NASNetLarge: inputShape must be known with weights \"imagenet\", got (None, None, 3)",
                new NASNetLarge().includeTop(false).inputShape(-1, -1, 3));
    }

    @Test
    void valuesThatAreNoneAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> new VGG16().pooling("sum"));
        assertThrows(IllegalArgumentException.class, () -> new VGG16().classes(0));
        assertThrows(IllegalArgumentException.class, () -> new VGG16().weights(3));
        assertThrows(IllegalArgumentException.class, () -> new MobileNetV2().alpha(0));
        assertThrows(IllegalArgumentException.class, () -> new VGG16().classifierActivation("relly"));
    }

    @Test
    void networksForOneDataFormatRefuseTheOther() {
        Config.setImageDataFormat("channels_first");
        try {
            assertMessage("got \"channels_first\"", new DenseNet121().weights(null));
            assertMessage("got \"channels_first\"", new NASNetMobile().weights(null));
            assertMessage("got \"channels_first\"", new ConvNeXtTiny().weights(null));
            Functional model = new ResNet50()
                    .weights(null)
                    .includeTop(false)
                    .inputShape(3, 64, 64)
                    .build();
            assertEquals(
                    "(None, 2048, 2, 2)",
                    ((KerasTensor) model.outputs()).shape().toString());
        } finally {
            Config.setImageDataFormat("channels_last");
        }
    }

    @Test
    void aNetworkLooksAtATensor() {
        KerasTensor raw = new Input(65, 65, 4).tensor();
        KerasTensor image = new Conv2D(3, 2).strides(2).apply(raw);
        Functional model = new MobileNetV2()
                .weights(null)
                .includeTop(false)
                .pooling("max")
                .inputTensor(image)
                .build();
        assertEquals(List.of(raw), model.inputs());
        assertEquals("(None, 1280)", ((KerasTensor) model.outputs()).shape().toString());
        assertMessage(
                "inputTensor must have inputShape (64, 64, 3)",
                new MobileNetV2().weights(null).inputTensor(image).inputShape(64, 64, 3));
    }

    @Test
    void weightsComeFromAFile(@TempDir Path folder) {
        Model saved = small().build();
        NDArray images = NDArray.of(new float[1][32][32][3]);
        float[][] expected = saved.predict(images).floats2d();
        for (String name : new String[] {"net.weights.h5", "net.keras", "net.h5"}) {
            Path file = folder.resolve(name);
            if (name.endsWith(".weights.h5")) saved.saveWeights(file);
            else saved.save(file);
            Model loaded = small().weights(file).build();
            assertArrayEquals(expected[0], loaded.predict(images).floats2d()[0], 0, name);
        }
        float[][] whole =
                Models.loadModel(folder.resolve("net.keras")).predict(images).floats2d();
        assertArrayEquals(expected[0], whole[0], 0);
        var other = small().alpha(1).weights(folder.resolve("net.weights.h5"));
        assertThrows(KerasFileException.class, other::build);
    }

    @Test
    void layersOfItsOwnAreReadFromConfigs() {
        for (Application<?> network : List.of(new ConvNeXtTiny(), new InceptionResNetV2())) {
            Functional model = network.weights(null)
                    .includeTop(false)
                    .inputShape(75, 75, 3)
                    .build();
            Model read = Models.modelFromJson(model.toJson());
            assertEquals(model.countParams(), read.countParams());
            assertEquals(read.toJson(), Models.modelFromJson(read.toJson()).toJson());
        }
    }

    @Test
    void publishedFilesAreKnown() {
        assertFile("resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5", new ResNet50());
        assertFile("vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5", new VGG19().includeTop(false));
        assertFile(
                "mobilenet/mobilenet_7_5_160_tf_no_top.h5",
                new MobileNet().alpha(0.75).includeTop(false).inputShape(160, 160, 3));
        assertFile("mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", new MobileNetV2());
        assertFile(
                "mobilenet_v3/weights_mobilenet_v3_small_minimalistic_224_1.0_float.h5",
                new MobileNetV3Small().minimalistic(true));
        assertFile("nasnet/NASNet-large-no-top.h5", new NASNetLarge().includeTop(false));
        assertFile("efficientnet_v2/efficientnetv2-b3_notop.h5", new EfficientNetV2B3().includeTop(false));
        assertFile("convnext/convnext_xlarge.h5", new ConvNeXtXLarge());
        assertEquals("nasnet_mobile.h5", new NASNetMobile().imagenet().file());
        assertEquals(
                "https://storage.googleapis.com/keras-applications/efficientnetb7.h5",
                new EfficientNetB7().name("mine").imagenet().origin().toString());
    }

    private static void assertFile(String address, Application<?> network) {
        Pretrained file = network.imagenet();
        assertEquals(
                "https://storage.googleapis.com/tensorflow/keras-applications/" + address,
                file.origin().toString());
    }

    private static void assertMessage(String part, Application<?> network) {
        var error = assertThrows(IllegalArgumentException.class, network::build);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
