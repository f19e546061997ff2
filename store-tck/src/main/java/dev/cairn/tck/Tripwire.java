// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/** A class that nobody may make an instance of because its name stands in stored data. */
final class Tripwire implements Serializable {
    private static final long serialVersionUID = 1;
    private static final AtomicLong MADE = new AtomicLong();

    Tripwire() {
        MADE.incrementAndGet();
    }

    /** How many were made, by a constructor or by deserialisation. */
    static long made() {
        return MADE.get();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        MADE.incrementAndGet();
    }

    /** One, in Java's own serialisation. */
    static byte[] serialised() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Tripwire());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
