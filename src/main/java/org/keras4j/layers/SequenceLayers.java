package org.keras4j.layers;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Registry;

/** The recurrent layers with their cells, and the attention layers, as config files name them. */
public final class SequenceLayers implements Catalog {
    @Override
    public void register(Registry registry) {
        String module = "keras.layers";
        registry.add(module, "SimpleRNNCell", SimpleRNNCell::fromConfig);
        registry.add(module, "SimpleRNN", SimpleRNN::fromConfig);
        registry.add(module, "LSTMCell", LSTMCell::fromConfig);
        registry.add(module, "LSTM", LSTM::fromConfig);
        registry.add(module, "GRUCell", GRUCell::fromConfig);
        registry.add(module, "GRU", GRU::fromConfig);
        registry.add(module, "StackedRNNCells", StackedRNNCells::fromConfig);
        registry.add(module, "RNN", RNN::fromConfig);
        registry.add(module, "ConvLSTM1D", ConvLSTM1D::fromConfig);
        registry.add(module, "ConvLSTM2D", ConvLSTM2D::fromConfig);
        registry.add(module, "ConvLSTM3D", ConvLSTM3D::fromConfig);
        registry.add(module, "Bidirectional", Bidirectional::fromConfig);
        registry.add(module, "TimeDistributed", TimeDistributed::fromConfig);
        registry.add(module, "Attention", Attention::fromConfig);
        registry.add(module, "AdditiveAttention", AdditiveAttention::fromConfig);
        registry.add(module, "MultiHeadAttention", MultiHeadAttention::fromConfig);
        // Keras exports the class under a name that is not the class's own.
        registry.add(module, "GroupQueryAttention", GroupedQueryAttention::fromConfig);
        registry.add(module, "GroupedQueryAttention", GroupedQueryAttention::fromConfig);
    }
}
