// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/** A row: reads its values, and says where one stands that cannot be used. */
record CsvRow(CsvFile file, int line, List<String> fields) {
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,4})?");

    CsvRow {
        fields = List.copyOf(fields);
    }

    String text(String column, Pattern pattern, String what) {
        String value = value(column);
        if (!pattern.matcher(value).matches()) {
            throw bad(column, "must be " + what);
        }
        return value;
    }

    int whole(String column, int least, int most) {
        String what = "a whole number from " + least + " to " + most;
        int number = Integer.parseInt(text(column, WHOLE, what));
        if (number < least || number > most) {
            throw bad(column, "must be " + what);
        }
        return number;
    }

    /** Reads a number from 0 with up to four decimals. */
    BigDecimal decimal(String column, int most) {
        String what = "a number from 0 to " + most + " with at most 4 decimals, such as 0.25";
        BigDecimal number = new BigDecimal(text(column, DECIMAL, what));
        if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw bad(column, "must be " + what);
        }
        return number;
    }

    BadInputException bad(String column, String what) {
        return file.bad(line, column, what + ", was \"" + value(column) + "\"");
    }

    private String value(String column) {
        return fields.get(file.indexOf(column));
    }
}
