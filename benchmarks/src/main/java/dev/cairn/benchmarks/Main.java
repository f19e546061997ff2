// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** Runs the benchmarks from a command line. */
public final class Main {
    private Main() {}

    /** Runs. */
    public static void main(String[] args) {
        System.out.println("no benchmark yet");
    }
}
