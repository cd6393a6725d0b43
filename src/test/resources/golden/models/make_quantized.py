"""Writes int8.keras, int4.keras and float8.h5, quantized models of Keras, with inputs and predictions: python make_quantized.py"""

import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

for mode in ("int8", "int4"):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((7,), dtype="int32"),
            keras.layers.Embedding(11, 8),
            keras.layers.EinsumDense("abc,cde->abde", output_shape=(7, 2, 4), bias_axes="de"),
            keras.layers.Flatten(),
            keras.layers.Dense(5, "softmax"),
        ]
    )
    model.quantize(mode)
    x = np.random.randint(0, 11, (4, 7)).astype("int32")
    model.save(mode + ".keras")
    np.save(mode + ".input_0.npy", x)
    np.save(mode + ".output_0.npy", model.predict(x, verbose=0))

# the scales are written after the weights that they came to; a model that is made quantized has them first
keras.utils.set_random_seed(2)
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8)])
model.quantize("float8")
x = np.random.normal(size=(3, 6)).astype("float32")
model.save("float8.h5")
np.save("float8.input_0.npy", x)
np.save("float8.output_0.npy", model.predict(x, verbose=0))
