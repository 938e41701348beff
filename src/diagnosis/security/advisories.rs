//! Advisories of Asterisk about its manager interface, by version. Each row is
//! from the record that it names: github.com/asterisk/asterisk/security/advisories
//! for GHSA, downloads.asterisk.org/pub/security for AST, and the record of the
//! CVE (github.com/CVEProject/cvelistV5), as of 2025. A row that begins at 0 is of
//! a record that says "before"; other versions that a record does not name are
//! not judged, but for certified ones, which are as the version they are from.

use super::version::Version;

/// One of them.
#[derive(Debug)]
pub struct Advisory {
    /// Its names.
    pub name: &'static str,
    /// Who has one of these in write= can use it.
    pub classes: &'static [&'static str],
    /// What it lets do.
    pub what: &'static str,
    /// From the first, before the second.
    affected: &'static [(&'static [u32], &'static [u32])],
    /// Branches of certified versions, and the N of the `-certN` with the fix.
    certified: &'static [(&'static [u32], u32)],
    /// The versions with the fix, for people.
    pub fixed: &'static str,
}

/// The one that makes class originate a shell.
const ORIGINATE: Advisory = Advisory {
    name: "GHSA-c4cg-9275-6w44, CVE-2024-42365",
    classes: &["originate"],
    what: "Originate writes files of /etc/asterisk with FILE() and fetches others with CURL(), and so runs code",
    affected: &[
        (&[0], &[18, 24, 2]),
        (&[19], &[20, 9, 2]),
        (&[21], &[21, 4, 2]),
    ],
    certified: &[(&[18, 9], 11), (&[20, 7], 2)],
    fixed: "18.24.2, 20.9.2, 21.4.2, 18.9-cert11, 20.7-cert2",
};

const ALL: &[Advisory] = &[
    ORIGINATE,
    Advisory {
        name: "GHSA-33x6-fj46-6rfh, CVE-2024-53566",
        classes: &["config"],
        what: "ListCategories reads files outside the directory of the configuration",
        affected: &[
            (&[18], &[18, 26, 1]),
            (&[20], &[20, 11, 1]),
            (&[21], &[21, 6, 1]),
            (&[22], &[22, 1, 1]),
        ],
        certified: &[(&[18, 9], 13), (&[20, 7], 4)],
        fixed: "18.26.1, 20.11.1, 21.6.1, 22.1.1, 18.9-cert13, 20.7-cert4",
    },
    Advisory {
        name: "AST-2019-007, CVE-2019-18610",
        classes: &["originate"],
        what: "Originate runs programs with System() without class system",
        affected: &[
            (&[13], &[13, 29, 2]),
            (&[16], &[16, 6, 2]),
            (&[17], &[17, 0, 1]),
        ],
        certified: &[(&[13, 21], 5)],
        fixed: "13.29.2, 16.6.2, 17.0.1, 13.21-cert5",
    },
    Advisory {
        name: "GHSA-8857-hfmw-vg8f, CVE-2023-49294",
        classes: &["config", "system"],
        what: "GetConfig reads any file that Asterisk may read",
        affected: &[
            (&[0], &[18, 20, 1]),
            (&[19], &[20, 5, 1]),
            (&[21, 0, 0], &[21, 0, 1]),
        ],
        certified: &[(&[18, 9], 6)],
        fixed: "18.20.1, 20.5.1, 21.0.1, 18.9-cert6",
    },
    Advisory {
        name: "AST-2014-006, CVE-2014-4046",
        classes: &["call", "system"],
        what: "MixMonitor runs shell commands",
        affected: &[(&[11], &[11, 10, 1]), (&[12], &[12, 3, 1])],
        certified: &[(&[11, 6], 3)],
        fixed: "11.10.1, 12.3.1, 11.6-cert3",
    },
    Advisory {
        name: "AST-2012-012, CVE-2012-2186",
        classes: &["originate"],
        what: "Originate runs programs with ExternalIVR",
        affected: &[(&[1, 8], &[1, 8, 15, 1]), (&[10], &[10, 7, 1])],
        certified: &[(&[1, 8, 11], 6)],
        fixed: "1.8.15.1, 10.7.1, 1.8.11-cert6",
    },
    Advisory {
        name: "AST-2012-004, CVE-2012-2414",
        classes: &["originate", "call", "reporting"],
        what: "Originate with MixMonitor, Getvar and Status with SHELL() run commands",
        affected: &[
            (&[1, 6, 2], &[1, 6, 2, 24]),
            (&[1, 8], &[1, 8, 11, 1]),
            (&[10], &[10, 3, 1]),
        ],
        certified: &[],
        fixed: "1.6.2.24, 1.8.11.1, 10.3.1",
    },
    Advisory {
        name: "CVE-2011-1599",
        classes: &["originate", "call"],
        what: "Originate with Async and Application runs commands",
        affected: &[
            (&[1, 4], &[1, 4, 40, 1]),
            (&[1, 6, 1], &[1, 6, 1, 25]),
            (&[1, 6, 2], &[1, 6, 2, 17, 3]),
            (&[1, 8], &[1, 8, 3, 3]),
        ],
        certified: &[],
        fixed: "1.4.40.1, 1.6.1.25, 1.6.2.17.3, 1.8.3.3",
    },
];

/// Those that concern `version`.
pub fn of(version: &Version) -> impl Iterator<Item = &'static Advisory> {
    ALL.iter().filter(|one| one.concerns(version))
}

/// The versions with the fix of what makes class originate a shell.
pub fn originate_fixed() -> &'static str {
    ORIGINATE.fixed
}

impl Advisory {
    fn concerns(&self, version: &Version) -> bool {
        let mut branches = self.certified.iter();
        if let Some((_, fixed)) = branches.find(|(branch, _)| version.is_certified(branch)) {
            return version.certified < Some(*fixed);
        }
        let mut ranges = self.affected.iter();
        ranges.any(|(from, fixed)| version.is_within(from, fixed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(version: &str) -> String {
        let version = Version::of(version).unwrap();
        let names = of(&version).map(|one| one.name.split(',').next().unwrap());
        names.collect::<Vec<_>>().join(" ")
    }

    // The versions on both sides of each fix, as the records have them.
    #[test]
    fn versions_have_the_advisories_of_their_records() {
        let [originate, list, get] = [
            "GHSA-c4cg-9275-6w44",
            "GHSA-33x6-fj46-6rfh",
            "GHSA-8857-hfmw-vg8f",
        ];
        for (version, expected) in [
            ("16.28.0~dfsg-0+deb11u4", format!("{originate} {get}")),
            ("18.24.1", format!("{originate} {list}")),
            ("18.24.2", list.to_owned()),
            ("18.26.1", String::new()),
            ("22.1.0", list.to_owned()),
            ("16.6.1", format!("{originate} AST-2019-007 {get}")),
            ("certified/16.8-cert14", format!("{originate} {get}")),
            ("20.9.2", list.to_owned()),
            ("20.11.1", String::new()),
            ("21.0.0", format!("{originate} {list} {get}")),
            ("21.4.2", list.to_owned()),
            ("22.0.0", list.to_owned()),
            ("22.10.1+dfsg", String::new()),
            ("certified/18.9-cert10", format!("{originate} {list}")),
            ("certified/20.7-cert4", String::new()),
            ("11.10.0", format!("{originate} {get} AST-2014-006")),
            ("1.8.15.0", format!("{originate} {get} AST-2012-012")),
        ] {
            assert_eq!(names(version), expected, "{version}");
        }
    }
}
