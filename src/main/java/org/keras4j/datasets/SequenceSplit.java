package org.keras4j.datasets;

import org.keras4j.NDArray;

/**
 * A data set of sequences of different lengths, in two parts; {@code Sequences.padSequences} makes an array of each.
 *
 * @param xTrain the sequences to train with
 * @param yTrain their labels
 * @param xTest the sequences to test with
 * @param yTest their labels
 */
public record SequenceSplit(int[][] xTrain, NDArray yTrain, int[][] xTest, NDArray yTest) {}
