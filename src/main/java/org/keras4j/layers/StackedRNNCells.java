package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/** Several cells as one: each takes the output of the one before. Its states are a list for each cell. */
public final class StackedRNNCells extends RNNCell<StackedRNNCells> {
    private final List<RNNCell<?>> cells;

    public StackedRNNCells(List<? extends RNNCell<?>> cells) {
        if (cells.isEmpty())
            throw new IllegalArgumentException("StackedRNNCells: expected at least one cell, got none");
        this.cells = List.copyOf(cells);
        track("cells", this.cells);
    }

    public StackedRNNCells(RNNCell<?>... cells) {
        this(List.of(cells));
    }

    static StackedRNNCells fromConfig(ConfigReader config) {
        List<RNNCell<?>> cells = new ArrayList<>();
        for (Object cell : config.list("cells")) cells.add(config.deserialize("cells", cell, RNNCell.class));
        return configure(new StackedRNNCells(cells), config);
    }

    public List<RNNCell<?>> cells() {
        return cells;
    }

    @Override
    public List<?> stateSize() {
        List<List<?>> sizes = new ArrayList<>();
        for (RNNCell<?> cell : cells) sizes.add(cell.stateSize());
        return sizes;
    }

    @Override
    public int outputSize() {
        return cells.getLast().outputSize();
    }

    @Override
    public List<?> getInitialState(int batchSize) {
        List<List<?>> states = new ArrayList<>();
        for (RNNCell<?> cell : cells) states.add(cell.getInitialState(batchSize));
        return states;
    }

    @Override
    protected void build(Shape input) {
        Shape shape = input;
        for (RNNCell<?> cell : cells) {
            cell.buildFrom(shape);
            shape = Shape.of(input.dim(0), cell.outputSize());
        }
    }

    @Override
    protected Tensor project(Tensor x, boolean training) {
        return cells.getFirst().project(x, training);
    }

    @Override
    protected Step advance(Tensor projected, List<?> states, boolean training) {
        List<List<?>> next = new ArrayList<>();
        Tensor x = projected;
        for (int i = 0; i < cells.size(); i++) {
            RNNCell<?> cell = cells.get(i);
            List<?> given = states.get(i) instanceof List<?> list ? list : List.of(states.get(i));
            Step step = cell.advance(i == 0 ? x : cell.project(x, training), given, training);
            x = step.output();
            next.add(step.states());
        }
        return new Step(x, next);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("cells", cells);
        return config;
    }
}
