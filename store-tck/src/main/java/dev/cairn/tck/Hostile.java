// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Texts that are harmless only to who takes them for text. */
final class Hostile {
    /** Of at most 64 UTF-8 bytes each, so that every string parameter takes them. */
    static final List<String> TEXTS = List.of(
            ".*",
            "%",
            "_",
            "*",
            "'; DROP TABLE cairn_head; --",
            "\" OR \"\"=\"",
            "x' OR '1'='1",
            "\\'; DELETE FROM cairn_entry; --",
            "{\"$gt\": \"\"}",
            "$where: function() { return true }",
            "a.b.$[]",
            "'; redis.call('FLUSHALL') --",
            "]] redis.call('FLUSHALL') --[[",
            "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
            "(a+)+$|^.*",
            "[a-z",
            "../../../../etc/passwd",
            "C:\\windows\\win.ini",
            "%s%n%x%1$s",
            "${jndi:ldap://127.0.0.1/a}",
            "#{7*7} {{7*7}} <%= 7*7 %>",
            ":run ?1 @p $1 :namespace",
            "{hash}tag {",
            "<!ENTITY x SYSTEM \"file:///etc/passwd\">");

    private Hostile() {}
}
