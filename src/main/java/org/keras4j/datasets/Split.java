package org.keras4j.datasets;

import org.keras4j.NDArray;

/** A data set in two parts: what {@code load_data} gives in Keras, {@code (xTrain, yTrain), (xTest, yTest)}. */
public record Split(NDArray xTrain, NDArray yTrain, NDArray xTest, NDArray yTest) {}
