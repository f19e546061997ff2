// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.UnknownFormatException;

/** What an entry is to the fold; its bytes are core's own business. */
public enum EntryKind {
    /** A lease was granted. */
    GRANT(0),
    /** A lease was granted to reopen an ended run: the only entry that counts after an end. */
    REOPEN(1),
    /** Steps, an attempt or a forget. */
    PLAIN(2),
    /** The run waits. */
    SUSPENSION(3),
    /** The run ended: completed, failed, cancelled or moved. */
    END(4),
    /** What is left of an entry of a deleted run: its place, so that no late commit can land there. */
    STRIPPED(5);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    /** The number it is stored as. */
    public int code() {
        return code;
    }

    /**
     * The kind that is stored as a number.
     *
     * @throws UnknownFormatException if this version knows none
     */
    public static EntryKind ofCode(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new UnknownFormatException(
                "an entry of kind " + code + " was written by a newer Cairn; use that or a newer one");
    }

    /** Whether the entry grants a lease. */
    public boolean isGrant() {
        return this == GRANT || this == REOPEN;
    }

    /** Whether the holder that wrote this entry may write the next one. */
    public boolean leavesOpen() {
        return this == GRANT || this == REOPEN || this == PLAIN;
    }
}
