//! Snippets of manager.conf, and how Asterisk 22 and 16 read them.

/// A snippet, other files, and the resulting users with their secrets; None if
/// the server refuses the file.
pub type Case<'a> = (
    &'a str,
    &'a [(&'a str, &'a str)],
    Option<&'a [(&'a str, &'a str)]>,
);

pub const CASES: &[Case<'_>] = &[
    ("[a]\nsecret = one two \n", &[], Some(&[("a", "one two")])),
    ("[a]\nsecret=>one\n", &[], Some(&[("a", "one")])),
    ("[a]\nsecret==one=\n", &[], Some(&[("a", "=one=")])),
    ("[a]\nSECRET = 'one'\n", &[], Some(&[("a", "'one'")])),
    ("[a]\r\nsecret = one\r\n", &[], Some(&[("a", "one")])),
    ("  [a]  \n\t secret = one", &[], Some(&[("a", "one")])),
    (
        "[a]\nsecret = one\nsecret = two\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[a]\nsecret = one\n[a]\nsecret = two\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[a]\nsecret = one\n[A]\nread = all\n",
        &[],
        Some(&[("a", "one")]),
    ),
    ("[a]\nread = all\n", &[], Some(&[("a", "")])),
    ("[a b]\nsecret = one\n", &[], Some(&[("a b", "one")])),
    // Comments.
    ("[a] ; x\nsecret = one;two\n", &[], Some(&[("a", "one")])),
    ("[a]\nsecret = one\\;two\n", &[], Some(&[("a", "one;two")])),
    (
        "[a]\nsecret = one ;-- x --; two\n",
        &[],
        Some(&[("a", "one  two")]),
    ),
    (
        "[a]\n;-- x\nsecret = two\n--; secret = one\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\n;-- x ;-- y --;\nsecret = two\n--;\nsecret = one\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one\n;---\nread = all\n;----\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one\n;--\nsecret = two\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\n;--;\nsecret = two\n--;\nsecret = one\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one--;two\nsecret = three\n",
        &[],
        Some(&[("a", "one--;two")]),
    ),
    (
        "[a]\nsecret = one;-- x\nsecret = two\n--;three\n[b]\nsecret = four\n",
        &[],
        Some(&[("a", "one"), ("b", "four")]),
    ),
    // Keys and values.
    (
        "[a]\nsecret = one\nsecret += two\n",
        &[],
        Some(&[("a", "one two")]),
    ),
    ("[a]\nsecret += two\n", &[], Some(&[("a", "two")])),
    ("[a]\n\\secret = one\n", &[], Some(&[("a", "one")])),
    ("[a]\n\\ secret = one\n", &[], None),
    ("[a]\nsecret\nsecret = one\n", &[], Some(&[("a", "one")])),
    ("[a]\n = x\nsecret = one\n", &[], Some(&[("a", "one")])),
    (
        "secret = x\n[a]\nsecret = one\n",
        &[],
        Some(&[("a", "one")]),
    ),
    ("[a\nsecret = one\n", &[], None),
    // Templates.
    ("[t](!)\nsecret = one\n[a](t)\n", &[], Some(&[("a", "one")])),
    (
        "[t](!)\nsecret = one\n[a](T)\nsecret = two\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[t](!)\nsecret = one\n[u](!)\nsecret = two\n[a](t,u)\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[t](!)\nsecret = one\n[u](!,t)\n[a](u)\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[b]\nsecret = one\n[a](b)\n",
        &[],
        Some(&[("a", "one"), ("b", "one")]),
    ),
    ("[a](t)\nsecret = one\n[t](!)\n", &[], None),
    ("[a](t\nsecret = one\n", &[], None),
    (
        "[a]\nsecret = one\n[b]\nsecret = x\n[a](+)\nsecret = two\n",
        &[],
        Some(&[("a", "two"), ("b", "x")]),
    ),
    ("[a](+)\nsecret = one\n", &[], None),
    (
        "[t](!)\nsecret = one\n[t](+)\nsecret = two\n[a](t)\n",
        &[],
        None,
    ),
    (
        "[t](!)\nsecret = two\n[a]\nsecret = one\n[a](+,t)\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[t](!)\nsecret = two\n[a]\nsecret = one\n[a](t,+)\n",
        &[],
        Some(&[("a", "two")]),
    ),
    ("[a]\nsecret = one\n[a](!,+)\n", &[], Some(&[])),
    ("[a]()\nsecret = one\n", &[], Some(&[("a", "one")])),
    ("[t](!)\nsecret = one\n[a]( t)\n", &[], None),
    ("[a] (t)\nsecret = one\n", &[], Some(&[("a", "one")])),
    (
        "[a]\nsecret = one\n[b]()\n",
        &[],
        Some(&[("a", "one"), ("b", "")]),
    ),
    (
        "[t](!)\nsecret = one\n[a](t,)\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[t](!)\nsecret = one\n[a](!)(t)\n[b](t)x\n",
        &[],
        Some(&[("b", "one")]),
    ),
    (
        "[GENERAL]\nsecret = one\n[a]\nsecret = two\n",
        &[],
        Some(&[("a", "two")]),
    ),
    (
        "[t](!)\nsecret = one\n[t](!)\nsecret = two\n[a](t)\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[b]\nsecret = one\n[b](!)\nsecret = two\n[a](b)\n",
        &[],
        Some(&[("a", "one"), ("b", "one")]),
    ),
    // Includes.
    (
        "#include x{1,2}.conf\n",
        &[
            ("x1.conf", "[a]\nsecret = one\n"),
            ("x2.conf", "[b]\nsecret = two\n"),
        ],
        Some(&[("a", "one"), ("b", "two")]),
    ),
    (
        "#include x[!2].co?f\n",
        &[
            ("x1.conf", "[a]\nsecret = one\n"),
            ("x2.conf", "[b]\nsecret = two\n"),
        ],
        Some(&[("a", "one")]),
    ),
    (
        "#include x*.conf\n[d]\nsecret = four\n",
        &[
            ("x1.conf", "[a]\nsecret = one\n;--\n"),
            ("x2.conf", "[b]\nsecret = two\n--;\n[c]\nsecret = three\n"),
        ],
        Some(&[("a", "one"), ("c", "three"), ("d", "four")]),
    ),
    (
        "#include x*.conf\n[d]\nsecret = four\n",
        &[("x1.conf", "[a\n"), ("x2.conf", "[b]\nsecret = two\n")],
        Some(&[("d", "four")]),
    ),
    (
        "#include \"x.conf\"\n",
        &[("x.conf", "[a]\nsecret = one\n")],
        Some(&[("a", "one")]),
    ),
    (
        "#include <x.conf>\n",
        &[("x.conf", "[a]\nsecret = one\n")],
        Some(&[("a", "one")]),
    ),
    (
        "#include x.conf ; y\n",
        &[("x.conf", "[a]\nsecret = one\n")],
        Some(&[("a", "one")]),
    ),
    (
        "#INCLUDE 'x.conf'\n",
        &[("x.conf", "[a]\nsecret = one\n")],
        None,
    ),
    (
        "#include => x.conf\n",
        &[("x.conf", "[a]\nsecret = one\n")],
        None,
    ),
    (
        "[a]\n#include x.conf\n",
        &[("x.conf", "secret = one\n")],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\n#include x.conf\nsecret = one\n#include y.conf\n",
        &[
            ("x.conf", "[b]\nsecret = two\n"),
            ("y.conf", "secret = three\n"),
        ],
        Some(&[("a", "one"), ("b", "three")]),
    ),
    ("[a]\nsecret = one\n#include missing.conf\n[b]\n", &[], None),
    (
        "[a]\nsecret = one\n#tryinclude missing.conf\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one\n#include\n#unknown x\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one\n#exec /bin/false\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "#include manager.d/*.conf\n",
        &[
            ("manager.d/2.conf", "[b]\nsecret = two\n"),
            ("manager.d/1.conf", "[a]\nsecret = one\n"),
            ("manager.d/3.txt", "[c]\nsecret = x\n"),
            ("manager.d/.4.conf", "[d]\nsecret = x\n"),
        ],
        Some(&[("a", "one"), ("b", "two")]),
    ),
    ("#include missing.d/*.conf\n", &[], None),
    (
        "#tryinclude missing.d/*.conf\n[a]\nsecret = one\n",
        &[],
        Some(&[("a", "one")]),
    ),
    (
        "[a]\nsecret = one\n#include x.conf\n",
        &[("x.conf", "[b]\nsecret = two\n#include x.conf\n")],
        Some(&[("a", "one"), ("b", "two")]),
    ),
    (
        "#include x.conf\n[b]\nsecret = two\n",
        &[("x.conf", "[a]\nsecret = one\n[broken\n[c]\nsecret = x\n")],
        Some(&[("a", "one"), ("b", "two")]),
    ),
    (
        "[a]\nsecret = one\n#include x.conf\n[b]\nsecret = two\n",
        &[("x.conf", ";--\n[c]\n")],
        Some(&[("a", "one"), ("b", "two")]),
    ),
];
