// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/**
 * Counts the statements in what a PostgreSQL client sends: each Query and each Execute message is one. A Query of several
 * statements counts as one, as the driver sends them. Bytes may be cut anywhere. Used by one thread.
 */
final class FrontendMessages {
    private static final int LENGTH_BYTES = 4;
    private static final int CODE_BYTES = 4;
    private static final int PROTOCOL_3 = 3 << 16;

    /** What comes next. Requests for encryption or a cancel look like a start, and a start may follow them. */
    private enum Expect {
        START,
        TYPE,
        LENGTH,
        REST
    }

    private Expect expect = Expect.START;
    private final byte[] header = new byte[LENGTH_BYTES + CODE_BYTES];
    private int headerBytes;
    private long restBytes;
    private int statements;

    /** Takes bytes and answers how many statements were seen since the last call. */
    int feed(byte[] bytes, int length) {
        statements = 0;
        int at = 0;
        while (at < length) {
            if (expect == Expect.REST) {
                int skipped = (int) Math.min(restBytes, length - at);
                at += skipped;
                skip(skipped);
            } else {
                take(bytes[at]);
                at++;
            }
        }
        return statements;
    }

    private void take(byte value) {
        if (expect == Expect.TYPE) {
            if (value == 'Q' || value == 'E') {
                statements++;
            }
            expect = Expect.LENGTH;
            return;
        }
        header[headerBytes++] = value;
        if (expect == Expect.LENGTH && headerBytes == LENGTH_BYTES) {
            restOf(number(0) - LENGTH_BYTES, Expect.TYPE);
        } else if (expect == Expect.START && headerBytes == header.length) {
            Expect then = number(LENGTH_BYTES) == PROTOCOL_3 ? Expect.TYPE : Expect.START;
            restOf(number(0) - header.length, then);
        }
    }

    private Expect afterRest = Expect.TYPE;

    private void restOf(long bytes, Expect then) {
        headerBytes = 0;
        restBytes = bytes;
        afterRest = then;
        expect = bytes > 0 ? Expect.REST : then;
    }

    private void skip(int bytes) {
        restBytes -= bytes;
        if (restBytes == 0) {
            expect = afterRest;
        }
    }

    private int number(int at) {
        return (header[at] & 0xff) << 24
                | (header[at + 1] & 0xff) << 16
                | (header[at + 2] & 0xff) << 8
                | (header[at + 3] & 0xff);
    }
}
