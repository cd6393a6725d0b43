package org.keras4j.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * A metric of counts at thresholds.
 *
 * @param <S> the metric itself
 */
abstract class CountMetric<S extends CountMetric<S>> extends BaseMetric<S> {
    private @Nullable List<Double> given;
    private boolean single;

    CountMetric() {
        super(null);
    }

    /** Sets the numbers from 0 to 1 above which a prediction means yes; the result has a value for each. */
    public S thresholds(double... thresholds) {
        given = Arrays.stream(thresholds).boxed().toList();
        single = false;
        return self();
    }

    /** Sets the number from 0 to 1 above which a prediction means yes. */
    public S threshold(double threshold) {
        thresholds(threshold);
        single = true;
        return self();
    }

    final Thresholds orElse(double otherwise) {
        return Thresholds.of(className(), given, otherwise);
    }

    final Variable addCounts(String name, Thresholds thresholds) {
        return addVariable(name, Shape.of(thresholds.size()));
    }

    /** Returns the only value as a scalar, several as they are. */
    static Tensor only(Tensor values) {
        return values.shape().dim(0) == 1 ? K.reshape(values, Shape.SCALAR) : values;
    }

    final S thresholds(ConfigReader config) {
        Object value = config.get("thresholds");
        if (value == null) return self();
        if (value instanceof Number n) return threshold(n.doubleValue());
        return thresholds(config.list("thresholds").stream()
                .mapToDouble(o -> ((Number) o).doubleValue())
                .toArray());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("thresholds", single ? (Object) Objects.requireNonNull(given).getFirst() : given);
        return config;
    }
}
