// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom the servers run as: PostgreSQL and pgbouncer refuse root, everybody else runs them directly. */
final class Account {
    private final List<String> prefix;
    private final @Nullable UserPrincipal owner;

    private Account(List<String> prefix, @Nullable UserPrincipal owner) {
        this.prefix = List.copyOf(prefix);
        this.owner = owner;
    }

    /** Returns the account for the user that this JVM runs as. */
    static Account ofServers() {
        return Holder.ACCOUNT;
    }

    /** Returns the words that start this command under the account. */
    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(words);
        return command;
    }

    /** Makes the account the owner of this file or folder. */
    void give(Path path) {
        if (owner == null) {
            return;
        }
        try {
            Files.setOwner(path, owner);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + owner + " the owner of " + path, e);
        }
    }

    private static Account find() {
        if (!System.getProperty("user.name").equals("root")) {
            return new Account(List.of(), null);
        }
        Optional<UserPrincipal> postgres = user("postgres");
        if (postgres.isPresent()) {
            return new Account(becoming("postgres"), postgres.get());
        }
        // A user namespace without a mapping: root's files, and a user id that is not 0.
        List<String> unshare = List.of("unshare", "-U", "--");
        if (Command.succeeds(List.of("unshare", "-U", "--", "true"))) {
            return new Account(unshare, null);
        }
        UserPrincipal nobody = user("nobody")
                .orElseThrow(() -> new IllegalStateException(
                        "PostgreSQL refuses root; tried the users postgres and nobody (not there) and `unshare -U` (refused)"));
        return new Account(becoming(nobody.getName()), nobody);
    }

    // Not runuser: it stays between this JVM and the server, and stops itself when the server is stopped.
    private static List<String> becoming(String user) {
        return List.of("setpriv", "--reuid=" + user, "--regid=" + Command.run(List.of("id", "-g", user)), "--init-groups", "--");
    }

    private static Optional<UserPrincipal> user(String name) {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look up the user " + name, e);
        }
    }

    /** Looked up once, at first use. */
    private static final class Holder {
        static final Account ACCOUNT = find();
    }
}
