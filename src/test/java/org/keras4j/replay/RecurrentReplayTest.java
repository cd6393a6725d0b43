package org.keras4j.replay;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.backend.Backends;

/** The recurrent layers against real Keras: outputs, masks, states and gradients. */
class RecurrentReplayTest {
    private static final Set<String> CLASSES = Set.of("SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell",
            "RNN", "StackedRNNCells", "Bidirectional", "TimeDistributed");

    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        return LayerReplay.tests(CLASSES);
    }
}
