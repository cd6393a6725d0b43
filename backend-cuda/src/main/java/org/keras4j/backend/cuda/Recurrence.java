package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnRNNBackwardData_v8;
import static jcuda.jcudnn.JCudnn.cudnnRNNBackwardWeights_v8;
import static jcuda.jcudnn.JCudnn.cudnnRNNForward;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnForwardMode;
import jcuda.jcudnn.cudnnWgradMode;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * All steps of LSTM and GRU by cuDNN, and their gradient. cuDNN wants all weights in one place, each gate's matrix as
 * (units, inputs): {@link RecurrentWeights} puts them into scratch memory before each call, which costs little beside
 * the steps, and takes their gradients from there.
 */
final class Recurrence {
    private static final int ROUND = 256; // bytes between which parts of the scratch memory begin

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final Fusion.Cell cell;
    private final DType dtype;
    private final Storage storage;
    private final RecurrentDescriptors descriptors;
    private final int mode;
    private final long workBytes;
    private final long reserveBytes;

    private Recurrence(CudaBackend backend, Cudnn cudnn, Fusion.Cell cell, boolean training, Spec x, int units) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.cell = cell;
        dtype = x.dtype();
        storage = backend.storage(dtype);
        mode = training ? cudnnForwardMode.CUDNN_FWD_MODE_TRAINING : cudnnForwardMode.CUDNN_FWD_MODE_INFERENCE;
        descriptors = RecurrentDescriptors.of(backend, cudnn, cell, x, units);
        long[] sizes = descriptors.roomBytes(cudnn, mode);
        workBytes = sizes[0];
        reserveBytes = sizes[1];
    }

    /** Says whether cuDNN can do it: not float64, and something of everything. */
    static boolean takes(Fusion fusion, List<Spec> in) {
        if (!(fusion instanceof Fusion.Recurrence) && !(fusion instanceof Fusion.RecurrenceGradient)) return false;
        return fits(in);
    }

    private static boolean fits(List<Spec> in) {
        Spec x = in.getFirst();
        return (x.dtype() == DType.FLOAT32 || x.dtype().isNarrow())
                && x.shape().size() > 0
                && in.get(4).shape().size() > 0;
    }

    /** Returns the numbers that are reserved for the gradient; 0 if cuDNN cannot do it. */
    static int reserve(CudaBackend backend, Cudnn cudnn, Fusion.Cell cell, List<Spec> in) {
        if (!fits(in)) return 0;
        try {
            int units = in.get(4).shape().last();
            long bytes = new Recurrence(backend, cudnn, cell, true, in.getFirst(), units).reserveBytes;
            return Math.toIntExact(rounded(bytes + 1) / Float.BYTES);
        } catch (RefusedException | ArithmeticException e) {
            return 0; // more than 2^31 of them have no place in a tensor
        }
    }

    /**
     * Prepares what {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    static Kernel prepare(CudaBackend backend, Cudnn cudnn, Fusion fusion, List<View> in, List<View> out) {
        var x = new Spec(in.getFirst().dtype(), in.getFirst().shape());
        int units = in.get(4).shape().last();
        if (in.getFirst().memory().storage() != backend.storage(x.dtype()))
            throw new RefusedException("cuDNN takes " + x.dtype() + " as it is stored");
        return switch (fusion) {
            case Fusion.Recurrence(Fusion.Cell cell, int reserve) ->
                new Recurrence(backend, cudnn, cell, reserve > 0, x, units).forward(in, out);
            case Fusion.RecurrenceGradient(Fusion.Cell cell, var _) ->
                new Recurrence(backend, cudnn, cell, true, x, units).backward(in, out);
            default -> throw new RefusedException("cuDNN has no " + fusion);
        };
    }

    /**
     * Scratch memory for the weights, cuDNN's work and, in gradients, a copy of what was reserved.
     *
     * @param memory all of it, as elements of the layer's type
     * @param floats all of it, as float32
     * @param work the byte at which it begins, as do the other parts; the weights begin at 0
     */
    private record Room(Memory memory, Memory floats, DType dtype, long work, long reserve, long parts) {
        Pointer pointer(long at) {
            return DevicePointer.at(Products.address(view(at, 1)));
        }

        View view(long at, long elements) {
            return new View(memory, at / memory.storage().bytes(), Shape.of(Math.toIntExact(elements)), dtype);
        }

        View reserve(long elements) {
            return new View(floats, reserve / Float.BYTES, Shape.of(Math.toIntExact(elements)), DType.FLOAT32);
        }
    }

    private Room room(boolean gradient) {
        long work = rounded(descriptors.weightBytes());
        long reserve = work + rounded(workBytes);
        long parts = reserve + (gradient ? rounded(reserveBytes) : 0);
        long bytes = parts + rounded(descriptors.weights().partElements() * storage.bytes());
        Memory memory = backend.room(storage, bytes / storage.bytes());
        // the same buffer, or one of another run's that is as large: the parts do not overlap in either
        return new Room(memory, backend.room(Storage.FLOAT, bytes / Float.BYTES), dtype, work, reserve, parts);
    }

    private Kernel forward(List<View> in, List<View> out) {
        Pointer x = Cudnn.aligned(in.getFirst());
        Pointer y = Cudnn.aligned(out.getFirst());
        Pointer h = Cudnn.aligned(in.get(4));
        Pointer lastH = Cudnn.aligned(out.get(1));
        Pointer c = memory(in, 5);
        Pointer lastC = memory(out, 2);
        View reserved = out.getLast();
        requireReserved(reserved);
        Room room = room(false);
        Pointer weights = room.pointer(0);
        Pointer work = room.pointer(room.work());
        // in inference there is none, which JCudnn does not know
        Pointer reserve = reserved.size() == 0 ? work : Cudnn.aligned(reserved);
        List<Kernel> steps = new ArrayList<>(pack(room, in));
        steps.add(() -> call(handle -> cudnnRNNForward(
                handle,
                descriptors.rnn(),
                mode,
                null,
                descriptors.x(),
                x,
                descriptors.y(),
                y,
                descriptors.state(),
                h,
                lastH,
                descriptors.state(),
                c,
                lastC,
                descriptors.weightBytes(),
                weights,
                workBytes,
                work,
                reserveBytes,
                reserve)));
        return backend.inOneGo(steps.toArray(Kernel[]::new));
    }

    /** Works on a copy of what was reserved: cuDNN changes it, and there may be another gradient of the same steps. */
    private Kernel backward(List<View> in, List<View> out) {
        int states = cell.states();
        Pointer x = Cudnn.aligned(in.getFirst());
        Pointer h = Cudnn.aligned(in.get(4));
        Pointer c = memory(in, 5);
        Pointer y = Cudnn.aligned(in.get(4 + states));
        View reserved = in.get(5 + states);
        requireReserved(reserved);
        Pointer dy = Cudnn.aligned(in.get(6 + states));
        Pointer dLastH = Cudnn.aligned(in.get(7 + states));
        Pointer dLastC = memory(in, 8 + states);
        Pointer dx = Cudnn.aligned(out.getFirst());
        Pointer dh = Cudnn.aligned(out.get(4));
        Pointer dc = memory(out, 5);
        Room room = room(true);
        Pointer weights = room.pointer(0);
        Pointer work = room.pointer(room.work());
        Pointer reserve = DevicePointer.at(Products.address(room.reserve(1)));
        long kept = (reserveBytes + 3) / 4;
        var used = new View(reserved.memory(), reserved.offset(), Shape.of((int) kept), DType.FLOAT32);
        View gradients = weights(room);
        List<Kernel> steps = new ArrayList<>(pack(room, in));
        steps.add(backend.copy(used, room.reserve(kept)));
        steps.add(() -> call(handle -> cudnnRNNBackwardData_v8(
                handle,
                descriptors.rnn(),
                null,
                descriptors.y(),
                y,
                dy,
                descriptors.x(),
                dx,
                descriptors.state(),
                h,
                dLastH,
                dh,
                descriptors.state(),
                c,
                dLastC,
                dc,
                descriptors.weightBytes(),
                weights,
                workBytes,
                work,
                reserveBytes,
                reserve)));
        steps.add(() -> backend.clear(gradients)); // the weights are no longer needed, and cuDNN adds to what is there
        steps.add(() -> call(handle -> cudnnRNNBackwardWeights_v8(
                handle,
                descriptors.rnn(),
                cudnnWgradMode.CUDNN_WGRAD_MODE_ADD,
                null,
                descriptors.x(),
                x,
                descriptors.state(),
                h,
                descriptors.y(),
                y,
                descriptors.weightBytes(),
                weights,
                workBytes,
                work,
                reserveBytes,
                reserve)));
        steps.addAll(descriptors.weights().unpack(backend, gradients, part(room), out.get(1), out.get(2), out.get(3)));
        return backend.inOneGo(steps.toArray(Kernel[]::new));
    }

    private List<Kernel> pack(Room room, List<View> in) {
        return descriptors.weights().pack(backend, in.get(1), in.get(2), in.get(3), part(room), weights(room));
    }

    private View weights(Room room) {
        return room.view(0, descriptors.weightBytes() / storage.bytes());
    }

    private View part(Room room) {
        return room.view(room.parts(), descriptors.weights().partElements());
    }

    /** Returns where LSTM's memory is among the tensors; GRU has none. */
    private @Nullable Pointer memory(List<View> tensors, int index) {
        return cell == Fusion.Cell.LSTM ? Cudnn.aligned(tensors.get(index)) : null;
    }

    /** Refuses a plan that was made for another device. */
    private void requireReserved(View reserved) {
        if (reserved.size() * 4L < reserveBytes)
            throw new RefusedException("cuDNN reserves " + reserveBytes + " bytes, there are " + reserved.size() * 4L);
    }

    private static long rounded(long bytes) {
        return (bytes + ROUND - 1) / ROUND * ROUND;
    }

    private void call(Cudnn.Call call) {
        int status = cudnn.call(call);
        if (status != 0) throw cudnn.device.refusal("cuDNN refused the steps of " + cell + " with status " + status);
    }
}
