"""Makes mixed_float16.keras with Keras 3.15 and prints the losses that follow: KERAS_BACKEND=torch python make_mixed.py"""

import keras
import numpy as np

keras.config.set_dtype_policy("mixed_float16")
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
x = np.sin(np.arange(24)).reshape(8, 3).astype("float32")
y = np.cos(np.arange(8)).reshape(8, 1).astype("float32")
model.fit(x, y, batch_size=8, epochs=3, verbose=0)
model.save("mixed_float16.keras")
print(model.fit(x, y, batch_size=8, epochs=4, verbose=0, shuffle=False).history["loss"])
