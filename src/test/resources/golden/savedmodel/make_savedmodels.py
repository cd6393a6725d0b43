"""Writes savedmodel.zip: python make_savedmodels.py FOLDER."""

import json
import os
import shutil
import sys
import zipfile

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np
import tensorflow as tf
import tensorflow.python.keras as keras2

keras2.__version__ = "2.6.0"  # the copy has no version, and what writes the metadata asks for one

from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.keras import layers as L
from tensorflow.python.keras.engine import sequential, training
from tensorflow.python.keras.protobuf import saved_metadata_pb2
from tensorflow.python.trackable.autotrackable import AutoTrackable

rng = np.random.default_rng(7)
out = sys.argv[1]


def make_sequential():
    model = sequential.Sequential(
        [
            L.Embedding(6, 3, input_length=4, name="words"),
            L.SimpleRNN(3, name="rnn"),
            L.Dense(4, activation="relu", name="hidden"),
            L.Dense(2, name="out"),
        ],
        name="reader",
    )
    return model, [rng.integers(0, 6, (3, 4)).astype("int32")]


def make_functional():
    image = L.Input((6, 5, 2), name="image")
    numbers = L.Input((3,), name="numbers")
    # made in another order than they are called, with weights of the same shapes
    late = L.Dense(3, name="late", activation="tanh")
    early = L.Dense(3, name="early", activation="sigmoid")
    inner_in = L.Input((3,))
    inner_out = L.Dense(3, name="inner_b")(L.Dense(3, name="inner_a", activation="elu")(inner_in))
    inner = training.Model(inner_in, inner_out, name="inner")
    x = L.Conv2D(3, 2, name="conv", activation="relu")(image)
    x = L.DepthwiseConv2D(2, name="depthwise")(x)
    x = L.SeparableConv2D(3, 2, name="separable")(x)
    x = L.PReLU(name="prelu")(x)
    x = L.GlobalAveragePooling2D(name="pool")(x)
    y = late(early(numbers))
    z = early(y)
    s = L.Add(name="sum")([x, inner(z)])
    r = L.Reshape((3, 2), name="steps")(L.Concatenate(name="both")([s, y]))
    r = L.RNN(L.StackedRNNCells([L.SimpleRNNCell(2), L.SimpleRNNCell(3)]), name="stacked")(r)
    first = L.Dense(1, name="first", activation="sigmoid")(r)
    model = training.Model([image, numbers], [first, L.Dense(2, name="second")(s)], name="branches")
    return model, [rng.normal(size=(2, 6, 5, 2)).astype("float32"), rng.normal(size=(2, 3)).astype("float32")]


def strip(folder, old=False):
    """Leaves out the graphs of operations; with old, puts the metadata where it was before TensorFlow 2.5."""
    path = f"{folder}/saved_model.pb"
    with open(path, "rb") as file:
        saved = saved_model_pb2.SavedModel.FromString(file.read())
    objects = saved.meta_graphs[0].object_graph_def
    if old:
        with open(f"{folder}/keras_metadata.pb", "rb") as file:
            metadata = saved_metadata_pb2.SavedMetadata.FromString(file.read())
        for node in metadata.nodes:
            objects.nodes[node.node_id].user_object.metadata = node.metadata
        os.remove(f"{folder}/keras_metadata.pb")
    for node in objects.nodes:
        if node.HasField("function"):
            node.function.Clear()
    left = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    if not os.path.exists(f"{folder}/keras_metadata.pb"):
        left.meta_graphs.add().object_graph_def.nodes.extend(objects.nodes)
    with open(path, "wb") as file:
        file.write(left.SerializeToString())
    os.remove(f"{folder}/fingerprint.pb")


def dump(name, model, inputs):
    outputs = model(inputs if len(inputs) > 1 else inputs[0])
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]

    def plain(array):
        return {"shape": list(array.shape), "dtype": str(array.dtype), "values": [float(v) for v in array.ravel()]}

    row = {"inputs": [plain(a) for a in inputs], "outputs": [plain(np.asarray(a)) for a in outputs]}
    with open(f"{out}/{name}.json", "w") as file:
        json.dump(row, file)


