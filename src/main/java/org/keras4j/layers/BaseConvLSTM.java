package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the ConvLSTM layers have in common: the options of their convolution. */
abstract class BaseConvLSTM<L extends BaseConvLSTM<L>> extends GatedRecurrent<L, ConvLSTMCell> {
    BaseConvLSTM(int rank, ConvLSTMCell cell) {
        super(cell, "conv_lstm_cell");
        inputSpec(InputSpec.ofRank(rank + 3));
    }

    /** Sets the steps between windows on the input, one number for all axes or one each; 1 if not set. */
    public L strides(int... strides) {
        requireUnbuilt();
        cell().strides(strides);
        return self();
    }

    /** Sets "valid" or "same" for the input's convolution; that of the state is always "same". */
    public L padding(String padding) {
        requireUnbuilt();
        cell().padding(padding);
        return self();
    }

    /** Sets "channels_last" or "channels_first"; null for the configured one. */
    public L dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        cell().dataFormat(dataFormat);
        return self();
    }

    /** Sets the steps between the elements of a window, one number for all axes or one each; 1 if not set. */
    public L dilationRate(int... dilationRate) {
        requireUnbuilt();
        cell().dilationRate(dilationRate);
        return self();
    }

    /** Sets the function of the gates; null is "linear". */
    public L recurrentActivation(@Nullable Object activation) {
        requireUnbuilt();
        cell().recurrentActivation(activation);
        return self();
    }

    /** Says whether the forget gate's bias starts with ones. */
    public L unitForgetBias(boolean unitForgetBias) {
        requireUnbuilt();
        cell().unitForgetBias(unitForgetBias);
        return self();
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("seed", cell().seed());
        return config;
    }
}
