package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** What SimpleRNN, LSTM and GRU have in common: the options of their cell, under their own name. */
abstract class GatedRecurrent<L extends GatedRecurrent<L, C>, C extends GatedCell<C>> extends Recurrent<L> {
    private final C gated;

    GatedRecurrent(C cell, String cellName) {
        super(cell.name(cellName));
        gated = cell;
        inputSpec(InputSpec.ofRank(3));
    }

    @Override
    public final C cell() {
        return gated;
    }

    public final int units() {
        return gated.units();
    }

    /** Sets the function of the new state; null is "linear". */
    public L activation(@Nullable Object activation) {
        gated.activation(activation);
        return self();
    }

    public L useBias(boolean useBias) {
        gated.useBias(useBias);
        return self();
    }

    public L kernelInitializer(@Nullable Object initializer) {
        gated.kernelInitializer(initializer);
        return self();
    }

    public L recurrentInitializer(@Nullable Object initializer) {
        gated.recurrentInitializer(initializer);
        return self();
    }

    public L biasInitializer(@Nullable Object initializer) {
        gated.biasInitializer(initializer);
        return self();
    }

    public L kernelRegularizer(@Nullable Object regularizer) {
        gated.kernelRegularizer(regularizer);
        return self();
    }

    public L recurrentRegularizer(@Nullable Object regularizer) {
        gated.recurrentRegularizer(regularizer);
        return self();
    }

    public L biasRegularizer(@Nullable Object regularizer) {
        gated.biasRegularizer(regularizer);
        return self();
    }

    public L kernelConstraint(@Nullable Object constraint) {
        gated.kernelConstraint(constraint);
        return self();
    }

    public L recurrentConstraint(@Nullable Object constraint) {
        gated.recurrentConstraint(constraint);
        return self();
    }

    public L biasConstraint(@Nullable Object constraint) {
        gated.biasConstraint(constraint);
        return self();
    }

    /** Sets the part of the inputs that is dropped in training, the same at all steps. */
    public L dropout(double rate) {
        gated.dropout(rate);
        return self();
    }

    /** Sets the part of the state that is dropped in training, the same at all steps. */
    public L recurrentDropout(double rate) {
        gated.recurrentDropout(rate);
        return self();
    }

    /** Sets the seed of the dropout. */
    public L seed(@Nullable Integer seed) {
        gated.seed(seed);
        return self();
    }

    @Override
    public L dtype(DTypePolicy policy) {
        gated.dtype(policy);
        return super.dtype(policy);
    }

    @Override
    public L dtype(String policy) {
        return dtype(DTypePolicy.of(policy));
    }

    /** Reads all options but those that the cell was made from. */
    static <L extends GatedRecurrent<L, ?>> L read(L layer, ConfigReader config) {
        layer.readLoop(config);
        layer.activityRegularizer(config.get("activity_regularizer"));
        configure(layer, config);
        return layer.dtype(layer.dtypePolicy());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        putLoop(config);
        Map<String, Object> own = new LinkedHashMap<>(gated.ownOptions());
        own.put("activity_regularizer", activityRegularizer());
        gated.putOptions(config, own);
        return config;
    }
}
