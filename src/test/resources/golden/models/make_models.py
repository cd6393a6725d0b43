"""Makes the small models in this folder with Keras 3.15: KERAS_BACKEND=torch python make_models.py"""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)


def jiggle(model):
    """Gives every weight values of its own, so that none may be mixed up with another."""
    for v in model.weights:
        v.assign(rng.uniform(0.1, 0.9, v.shape) * (1 if "variance" in v.path else rng.choice([-1, 1])))


def save(name, model, *inputs, h5=True):
    model.save(f"{name}.keras")
    if h5:
        model.save(f"{name}.h5")
    for i, x in enumerate(inputs):
        np.save(f"{name}.input_{i}.npy", x)
    y = model.predict(list(inputs) if len(inputs) > 1 else inputs[0], verbose=0)
    for i, out in enumerate(y if isinstance(y, list) else [y]):
        np.save(f"{name}.output_{i}.npy", out)


def trained():
    model = keras.Sequential(
        [
            layers.Input((6, 6, 2)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ],
        name="trained",
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = rng.normal(size=(8, 6, 6, 2)).astype("float32")
    model.fit(x, rng.integers(0, 3, 8), epochs=2, batch_size=4, verbose=0)
    save("trained", model, x[:2])
    model.save_weights("trained.weights.h5")
    model.save_weights("trained_sharded.weights.json", max_shard_size=0.0000005)


def nested():
    a = layers.Input((4,), name="a")
    b = layers.Input((4,), name="b")
    inner_in = layers.Input((4,))
    inner = keras.Model(inner_in, layers.LayerNormalization()(layers.Dense(4)(inner_in)), name="inner")
    shared = layers.Dense(4, activation="tanh", name="shared")
    y = layers.Concatenate()([inner(shared(a)), inner(shared(b))])
    z = shared(a) * 2.0 + inner(b)
    save("nested", keras.Model([a, b], [layers.Dense(2)(y), z], name="nested"), *rng.normal(size=(2, 3, 4)).astype("float32"))


def recurrent():
    ids = layers.Input((5,), dtype="int32")
    x = layers.Embedding(7, 3, mask_zero=True)(ids)
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    model = keras.Model(ids, layers.Dense(2)(layers.GRU(3)(x)), name="recurrent")
    jiggle(model)
    save("recurrent", model, np.array([[1, 2, 3, 0, 0], [6, 5, 4, 3, 2]], "int32"))


def bfloat16():
    model = keras.Sequential([layers.Input((3,)), layers.Dense(4, dtype="bfloat16"), layers.Dense(2)], name="bfloat")
    jiggle(model)
    save("bfloat16", model, rng.normal(size=(2, 3)).astype("float32"), h5=False)


trained()
nested()
recurrent()
bfloat16()
