"""Makes strings.keras with Keras 3.15: KERAS_BACKEND=tensorflow python make_strings.py"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(1)
texts = np.array([["The cat sat on the mat"], ["a dog"], ["A dog, and a cat!"]], dtype=object)
colors = np.array([["red"], ["blue"], ["black"]], dtype=object)
codes = np.array([[5], [-7], [1]], dtype="int64")

words = layers.TextVectorization()
words.adapt(texts)
weighted = layers.TextVectorization(output_mode="tf_idf", ngrams=2, max_tokens=8)
weighted.adapt(texts)
known = layers.StringLookup(output_mode="one_hot", num_oov_indices=2)
known.adapt(colors[:2])
text = keras.Input((1,), dtype="string", name="text")
color = keras.Input((1,), dtype="string", name="color")
code = keras.Input((1,), dtype="int64", name="code")
embedded = layers.Embedding(words.vocabulary_size(), 3, mask_zero=True)(words(text))
features = layers.Concatenate()(
    [
        layers.GlobalAveragePooling1D()(embedded),
        known(color),
        layers.HashedCrossing(5, output_mode="one_hot")((color, code)),
        layers.Hashing(4, output_mode="one_hot", salt=3)(code),
    ]
)
model = keras.Model(
    {"text": text, "color": color, "code": code}, [layers.Dense(2)(features), weighted(text)], name="strings"
)
model.save("strings.keras")
given = {"text": tf.constant(texts), "color": tf.constant(colors), "code": codes}
for i, output in enumerate(model.predict(given, verbose=0)):
    np.save(f"strings.output_{i}.npy", output)
