// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import dev.cairn.state.Bytes;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A file is one line and a body. The line is a CRC-32C in hex of all behind it, and words in URL encoding. */
final class FolderFormat {
    static final byte[] STRIPPED = file(Bytes.empty(), EntryKind.STRIPPED.code());

    private FolderFormat() {}

    private static byte[] file(Bytes body, Object... words) {
        String encoded = Stream.of(words)
                .map(word -> " " + URLEncoder.encode(word.toString(), UTF_8))
                .collect(Collectors.joining());
        byte[] line = ("checksum" + encoded + "\n").getBytes(ISO_8859_1);
        ByteBuffer file =
                ByteBuffer.allocate(line.length + body.size()).put(line).put(body.asBuffer());
        return file.put(0, crc(file.array()).getBytes(ISO_8859_1)).array();
    }

    private static <T> T parse(String what, byte[] file, BiFunction<Iterator<String>, Bytes, T> meaning) {
        try {
            int end = new String(file, ISO_8859_1).indexOf('\n');
            Iterator<String> in = Stream.of(new String(file, 0, end, ISO_8859_1).split(" "))
                    .map(word -> URLDecoder.decode(word, UTF_8))
                    .iterator();
            if (!in.next().equals(crc(file))) {
                throw new IllegalArgumentException("the checksum does not fit");
            }
            return meaning.apply(in, Bytes.adopt(file).slice(end + 1, file.length));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
            throw new CorruptException(what + " is not as it was written; restore the folder from a backup", e);
        }
    }

    private static String crc(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(file).position(8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    static byte[] of(Entry entry) {
        Lease lease = entry.lease();
        return file(entry.body(), entry.kind().code(), lease.token(), lease.id(), entry.commitId(), entry.checksum());
    }

    static String name(String runId, Incarnation incarnation, long place) {
        return "the entry of run " + runId + ", incarnation " + incarnation + ", place " + place;
    }

    static Entry entry(byte[] file, String runId, Incarnation incarnation, long place) {
        return parse(name(runId, incarnation, place), file, (in, body) -> {
            EntryKind kind = EntryKind.ofCode(Integer.parseInt(in.next()));
            if (kind == EntryKind.STRIPPED) {
                return Entry.stripped(runId, incarnation, place);
            }
            long token = Long.parseLong(in.next());
            Lease lease = new Lease(runId, incarnation, new LeaseId(UUID.fromString(in.next())), token);
            CommitId commit = new CommitId(UUID.fromString(in.next()));
            return Entry.stored(lease, place, kind, commit, body, Integer.parseInt(in.next()));
        });
    }

    static byte[] of(Received received) {
        Message message = received.message();
        return file(message.payload(), received.order(), message.id(), message.name());
    }

    static Received received(String runId, byte[] file) {
        return parse("a message of run " + runId, file, (in, payload) -> {
            long order = Long.parseLong(in.next());
            return new Received(new Message(in.next(), in.next(), payload), order);
        });
    }

    static byte[] of(Head head) {
        return file(HeadCodec.encode(head));
    }

    static Head head(String what, byte[] file) {
        return parse(what, file, (in, body) -> HeadCodec.decode(body));
    }
}
