// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The outcomes of steps: letters and digits, the same in every process and for every contestant. */
final class Payload {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // Several, so that nothing gains by writing one value again and again.
    private static final int VARIANTS = 64;

    private final List<String> texts = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();

    Payload(Load load) {
        Random random = new Random(load.bytes());
        for (int i = 0; i < VARIANTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < load.bytes(); k++) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            texts.add(text.toString());
            bytes.add(text.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }

    String text(int step) {
        return texts.get(step % VARIANTS);
    }

    /** The same as {@link #text}; not to be changed. */
    byte[] bytes(int step) {
        return bytes.get(step % VARIANTS);
    }
}
