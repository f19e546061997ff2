// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of a command line, each {@code --name value}. */
final class Arguments {
    private final Map<String, String> known;
    private final Map<String, String> values = new HashMap<>();

    private Arguments(Map<String, String> known) {
        this.known = known;
    }

    /**
     * Reads options.
     *
     * @param known each with what its value is called, in the order in which they are shown
     * @throws BadInputException for an unknown option, one without value, or one that is given twice
     */
    static Arguments parse(List<String> args, Map<String, String> known) {
        Arguments arguments = new Arguments(known);
        for (int i = 0; i < args.size(); i += 2) {
            String option = args.get(i);
            if (!known.containsKey(option)) {
                throw new BadInputException(
                        "unknown option \"" + option + "\"; known are " + String.join(", ", known.keySet()));
            }
            if (i + 1 == args.size()
                    || known.containsKey(args.get(i + 1))
                    || args.get(i + 1).isBlank()) {
                throw new BadInputException(
                        "option " + option + " has no value; write " + option + " " + known.get(option));
            }
            if (arguments.values.put(option, args.get(i + 1)) != null) {
                throw new BadInputException("option " + option + " is given twice; give it once");
            }
        }
        return arguments;
    }

    String text(String option) {
        String value = values.get(option);
        if (value == null) {
            throw new BadInputException("option " + option + " is missing; write " + option + " " + known.get(option));
        }
        return value;
    }

    Path path(String option) {
        try {
            return Path.of(text(option));
        } catch (InvalidPathException e) {
            throw new BadInputException("option " + option + " is no path: " + e.getMessage(), e);
        }
    }

    /** A whole number between two bounds. */
    int whole(String option, int least, int most, int otherwise) {
        String value = values.get(option);
        if (value == null) {
            return otherwise;
        }
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new BadInputException("option " + option + " must be a whole number from " + least + " to " + most
                + ", was \"" + value + "\"");
    }
}
