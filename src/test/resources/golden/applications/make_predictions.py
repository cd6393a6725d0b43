"""Writes predictions.tsv: what networks of keras.applications give for weights and images made by a formula.

A line has the network, its arguments as JSON, and 16 numbers spread over the output for two images, as
`ApplicationPredictionsTest` computes them. Usage: KERAS_BACKEND=tensorflow make_predictions.py OUT [NAME ...]
[--save FOLDER]; --save keeps the weights and outputs, too, as Keras's files.
"""

import argparse
import json
import math
import os

import keras
import numpy as np

FEATURES = {"include_top": False, "pooling": "avg"}
# where a softmax would leave nothing but 0 and 1
LOGITS = {"classes": 10, "classifier_activation": None}
CASES = [
    ("VGG16", {"input_shape": [32, 32, 3], "classes": 10}),
    ("ResNet50", {"input_shape": [33, 47, 3], **FEATURES}),
    ("ResNet50V2", {"input_shape": [47, 33, 3], **FEATURES}),
    ("Xception", {"input_shape": [71, 72, 3], **FEATURES}),
    ("InceptionV3", {"input_shape": [75, 76, 3], **FEATURES}),
    ("InceptionResNetV2", {"input_shape": [75, 75, 3], **FEATURES}),
    ("MobileNet", {"input_shape": [64, 48, 3], "classes": 10, "alpha": 0.25}),
    ("MobileNetV2", {"input_shape": [65, 64, 3], "classes": 10, "alpha": 0.5}),
    ("MobileNetV3Small", {"input_shape": [65, 64, 3], "classes": 10}),
    ("MobileNetV3Large", {"input_shape": [64, 65, 3], "minimalistic": True, **LOGITS}),
    ("DenseNet121", {"input_shape": [32, 48, 3], "classes": 10}),
    ("NASNetMobile", {"input_shape": [32, 33, 3], **LOGITS}),
    ("EfficientNetB0", {"input_shape": [65, 64, 3], "classes": 10}),
    ("EfficientNetV2B0", {"input_shape": [64, 65, 3], **LOGITS}),
    ("ConvNeXtTiny", {"input_shape": [32, 32, 3], **FEATURES}),
]
PREPARES_ITSELF = ("MobileNetV3", "EfficientNet", "ConvNeXt")


def uniform(count, seed):
    """Numbers from 0 to 1 of 24 bits: murmur3's last steps of place and seed."""
    x = np.arange(count, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float64) / (1 << 24)


def value(weight, seed):
    """A value that keeps activations near 1."""
    shape = weight.shape
    u = uniform(math.prod(shape), seed).reshape(shape)
    if len(shape) >= 2:
        outputs = math.prod(shape[2:]) if len(shape) == 4 and shape[3] == 1 else shape[-1]
        return (2 * u - 1) * math.sqrt(6 * outputs / math.prod(shape))
    if weight.name.startswith("variable"):
        return u
    ranges = {
        "gamma": (0.9, 0.2),
        "moving_variance": (0.8, 0.4),
        "mean": (0.4, 0.1),
        "variance": (0.05, 0.01),
        "count": (0.0, 0.0),
    }
    start, width = ranges.get(weight.name, (-0.1, 0.2))
    return start + width * u


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--save")
    options = parser.parse_args()
    with open(options.out, "w") as out:
        for name, arguments in CASES:
            if options.names and name not in options.names:
                continue
            tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
            model = getattr(keras.applications, name)(weights=None, **tuples)
            for i, weight in enumerate(model.weights):
                weight.assign(value(weight, i + 1).astype(weight.dtype))
            images = uniform(2 * math.prod(arguments["input_shape"]), 0)
            images = 255 * images if name.startswith(PREPARES_ITSELF) else 2 * images - 1
            images = images.reshape([2, *arguments["input_shape"]]).astype(np.float32)
            outputs = keras.ops.convert_to_numpy(model(images, training=False)).ravel()
            shown = [float(outputs[i * (outputs.size - 1) // 15]) for i in range(16)]
            print(name, json.dumps(arguments, separators=(",", ":")), *shown, sep="\t", file=out, flush=True)
            if options.save:
                place = os.path.join(options.save, name)
                model.save_weights(place + ".weights.h5")
                model.save(place + ".h5")
                model.save(place + ".keras")
                np.save(place + "_x.npy", images)
                np.save(place + "_y.npy", outputs)


if __name__ == "__main__":
    main()
