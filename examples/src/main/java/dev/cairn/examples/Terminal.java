// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.Console;

/** Whether somebody watches. */
final class Terminal {
    private Terminal() {}

    /** Up to Java 21 there is a console only on a terminal; from 22 on there is always one, which has to be asked. */
    @SuppressWarnings("SystemConsoleNull") // where it is never null, it is asked
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