def node(**attributes):
    made = AutoTrackable()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


variables = 0


def variable(*shape, dtype="float32"):
    """Fills each variable with its number."""
    global variables
    variables += 1
    return tf.Variable(np.full(shape, variables, dtype))


def dense(*kernel, bias):
    return node(kernel=variable(*kernel), bias=variable(*bias))


def cell(inputs, units, gates, *bias):
    kernel = variable(inputs, gates * units)
    recurrent = variable(units, gates * units)
    return node(kernel=kernel, recurrent_kernel=recurrent, bias=variable(*(bias or (gates * units,))))


def make_names():
    """The attributes by which tf.keras 2 reaches the variables of layers that TensorFlow's copy of it lacks."""
    layers = [
        node(adapt_mean=variable(3), adapt_variance=variable(3), count=variable(dtype="int64")),
        node(forward_layer=node(cell=cell(3, 2, 4)), backward_layer=node(cell=cell(3, 2, 4))),
        node(cell=cell(4, 2, 3, 2, 6)),
        node(layer=dense(2, 4, bias=(4,))),
        node(gamma=variable(4), beta=variable(4), moving_mean=variable(4), moving_variance=variable(4)),
        node(gamma=variable(4), beta=variable(4)),
        node(
            _query_dense=dense(4, 2, 3, bias=(2, 3)),
            _key_dense=dense(4, 2, 3, bias=(2, 3)),
            _value_dense=dense(4, 2, 3, bias=(2, 3)),
            _output_dense=dense(2, 3, 4, bias=(4,)),
        ),
    ]
    root = node(**{f"layer_with_weights-{i}": layer for i, layer in enumerate(layers)})
    tf.train.Checkpoint(model=root).write(f"{out}/names/ckpt")


class Mine(training.Model):
    def __init__(self):
        super().__init__()
        self.dense = L.Dense(2)

    def call(self, x):
        return self.dense(x)


class Odd(L.Layer):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def call(self, x):
        return x * self.factor


class Plain(tf.Module):
    def __init__(self):
        self.factor = tf.Variable(1.0)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
    def scale(self, x):
        return x * self.factor


shutil.rmtree(out, ignore_errors=True)
os.makedirs(f"{out}/names")
for name, make in (("sequential", make_sequential), ("functional", make_functional)):
    model, inputs = make()
    model(inputs if len(inputs) > 1 else inputs[0])
    model.set_weights([rng.uniform(-0.7, 0.7, w.shape).astype(w.dtype) for w in model.get_weights()])
    model.compile("sgd", "mse", metrics=["mae"])
    model.save(f"{out}/{name}", save_format="tf")
    strip(f"{out}/{name}", old=name == "sequential")
    dump(name, model, inputs)
    if name == "functional":
        model.save_weights(f"{out}/checkpoint/weights")
        with open(f"{out}/checkpoint.json", "w") as file:
            file.write(model.to_json())
make_names()
mine = Mine()
mine(np.ones((1, 2), "float32"))
mine.save(f"{out}/subclassed", save_format="tf")
strip(f"{out}/subclassed")
x = L.Input((2,))
training.Model(x, Odd(3)(L.Dense(2)(x))).save(f"{out}/odd", save_format="tf")
strip(f"{out}/odd")
tf.saved_model.save(Plain(), f"{out}/plain")
strip(f"{out}/plain")
here = os.path.dirname(os.path.abspath(__file__))
with zipfile.ZipFile(f"{here}/savedmodel.zip", "w", zipfile.ZIP_DEFLATED) as packed:
    for folder, _, files in sorted(os.walk(out)):
        for file in sorted(files):
            packed.write(f"{folder}/{file}", os.path.relpath(f"{folder}/{file}", out))
