// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** All clauses of the contract, with what each needs: read from one file, whatever methods the kit has. */
final class ClauseList {
    private static final String FILE = "clauses.txt";
    private static final Set<String> WAYS = Set.of("seq", "2i", "prop", "lin");
    private static final ClauseList ALL = new ClauseList(read(FILE));

    private final Map<String, Listed> byId = new LinkedHashMap<>();
    private final String digest;

    private ClauseList(byte[] file) {
        digest = sha256(file);
        new String(file, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(ClauseList::parse)
                .forEach(this::add);
    }

    /** The list of this kit. */
    static ClauseList all() {
        return ALL;
    }

    private void add(Listed clause) {
        if (byId.put(clause.id(), clause) != null) {
            throw new IllegalStateException(clause.id() + " stands twice in " + FILE);
        }
    }

    Collection<Listed> clauses() {
        return byId.values();
    }

    Listed clause(String id) {
        Listed clause = byId.get(id);
        if (clause == null) {
            throw new IllegalStateException(id + " does not stand in " + FILE);
        }
        return clause;
    }

    /** SHA-256 of the list: two certificates with the same one speak of the same clauses. */
    String digest() {
        return digest;
    }

    /** The version of this kit. */
    static String kitVersion() {
        Properties properties = new Properties();
        try (InputStream in = open("kit.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static Listed parse(String line) {
        String[] parts = line.split("\\|", -1);
        String id = parts[0].trim();
        String here = parts[1].trim();
        Optional<Listed.Standing> standing = standing(here);
        if (standing.isPresent()) {
            return new Listed(id, Set.of(), Set.of(), standing);
        }
        Set<Need> needs = EnumSet.noneOf(Need.class);
        Set<Need> alsoNeeds = EnumSet.noneOf(Need.class);
        for (String word : here.split(" ", -1)) {
            if (word.startsWith("+")) {
                alsoNeeds.add(need(word.substring(1)));
            } else if (!WAYS.contains(word)) {
                needs.add(need(word));
            }
        }
        return new Listed(id, needs, alsoNeeds, standing);
    }

    private static Optional<Listed.Standing> standing(String here) {
        if (here.equals("reserved")) {
            return Optional.of(new Listed.Standing(Outcome.RESERVED, "no operation exposes it yet"));
        }
        for (Outcome outcome : Set.of(Outcome.NOT_RUN, Outcome.NOT_APPLICABLE)) {
            if (here.startsWith(outcome + ": ")) {
                return Optional.of(new Listed.Standing(
                        outcome, here.substring(outcome.toString().length() + 2)));
            }
        }
        return Optional.empty();
    }

    private static Need need(String word) {
        return Need.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static byte[] read(String file) {
        try (InputStream in = open(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String file) {
        InputStream in = ClauseList.class.getResourceAsStream(file);
        if (in == null) {
            throw new IllegalStateException("the kit's own file " + file + " is missing from its jar");
        }
        return in;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
