package org.keras4j.saving.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a zip file with stored members as Python's {@code zipfile} does, zip64 where a size or offset asks for it.
 *
 * <p>Members stream; length and checksum are filled in behind them, so the channel must be able to go back.
 */
public final class ZipWriter {
    /** The date that Python gives members written from a string. */
    public static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int VERSION = 20;
    private static final int VERSION_64 = 45;
    private static final int UTF8_NAMES = 0x800;
    private static final int ZIP64_EXTRA = 1;
    private static final long MAX_32 = 0xFFFF_FFFFL;
    private static final int MAX_16 = 0xFFFF;
    // rw------- in the high half, as Python writes it
    private static final int UNIX_MODE = 0600 << 16;
    private static final int MADE_ON_UNIX = 3 << 8;

    private final FileChannel channel;
    private final List<Member> members = new ArrayList<>();

    /** Starts a zip file at the channel's start. */
    public ZipWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** What fills a member. */
    @FunctionalInterface
    public interface Content {
        /** Writes the member. */
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    private record Member(byte[] name, LocalDateTime date, long offset, long size, int crc, boolean wide) {}

    /** Adds a member with these bytes. */
    public void add(String name, LocalDateTime date, byte[] content) throws IOException {
        add(name, date, content.length, to -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) to.write(bytes);
        });
    }

    /**
     * Adds a member of about {@code expectedSize} bytes, which decides between the plain and the wide header.
     *
     * @throws IOException if the content is larger than a plain header holds although it was announced small
     */
    public void add(String name, LocalDateTime date, long expectedSize, Content content) throws IOException {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_16) throw new IOException("member name of " + utf8.length + " bytes");
        boolean wide = expectedSize >= MAX_32;
        long offset = channel.position();
        writeFully(local(new Member(utf8, date, offset, 0, 0, wide)), channel);
        var counted = new CountedChannel(channel);
        content.writeTo(counted);
        if (!wide && counted.count >= MAX_32) throw new IOException("member " + name + " grew past 4 GiB");
        var member = new Member(utf8, date, offset, counted.count, (int) counted.crc.getValue(), wide);
        long end = channel.position();
        channel.position(offset);
        writeFully(local(member), channel);
        channel.position(end);
        members.add(member);
    }

    /** Writes the list of members; the file is complete. */
    public void finish() throws IOException {
        long start = channel.position();
        for (Member member : members) writeFully(central(member), channel);
        long end = channel.position();
        boolean wide = members.size() >= MAX_16 || end >= MAX_32;
        if (wide) writeFully(zip64End(start, end), channel);
        ByteBuffer last = buffer(22).putInt(END).putShort((short) 0).putShort((short) 0);
        short count = (short) (wide ? MAX_16 : members.size());
        last.putShort(count).putShort(count);
        last.putInt((int) (wide ? MAX_32 : end - start))
                .putInt((int) (wide ? MAX_32 : start))
                .putShort((short) 0);
        writeFully(last.flip(), channel);
        channel.truncate(channel.position());
    }

    private static ByteBuffer local(Member member) {
        int extra = member.wide ? 20 : 0;
        ByteBuffer out = buffer(30 + member.name.length + extra).putInt(LOCAL);
        common(out, member);
        out.putInt((int) (member.wide ? MAX_32 : member.size)).putInt((int) (member.wide ? MAX_32 : member.size));
        out.putShort((short) member.name.length).putShort((short) extra).put(member.name);
        if (member.wide)
            out.putShort((short) ZIP64_EXTRA)
                    .putShort((short) 16)
                    .putLong(member.size)
                    .putLong(member.size);
        return out.flip();
    }

    private static ByteBuffer central(Member member) {
        boolean farOffset = member.offset >= MAX_32;
        int fields = (member.wide ? 16 : 0) + (farOffset ? 8 : 0);
        int extra = fields == 0 ? 0 : 4 + fields;
        int madeBy = MADE_ON_UNIX | (fields == 0 ? VERSION : VERSION_64);
        ByteBuffer out = buffer(46 + member.name.length + extra).putInt(CENTRAL).putShort((short) madeBy);
        common(out, member);
        out.putInt((int) (member.wide ? MAX_32 : member.size)).putInt((int) (member.wide ? MAX_32 : member.size));
        out.putShort((short) member.name.length).putShort((short) extra).putShort((short) 0);
        out.putShort((short) 0).putShort((short) 0).putInt(UNIX_MODE);
        out.putInt((int) (farOffset ? MAX_32 : member.offset)).put(member.name);
        if (fields > 0) out.putShort((short) ZIP64_EXTRA).putShort((short) fields);
        if (member.wide) out.putLong(member.size).putLong(member.size);
        if (farOffset) out.putLong(member.offset);
        return out.flip();
    }

    private static void common(ByteBuffer out, Member member) {
        boolean ascii = member.name.length == new String(member.name, StandardCharsets.UTF_8).length();
        LocalDateTime date = member.date;
        out.putShort((short) (member.wide || member.offset >= MAX_32 ? VERSION_64 : VERSION));
        out.putShort((short) (ascii ? 0 : UTF8_NAMES)).putShort((short) 0);
        out.putShort((short) (date.getHour() << 11 | date.getMinute() << 5 | date.getSecond() / 2));
        out.putShort((short) ((date.getYear() - 1980) << 9 | date.getMonthValue() << 5 | date.getDayOfMonth()));
        out.putInt(member.crc);
    }

    private ByteBuffer zip64End(long start, long end) {
        ByteBuffer out = buffer(56 + 20).putInt(ZIP64_END).putLong(44);
        out.putShort((short) (MADE_ON_UNIX | VERSION_64))
                .putShort((short) VERSION_64)
                .putInt(0)
                .putInt(0);
        out.putLong(members.size()).putLong(members.size()).putLong(end - start).putLong(start);
        return out.putInt(ZIP64_LOCATOR).putInt(0).putLong(end).putInt(1).flip();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeFully(ByteBuffer bytes, FileChannel to) throws IOException {
        while (bytes.hasRemaining()) to.write(bytes);
    }

    private static final class CountedChannel implements WritableByteChannel {
        private final FileChannel to;
        private final CRC32 crc = new CRC32();
        private long count;

        CountedChannel(FileChannel to) {
            this.to = to;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            ByteBuffer seen = from.duplicate();
            int written = to.write(from);
            crc.update(seen.limit(seen.position() + written));
            count += written;
            return written;
        }

        @Override
        public boolean isOpen() {
            return to.isOpen();
        }

        @Override
        public void close() {
            // the archive's channel is the archive's to close
        }
    }
}
