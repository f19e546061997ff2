// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** What happens to a request on its way between a store and its storage. */
enum Fault {
    /** Nothing: it goes, and its reply comes. */
    NONE("untouched"),
    /** It waits until it is let go. */
    HOLD("held"),
    /** It does not arrive: the connection is cut before it. */
    CUT_BEFORE("cut before"),
    /** It arrives and is done; its reply is dropped, and the connection cut. */
    CUT_AFTER("cut after"),
    /** It arrives and is done; its reply waits until it is let go. */
    HOLD_REPLY("with its reply held"),
    /** It arrives and is done; the connection stays, and no reply ever comes. */
    BLACK_HOLE("without a reply"),
    /** The connection is half open: it stays, and nothing that is sent on it arrives. */
    HALF_OPEN("on a half-open connection");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** What happened to it, in words. */
    @Override
    public String toString() {
        return words;
    }
}
