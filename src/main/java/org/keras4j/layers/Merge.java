package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.utils.Tree;

/** Makes one tensor of several, elementwise; inputs broadcast, and smaller ranks get axes after the batch axis. */
abstract class Merge<L extends Merge<L>> extends BaseLayer<L> {
    Merge() {
        supportsMasking(true);
    }

    /** Returns the result of inputs of one rank. */
    abstract Tensor merge(List<Tensor> inputs);

    @Override
    protected Call arrange(List<?> inputs) {
        return Call.of(inputs);
    }

    /** Returns the shapes in the first argument's place. */
    final List<Shape> shapes(Object inputs) {
        if (!(inputs instanceof List<?> list) || list.isEmpty()) throw refuse("expected a list of inputs", inputs);
        List<Shape> shapes = new ArrayList<>();
        for (Object o : list) {
            if (!(o instanceof Shape shape)) throw refuse("expected a list of inputs", inputs);
            shapes.add(shape);
        }
        return shapes;
    }

    @Override
    protected void buildAll(Object inputs) {
        mergedShape(shapes(inputs));
    }

    /** Returns the shape of the result, some of whose sizes may be unknown. */
    Shape mergedShape(List<Shape> inputs) {
        int batch = Shape.UNKNOWN;
        for (Shape s : inputs) {
            if (s.rank() == 0 || s.dim(0) == Shape.UNKNOWN) continue;
            if (batch != Shape.UNKNOWN && batch != s.dim(0))
                throw refuse("expected inputs with one batch size", inputs);
            batch = s.dim(0);
        }
        Shape merged = inputs.getFirst().from(1);
        for (Shape s : inputs.subList(1, inputs.size())) merged = broadcast(merged, s.from(1), inputs);
        return Shape.of(batch).concat(merged);
    }

    private Shape broadcast(Shape a, Shape b, List<Shape> inputs) {
        if (a.rank() < b.rank()) return broadcast(b, a, inputs);
        int[] dims = a.dims();
        int offset = a.rank() - b.rank();
        for (int i = 0; i < b.rank(); i++) {
            int x = dims[offset + i];
            int y = b.dim(i);
            if (x == Shape.UNKNOWN || y == Shape.UNKNOWN) dims[offset + i] = Shape.UNKNOWN;
            else if (x == 1) dims[offset + i] = y;
            else if (y != 1 && x != y) throw refuse("expected inputs whose shapes broadcast", inputs);
        }
        return Shape.of(dims);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        List<Shape> shapes = new ArrayList<>();
        for (KerasTensor t : Tree.flatten(call.first(), KerasTensor.class)) shapes.add(t.shape());
        return new KerasTensor(mergedShape(shapes), specDtype(call), "keras_tensor");
    }

    /** Returns the dtype of the result of symbolic inputs. */
    DType specDtype(Call call) {
        return dtypePolicy().compute();
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        List<Tensor> tensors = tensors(inputs);
        int rank = 0;
        for (Tensor t : tensors) rank = Math.max(rank, t.rank());
        List<Tensor> same = new ArrayList<>();
        for (Tensor t : tensors) {
            Tensor x = t;
            while (x.rank() < rank) x = K.expandDims(x, 1);
            same.add(x == t ? t : x.mask(t.mask()));
        }
        return merge(same);
    }

    final List<Tensor> tensors(Object inputs) {
        if (!(inputs instanceof List<?>)) throw refuse("expected a list of inputs", inputs);
        return Tree.flatten(inputs, Tensor.class);
    }

    /** Returns where any input is to be seen, if all inputs have masks. */
    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        if (!(mask instanceof List<?> masks) || masks.isEmpty() || masks.contains(null)) return null;
        Tensor any = (Tensor) masks.getFirst();
        for (Object m : masks.subList(1, masks.size())) any = K.logicalOr(any, (Tensor) m);
        return any;
    }

    /** Returns the mask of {@code x} for each element, or null. */
    static @Nullable Tensor elementMask(Tensor x) {
        Tensor mask = x.mask();
        return mask == null ? null : K.broadcastTo(K.expandDims(mask, -1), x.shape());
    }

    /** Combines the inputs pair by pair, where an element that is masked on one side takes the other side's value. */
    static Tensor mergeSeen(List<Tensor> inputs, BinaryOperator<Tensor> function) {
        Tensor out = inputs.getFirst();
        Tensor outMask = elementMask(out);
        for (Tensor x : inputs.subList(1, inputs.size())) {
            Tensor mask = elementMask(x);
            Tensor y = mask == null ? x : K.where(mask, x, out);
            Tensor seen = outMask == null ? out : K.where(outMask, out, y);
            outMask = mask == null || outMask == null ? null : K.logicalOr(outMask, mask);
            out = function.apply(seen, y);
        }
        return outMask == null || inputs.size() == 1 ? out : out.mask(K.any(outMask, -1, false));
    }
}
