package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;
import org.keras4j.DType;
import org.keras4j.backend.View;

/** Copies between the host's floats and a device's 16-bit elements, a piece of some elements at a time. */
enum HalfTransfers {
    FLOAT16 {
        @Override
        void narrow(float[] from, int at, short[] to, int first, int count) {
            for (int i = 0; i < count; i++) to[first + i] = Float.floatToFloat16(from[at + i]);
        }

        @Override
        void widen(short[] from, int count, float[] to, int at) {
            for (int i = 0; i < count; i++) to[at + i] = Float.float16ToFloat(from[i]);
        }
    },
    BFLOAT16 {
        @Override
        void narrow(float[] from, int at, short[] to, int first, int count) {
            for (int i = 0; i < count; i++)
                to[first + i] = (short) (Float.floatToRawIntBits(DType.bfloat16(from[at + i])) >>> 16);
        }

        @Override
        void widen(short[] from, int count, float[] to, int at) {
            for (int i = 0; i < count; i++) to[at + i] = Float.intBitsToFloat(from[i] << 16);
        }
    };

    private static final int PIECE = 1 << 18;

    /** Returns the copies of a type of 16 bits. */
    static HalfTransfers of(DType dtype) {
        return dtype == DType.FLOAT16 ? FLOAT16 : BFLOAT16;
    }

    abstract void narrow(float[] from, int at, short[] to, int first, int count);

    abstract void widen(short[] from, int count, float[] to, int at);

    void upload(Device device, float[] from, View to) {
        var piece = new short[Math.min(PIECE, to.size())];
        for (long at = 0; at < to.size(); at += piece.length) {
            int count = (int) Math.min(piece.length, to.size() - at);
            narrow(from, (int) at, piece, 0, count);
            write(device, piece, count, to, at);
        }
    }

    /** Copies {@code count} of {@code rows}, each of {@code row} elements, one behind the other. */
    void uploadRows(Device device, float[] from, int row, int[] rows, int count, View to) {
        int most = Math.max(1, Math.min(count, PIECE / row)); // rows of a piece
        var piece = new short[most * row];
        for (int i = 0; i < count; i += most) {
            int some = Math.min(most, count - i);
            for (int k = 0; k < some; k++) narrow(from, rows[i + k] * row, piece, k * row, row);
            write(device, piece, some * row, to, (long) i * row);
        }
    }

    private static void write(Device device, short[] piece, int count, View to, long at) {
        MemorySegment content = MemorySegment.ofArray(piece).asSlice(0, (long) count * Short.BYTES);
        device.write(content, DeviceBackend.buffer(to), DeviceBackend.firstByte(to) + at * Short.BYTES);
    }

    void download(Device device, View from, float[] to) {
        var piece = new short[Math.min(PIECE, from.size())];
        for (long at = 0; at < from.size(); at += piece.length) {
            int count = (int) Math.min(piece.length, from.size() - at);
            MemorySegment content = MemorySegment.ofArray(piece).asSlice(0, (long) count * Short.BYTES);
            device.read(DeviceBackend.buffer(from), DeviceBackend.firstByte(from) + at * Short.BYTES, content);
            widen(piece, count, to, (int) at);
        }
    }
}
