package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Returns its input. */
public final class Identity extends ActivationLayer<Identity> {
    public Identity() {
        supportsMasking(true);
    }

    static Identity fromConfig(ConfigReader config) {
        return configure(new Identity(), config);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return inputs;
    }

    @Override
    protected void buildAll(Object inputs) {}
}
