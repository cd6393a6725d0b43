package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.Pointer;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/**
 * Convolutions and their gradients by cuDNN. Our kernels are kept as (space, channel, filter) and are transposed to
 * cuDNN's (filter, space, channel) in scratch memory, where also lie what has to be padded first and what is not
 * aligned as cuDNN wants it. A window of one element is a matrix product, which needs nothing of that.
 */
final class Convolutions {
    private static final int ROUND = 128; // elements between which parts of the scratch memory begin

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final Products products;
    private final Pointer[] ones = {Cudnn.number(false, 1), Cudnn.number(true, 1)};
    private final Pointer[] zeros = {Cudnn.number(false, 0), Cudnn.number(true, 0)};

    Convolutions(CudaBackend backend, Cudnn cudnn, Products products) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.products = products;
    }

    /**
     * Prepares the correlation; empty if cuDNN does not do it. Of narrow types in floats, the result is not yet
     * rounded.
     */
    Optional<Kernel> forward(Op.Conv op, View x, View kernel, View out) {
        if (isProduct(op.window(), kernel.shape()))
            return products.prepare(new Op.Dot(false, false), rows(x), matrix(kernel), rows(out), null, false);
        return prepare(ConvDirection.FORWARD, op.window(), x, kernel, out, null);
    }

    /** What follows a convolution of floats: {@code relu(y + bias)}, or the bias alone. */
    private record Ending(View bias, boolean relu) {}

    /** Prepares {@code conv(x, kernel) + bias}, with a ReLU where wanted; empty if cuDNN does not do it. */
    Optional<Kernel> epilogue(Op.Conv op, View x, View kernel, View bias, boolean relu, View out) {
        if (isProduct(op.window(), kernel.shape()))
            return products.prepare(new Op.Dot(false, false), rows(x), matrix(kernel), rows(out), bias, relu);
        return prepare(ConvDirection.FORWARD, op.window(), x, kernel, out, new Ending(bias, relu));
    }

    Optional<Kernel> inputGradient(Op.ConvInputGradient op, View dy, View kernel, View dx) {
        if (isProduct(op.window(), kernel.shape()))
            return products.prepare(new Op.Dot(false, true), rows(dy), matrix(kernel), rows(dx), null, false);
        return prepare(ConvDirection.INPUT_GRADIENT, op.window(), dx, kernel, dy, null);
    }

    Optional<Kernel> kernelGradient(Op.ConvKernelGradient op, View x, View dy, View dw) {
        if (isProduct(op.window(), dw.shape()))
            return products.prepare(new Op.Dot(true, false), rows(x), rows(dy), matrix(dw), null, false);
        return prepare(ConvDirection.KERNEL_GRADIENT, op.window(), x, dw, dy, null);
    }

    /** Says whether each element of the result is made of one place of x alone. */
    private static boolean isProduct(Window window, Shape kernel) {
        for (int i = 0; i < window.rank(); i++)
            if (kernel.dim(i) != 1
                    || window.strides().get(i) != 1
                    || window.low().get(i) + window.high().get(i) > 0) return false;
        return window.groups() == 1;
    }

    private static View rows(View tensor) {
        int last = tensor.shape().last();
        return last == 0 ? tensor : tensor.reshape(Shape.of(tensor.size() / last, last));
    }

    private static View matrix(View kernel) {
        int rank = kernel.shape().rank();
        return kernel.reshape(
                Shape.of(kernel.shape().dim(rank - 2), kernel.shape().dim(rank - 1)));
    }

    private Optional<Kernel> prepare(
            ConvDirection direction, Window window, View x, View kernel, View y, @Nullable Ending ending) {
        if (!x.dtype().isFloating() || x.size() == 0 || kernel.size() == 0 || y.size() == 0) return Optional.empty();
        try {
            ConvShape shape = ConvShape.of(window, x.shape(), kernel.shape(), y.shape());
            return Optional.of(bind(direction, shape, window, x, kernel, y, ending));
        } catch (RefusedException e) {
            System.getLogger(Convolutions.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            return Optional.empty();
        }
    }

    /** The steps of one convolution: what comes before cuDNN's call, the call, what comes after it. */
    private Kernel bind(
            ConvDirection direction,
            ConvShape shape,
            Window window,
            View x,
            View kernel,
            View y,
            @Nullable Ending ending) {
        var call = new Convolution(cudnn, direction, shape, x);
        boolean stageX = shape.padded() || !Cudnn.isAligned(x);
        boolean stageY = !Cudnn.isAligned(y);
        Storage storage = x.memory().storage();
        long kernelAt = stageX ? rounded(shape.xElements()) : 0;
        long yAt = kernelAt + rounded(kernel.size());
        long workspaceAt = yAt + (stageY ? rounded(y.size()) : 0);
        long total = workspaceAt + rounded((call.workspaceBytes() + storage.bytes() - 1) / storage.bytes());
        Memory scratch = backend.room(storage, total);
        DType dtype = x.dtype();
        View xs = stageX ? new View(scratch, 0, staged(shape, window, x.shape()), dtype) : x;
        View ws = new View(scratch, kernelAt, Shape.of(shape.filters(), shape.kernelRows()), dtype);
        View ys = stageY ? new View(scratch, yAt, y.shape(), dtype) : y;
        View flat = kernel.reshape(Shape.of(shape.kernelRows(), shape.filters()));
        int wide = storage == Storage.DOUBLE ? 1 : 0;
        var operands = new ConvDirection.Operands(
                pointer(xs),
                pointer(ws),
                pointer(ys),
                DevicePointer.at(Products.address(new View(scratch, workspaceAt, Shape.SCALAR, dtype))),
                ones[wide],
                zeros[wide]);
        var swap = new Op.Transpose(Ints.of(1, 0));
        List<Kernel> steps = new ArrayList<>();
        if (direction != ConvDirection.INPUT_GRADIENT && stageX) steps.add(stage(shape, window, x, xs));
        if (direction != ConvDirection.FORWARD && stageY) steps.add(backend.copy(y, ys));
        if (direction != ConvDirection.KERNEL_GRADIENT) steps.add(backend.transpose(swap, flat, ws));
        steps.add(ending == null ? call.bind(operands) : end(call, shape, operands, ending, ys));
        switch (direction) {
            case FORWARD -> {
                if (stageY) steps.add(backend.copy(ys, y));
            }
            case INPUT_GRADIENT -> {
                if (stageX) steps.add(unstage(shape, window, xs, x));
            }
            case KERNEL_GRADIENT -> steps.add(backend.transpose(swap, ws, flat));
        }
        return backend.inOneGo(steps.toArray(Kernel[]::new));
    }

    /** Returns the call with its ending; a bias that is not aligned is added by itself. */
    private Kernel end(Convolution call, ConvShape shape, ConvDirection.Operands operands, Ending ending, View ys) {
        Kernel apart = backend.ending(ys, ending.bias(), ending.relu() ? Activation.RELU : Activation.LINEAR);
        if (Cudnn.isAligned(ending.bias()))
            return call.bind(operands, new ConvEpilogue(shape, ending.bias(), ending.relu()), apart);
        Kernel plain = call.bind(operands);
        return () -> {
            plain.run();
            apart.run();
        };
    }

    private static long rounded(long elements) {
        return (elements + ROUND - 1) / ROUND * ROUND;
    }

    private static Pointer pointer(View view) {
        return DevicePointer.at(Products.address(view));
    }

    /** Returns the shape of x in scratch memory. */
    private static Shape staged(ConvShape shape, Window window, Shape x) {
        if (!shape.padded()) return x;
        int[] sizes = new int[x.rank()];
        for (int i = 0; i < sizes.length; i++) {
            int axis = i - 1;
            boolean space = axis >= 0 && axis < window.rank();
            sizes[i] =
                    x.dim(i) + (space ? window.low().get(axis) + window.high().get(axis) : 0);
        }
        return Shape.of(sizes);
    }

    private Kernel stage(ConvShape shape, Window window, View x, View xs) {
        if (!shape.padded()) return backend.copy(x, xs);
        int rank = x.shape().rank();
        return backend.pad(
                new Op.Pad(spread(window.low(), rank), spread(window.high(), rank), Ints.repeat(0, rank)), x, xs);
    }

    private Kernel unstage(ConvShape shape, Window window, View xs, View x) {
        if (!shape.padded()) return backend.copy(xs, x);
        int rank = x.shape().rank();
        int[] sizes = new int[rank];
        for (int i = 0; i < rank; i++) sizes[i] = x.shape().dim(i);
        return backend.slice(new Op.Slice(spread(window.low(), rank), Ints.of(sizes), Ints.repeat(1, rank)), xs, x);
    }

    /** Returns numbers for all axes of a tensor, zero for batch and channels. */
    private static Ints spread(Ints space, int rank) {
        int[] all = new int[rank];
        for (int i = 0; i < space.size(); i++) all[i + 1] = space.get(i);
        return Ints.of(all);
    }
}
