"""Writes digests.tsv: what keras.applications makes, one line a model. Usage: make_digests.py OUT [NAME ...] [--dump FOLDER]

A line has the network, its arguments as JSON, the numbers of layers, weights and parameters, the hash of everything
(32 digits) and two digits for each layer, so that a test can tell which one differs. What is hashed: the layer's entry
in the model's config and the name, shape, dtype and trainability of its weights (see `canonical` and `described`).
--dump writes those texts, to be held beside what the test shows.
"""

import argparse
import hashlib
import inspect
import json
import os
import struct

import keras
from keras.src.initializers import random_initializers

FAMILIES = (
    "VGG16 ResNet50 ResNet50V2 Xception InceptionV3 InceptionResNetV2 MobileNet MobileNetV2 MobileNetV3Small "
    "DenseNet121 NASNetMobile EfficientNetB0 EfficientNetV2B0 EfficientNetV2S ConvNeXtTiny"
).split()
NETWORKS = (
    "VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 Xception InceptionV3 "
    "InceptionResNetV2 MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 "
    "NASNetMobile NASNetLarge EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4 "
    "EfficientNetB5 EfficientNetB6 EfficientNetB7 EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 "
    "EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L ConvNeXtTiny ConvNeXtSmall ConvNeXtBase "
    "ConvNeXtLarge ConvNeXtXLarge"
).split()
MORE = [
    ("MobileNet", {"alpha": 0.25, "depth_multiplier": 2, "dropout": 0.5, "input_shape": [160, 160, 3]}),
    ("MobileNetV2", {"alpha": 1.4, "input_shape": [96, 96, 3]}),
    ("MobileNetV2", {"alpha": 0.35, "input_shape": [100, 100, 3]}),
    ("MobileNetV3Small", {"minimalistic": True, "alpha": 0.75}),
    ("MobileNetV3Large", {"minimalistic": True, "dropout_rate": 0.0, "include_preprocessing": False}),
    ("MobileNetV3Large", {"alpha": 1.25, "input_shape": [224, 224, 3]}),
    ("EfficientNetV2S", {"include_preprocessing": False}),
    ("ConvNeXtTiny", {"include_preprocessing": False, "include_top": False}),
    ("NASNetLarge", {"include_top": False}),
    ("VGG19", {"include_top": False, "pooling": "max"}),
    ("ResNet101V2", {"include_top": False, "pooling": "avg"}),
]


def cases():
    yield from ((name, {}) for name in NETWORKS)
    for name in FAMILIES:
        yield name, {"include_top": False}
        yield name, {"include_top": False, "pooling": "avg", "input_shape": [97, 128, 3]}
        yield name, {"include_top": False, "pooling": "max", "input_shape": [128, 101, 1]}
        options = {"input_shape": [96, 96, 3], "classes": 7, "classifier_activation": None}
        # Keras looks up the blocks of EfficientNetV2 by the model's name
        yield name, options if name.startswith("EfficientNetV2") else options | {"name": "mine"}
    yield from MORE


def zeros(self, shape, dtype=None, **_):
    """Only graphs count here, and zeros cost next to nothing."""
    return keras.ops.zeros(shape, dtype)


def canonical(value):
    """JSON with sorted keys, and numbers as the digits of a float64."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return struct.pack(">d", value).hex()
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(json.dumps(k) + ":" + canonical(value[k]) for k in sorted(value)) + "}"


def essential(entry):
    """A layer's entry without what makes no difference: which shapes it was built for, and arguments as they are anyway."""
    entry.pop("build_config", None)
    for node in entry["inbound_nodes"]:
        node["kwargs"] = {k: v for k, v in node["kwargs"].items() if v is not None and (k, v) != ("training", False)}
    if "layers" in entry["config"]:
        for layer in entry["config"]["layers"]:
            layer.pop("build_config", None)
    return entry


def described(weight):
    shape = ",".join(map(str, weight.shape))
    return f"{weight.name} [{shape}]{weight.dtype}{str(weight.trainable).lower()}"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def texts(model):
    """The text of each layer and operation, and of the model without them."""
    config = json.loads(model.to_json())["config"]
    layers = {layer.name: layer for layer in model.layers}
    found = []
    for entry in config.pop("layers"):
        weights = layers[entry["name"]].weights if entry["name"] in layers else []
        found.append(canonical(essential(entry)) + "".join(map(described, weights)))
    return found, canonical(config)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--dump")
    options = parser.parse_args()
    for _, cls in inspect.getmembers(random_initializers, inspect.isclass):
        if issubclass(cls, random_initializers.RandomInitializer):
            cls.__call__ = zeros
    with open(options.out, "w") as out:
        for name, arguments in cases():
            if options.names and name not in options.names:
                continue
            keras.backend.clear_session()
            tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
            model = getattr(keras.applications, name)(weights=None, **tuples)
            found, rest = texts(model)
            given = json.dumps(arguments, separators=(",", ":"))
            counts = [len(model.layers), len(model.weights), model.count_params()]
            whole = sha(rest + "".join(found))[:32]
            print(name, given, *counts, whole, "".join(sha(t)[:2] for t in found), sep="\t", file=out)
            if options.dump:
                with open(os.path.join(options.dump, f"{name}_{sha(given)[:6]}.txt"), "w") as dump:
                    dump.writelines(t + "\n" for t in found + [rest])


if __name__ == "__main__":
    main()
