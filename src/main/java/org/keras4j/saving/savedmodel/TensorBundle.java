package org.keras4j.saving.savedmodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.saving.hdf5.ElementType;
import org.keras4j.saving.hdf5.HostArray;

/** The tensors of a checkpoint: an index, {@code PREFIX.index}, and data, {@code PREFIX.data-00000-of-00001}. */
final class TensorBundle {
    private static final int CHUNK = 1 << 20;
    // the list of objects; a model of a million layers stays below
    private static final long MAX_STRING = 1L << 28;

    private final Path prefix;
    private final String index;
    private final Map<String, ByteBuffer> entries;
    private final int shards;

    private TensorBundle(Path prefix, String index, Map<String, ByteBuffer> entries, int shards) {
        this.prefix = prefix;
        this.index = index;
        this.entries = entries;
        this.shards = shards;
    }

    static TensorBundle open(Path prefix) {
        Path path = prefix.resolveSibling(prefix.getFileName() + ".index");
        String index = path.toString();
        Map<String, ByteBuffer> entries = Table.read(path);
        ByteBuffer header = entries.get("");
        if (header == null) throw new KerasFileException(index, "", "expected a header, the entry without a key");
        var in = new ProtoReader(header, index, "header");
        int shards = 0;
        while (in.next()) {
            if (in.field() == 1) shards = in.index();
            else if (in.field() == 2 && in.number() != 0)
                throw new KerasFileException(
                        index, "header", "says that the highest bytes come first, which is not read here");
        }
        return new TensorBundle(prefix, index, entries, shards);
    }

    /** Returns what errors call the file. */
    String name() {
        return index;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Returns the shape of a tensor, without reading it. */
    int[] shape(String key) {
        return entry(key).shape();
    }

    /** Reads a tensor of numbers. */
    NDArray read(String key) {
        BundleEntry entry = entry(key);
        ElementType type = entry.type();
        if (type == null)
            throw problem(key, "expected numbers or truth values, got TensorFlow's type " + entry.dtype());
        if (entry.isSliced()) throw problem(key, "lies in slices, as a variable over several machines");
        if (entry.size() != (long) entry.count() * type.bytes())
            throw problem(
                    key,
                    "expected " + entry.count() + " elements of " + type.dtype() + ", got " + entry.size() + " bytes");
        Path shard = shard(entry);
        try (FileChannel channel = FileChannel.open(shard)) {
            checkBounds(channel, entry, key, shard);
            Object array = type.allocate(entry.count());
            ByteBuffer chunk =
                    ByteBuffer.allocate((int) Math.min(CHUNK, entry.size())).order(ByteOrder.LITTLE_ENDIAN);
            var crc = new CRC32C();
            for (int at = 0; at < entry.count(); ) {
                int count = Math.min(entry.count() - at, CHUNK / type.bytes());
                fill(channel, chunk.clear().limit(count * type.bytes()), entry.offset() + (long) at * type.bytes());
                crc.update(chunk.duplicate());
                type.read(chunk, array, at, count);
                at += count;
            }
            checkSum(crc, entry, key, shard);
            return HostArray.of(type, entry.shape(), array).toNDArray();
        } catch (IOException e) {
            throw new KerasFileException(shard.toString(), key, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a tensor that is one string: its length, a checksum of that, its bytes. */
    ByteBuffer readString(String key) {
        BundleEntry entry = entry(key);
        if (entry.dtype() != BundleEntry.STRING || entry.shape().length != 0 || entry.size() > MAX_STRING)
            throw problem(key, "expected one string, got type " + entry.dtype() + " of " + entry.size() + " bytes");
        Path shard = shard(entry);
        try (FileChannel channel = FileChannel.open(shard)) {
            checkBounds(channel, entry, key, shard);
            ByteBuffer all = ByteBuffer.allocate((int) entry.size()).order(ByteOrder.LITTLE_ENDIAN);
            fill(channel, all, entry.offset());
            long length = ProtoReader.varint(all, shard.toString(), key);
            if (length != all.remaining() - Integer.BYTES)
                throw new KerasFileException(
                        shard.toString(), key, "expected " + length + " bytes, got " + all.remaining());
            var crc = new CRC32C();
            // the length is summed as four bytes however many it is stored in
            crc.update(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) length)
                    .flip());
            crc.update(all.duplicate());
            checkSum(crc, entry, key, shard);
            return all.position(all.position() + Integer.BYTES).slice();
        } catch (IOException e) {
            throw new KerasFileException(shard.toString(), key, "cannot be read: " + e.getMessage(), e);
        }
    }

    private BundleEntry entry(String key) {
        ByteBuffer bytes = entries.get(key);
        if (bytes == null) throw new KerasFileException(index, "", "expected an entry " + key);
        return BundleEntry.parse(bytes, index, key);
    }

    private Path shard(BundleEntry entry) {
        String name = String.format("%s.data-%05d-of-%05d", prefix.getFileName(), entry.shard(), shards);
        Path shard = prefix.resolveSibling(name);
        if (entry.shard() >= shards || !Files.isRegularFile(shard))
            throw new KerasFileException(index, "", "names data in " + name + ", which is not beside it");
        return shard;
    }

    private static void checkBounds(FileChannel channel, BundleEntry entry, String key, Path shard) throws IOException {
        if (entry.offset() < 0 || entry.size() < 0 || entry.offset() > channel.size() - entry.size())
            throw new KerasFileException(
                    shard.toString(),
                    key,
                    "expected " + entry.size() + " bytes from byte " + entry.offset() + ", the file has "
                            + channel.size());
    }

    private static void fill(FileChannel channel, ByteBuffer into, long from) throws IOException {
        while (into.hasRemaining())
            if (channel.read(into, from + into.position()) < 0) throw new IOException("the file became shorter");
        into.flip();
    }

    private static void checkSum(CRC32C crc, BundleEntry entry, String key, Path shard) {
        if (Checksum.masked(crc) != entry.checksum())
            throw new KerasFileException(shard.toString(), key, "is damaged: its checksum is wrong");
    }

    private KerasFileException problem(String key, String problem) {
        return new KerasFileException(index, key, problem);
    }
}
