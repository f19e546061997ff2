// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import dev.cairn.state.*;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.*;
import java.time.temporal.ChronoUnit;
import java.util.*;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A file is one line and a body. The line is a CRC-32C in hex of all behind it, and words in URL encoding. */
final class FolderFormat {
    static final byte[] STRIPPED = file(Bytes.empty(), EntryKind.STRIPPED.code());

    private FolderFormat() {}

    private static byte[] file(Bytes body, Object... words) {
        byte[] line = ("checksum " + line(Stream.of(words)) + "\n").getBytes(ISO_8859_1);
        ByteBuffer file =
                ByteBuffer.allocate(line.length + body.size()).put(line).put(body.asBuffer());
        return file.put(0, crc(file.array()).getBytes(ISO_8859_1)).array();
    }

    private static <T> T parse(Path path, byte[] file, BiFunction<Iterator<String>, Bytes, T> meaning) {
        try {
            int end = new String(file, ISO_8859_1).indexOf('\n');
            Iterator<String> in = words(new String(file, 0, end, ISO_8859_1)).iterator();
            if (!in.next().equals(crc(file))) {
                throw new IllegalArgumentException("the checksum does not fit");
            }
            return meaning.apply(in, Bytes.adopt(file).slice(end + 1, file.length));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException | DateTimeException e) {
            throw new CorruptException(path + " is not as it was written; restore the folder from a backup", e);
        }
    }

    private static String crc(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(file).position(8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    private static String line(Stream<?> words) {
        return words.map(word -> URLEncoder.encode(word.toString(), UTF_8)).collect(Collectors.joining(" "));
    }

    private static String line(Map<?, ?> map) {
        return line(map.entrySet().stream().flatMap(each -> Stream.of(each.getKey(), each.getValue())));
    }

    private static List<String> words(String line) {
        Stream<String> words = line.isEmpty() ? Stream.of() : Stream.of(line.split(" ", -1));
        return words.map(word -> URLDecoder.decode(word, UTF_8)).toList();
    }

    private static <K, V> Map<K, V> map(String line, Function<String, K> key, Function<String, V> value) {
        Map<K, V> map = new LinkedHashMap<>();
        for (Iterator<String> in = words(line).iterator(); in.hasNext(); ) {
            map.put(key.apply(in.next()), value.apply(in.next()));
        }
        return map;
    }

    static byte[] of(Entry entry) {
        Lease lease = entry.lease();
        return file(entry.body(), entry.kind().code(), lease.token(), lease.id(), entry.commitId(), entry.checksum());
    }

    static Entry entry(Path path, byte[] file, String runId, Incarnation incarnation, long place) {
        return parse(path, file, (in, body) -> {
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

    static Received received(Path path, byte[] file) {
        return parse(path, file, (in, payload) -> {
            long order = Long.parseLong(in.next());
            return new Received(new Message(in.next(), in.next(), payload), order);
        });
    }

    static byte[] of(Head head) {
        return file(
                Bytes.empty(),
                head.runId(),
                head.workflow(),
                head.version(),
                head.status(),
                head.incarnation(),
                head.token(),
                line(head.lease().stream().flatMap(term -> Stream.of(term.id(), term.deadline(), term.ttl()))),
                line(head.due().map(FolderFormat::notBefore).stream()),
                line(head.awaits().stream()),
                head.signals(),
                line(head.labels().all()),
                head.progress(),
                head.reason(),
                line(head.beside()),
                head.sourceToken(),
                head.created(),
                head.changed());
    }

    /** In whole milliseconds, up: nothing is due too early. */
    private static Instant notBefore(Instant due) {
        Instant whole = due.truncatedTo(ChronoUnit.MILLIS);
        return whole.equals(due) || due.equals(Instant.MAX) ? whole : whole.plusMillis(1);
    }

    static Head head(Path path, byte[] file) {
        return parse(
                path,
                file,
                (in, none) -> new Head(
                        in.next(),
                        in.next(),
                        Integer.parseInt(in.next()),
                        RunStatus.valueOf(in.next()),
                        new Incarnation(UUID.fromString(in.next())),
                        Long.parseLong(in.next()),
                        lease(words(in.next())),
                        words(in.next()).stream().map(Instant::parse).findFirst(),
                        new TreeSet<>(words(in.next())),
                        Long.parseLong(in.next()),
                        Labels.of(map(in.next(), name -> name, value -> value)),
                        in.next(),
                        in.next(),
                        map(in.next(), id -> new Incarnation(UUID.fromString(id)), Instant::parse),
                        Long.parseLong(in.next()),
                        Instant.parse(in.next()),
                        Instant.parse(in.next())));
    }

    private static Optional<LeaseTerm> lease(List<String> in) {
        return in.isEmpty()
                ? Optional.empty()
                : Optional.of(new LeaseTerm(
                        new LeaseId(UUID.fromString(in.get(0))), Instant.parse(in.get(1)), Duration.parse(in.get(2))));
    }
}
