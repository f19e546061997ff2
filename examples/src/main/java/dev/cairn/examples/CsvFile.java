// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a file of comma-separated values, UTF-8, with a header. Quotes have no meaning: a comma always ends a field.
 * Where free text may hold commas, only the columns before it can be told apart, so no column behind it can be asked for.
 */
final class CsvFile {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final Path path;
    private final List<String> header;
    private final List<CsvRow> rows = new ArrayList<>();

    /**
     * What is expected of a file.
     *
     * @param columns those that are needed
     * @param freeText the first column whose text may hold commas; empty if there is none
     */
    record Format(List<String> columns, String freeText) {
        Format {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Reads a file.
     *
     * @throws BadInputException if it cannot be read, lacks a column, or a row has too few or too many fields
     */
    static CsvFile read(Path path, Format format) {
        return new CsvFile(path, format, lines(path, format));
    }

    private CsvFile(Path path, Format format, List<String> lines) {
        this.path = path;
        this.header = fields(lines.get(0));
        int told = toldApart(format.freeText());
        format.columns().forEach(column -> checkColumn(column, told, format.freeText()));
        for (int i = 1; i < lines.size(); i++) {
            CsvRow row = new CsvRow(this, i + 1, fields(lines.get(i)));
            checkWidth(row, told);
            rows.add(row);
        }
        if (rows.isEmpty()) {
            throw new BadInputException(path + ", line 2: missing; the file has a header and no rows");
        }
    }

    List<CsvRow> rows() {
        return List.copyOf(rows);
    }

    Path path() {
        return path;
    }

    int indexOf(String column) {
        return header.indexOf(column);
    }

    /** How many columns from the left can be told apart in every row. */
    private int toldApart(String freeText) {
        int index = header.indexOf(freeText);
        return index < 0 ? header.size() : index;
    }

    private void checkColumn(String column, int told, String freeText) {
        int index = header.indexOf(column);
        if (index < 0) {
            throw bad(1, column, "missing; the header was \"" + String.join(",", header) + "\"");
        }
        if (index != header.lastIndexOf(column)) {
            throw bad(1, column, "stands twice in the header");
        }
        if (index >= told) {
            throw bad(1, column, "stands behind " + freeText + ", whose text may hold commas; move it before");
        }
    }

    private void checkWidth(CsvRow row, int told) {
        int width = row.fields().size();
        String counts = "fields in the row: " + width + ", in the header: " + header.size();
        if (width < header.size()) {
            throw bad(row.line(), header.get(width), "missing; " + counts);
        }
        if (width > header.size() && told == header.size()) {
            String surplus = row.fields().get(header.size());
            throw bad(row.line(), String.valueOf(header.size() + 1), "one too many, \"" + surplus + "\"; " + counts);
        }
    }

    BadInputException bad(int line, String column, String what) {
        return new BadInputException(path + ", line " + line + ", column " + column + ": " + what);
    }

    private static List<String> fields(String line) {
        return List.of(line.split(",", -1));
    }

    private static List<String> lines(Path path, Format format) {
        String text = decoded(path, bytes(path));
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            throw new BadInputException(path + ", line 1: the file is empty; its first line must name the columns "
                    + String.join(", ", format.columns()));
        }
        List<String> lines = List.of(text.split("\r?\n", -1));
        return lines.get(lines.size() - 1).isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
    }

    private static byte[] bytes(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BadInputException(path + (Files.exists(path) ? " is not a file" : " does not exist")
                    + "; give the path of a CSV file");
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new BadInputException(path + " cannot be read (" + e + "); give a file that can", e);
        }
    }

    private static String decoded(Path path, byte[] bytes) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = utf8.decode(in, out, true);
        if (result.isError()) {
            throw new BadInputException(
                    path + ", line " + lineOf(bytes, in.position()) + ": not UTF-8; save the file as UTF-8");
        }
        return out.flip().toString();
    }

    private static int lineOf(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
