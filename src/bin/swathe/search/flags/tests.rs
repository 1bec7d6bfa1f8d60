//! Command lines and what they come to.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

use swathe::{
    pattern::{Boundary, Case},
    source::Encoding,
    walk::SortBy,
};

use super::table;
use crate::{
    cli::reading::{Io, Mmap, When},
    files::choosing::Binary,
    search::low::{Asked, Buffer, Color, Context, Listing, Low, PatternSource},
};

/// The options of a command line whose arguments are set apart by spaces.
fn low(line: &str) -> Result<Low, String> {
    let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
    low_of(&arguments)
}

fn low_of(arguments: &[OsString]) -> Result<Low, String> {
    match crate::search::typed(&crate::search::line(), arguments)? {
        Ok(low) => Ok(low),
        Err(exit) => Err(format!("{exit:?}")),
    }
}

/// Checks one property of many command lines.
fn check<T: PartialEq + std::fmt::Debug>(of: impl Fn(Low) -> T, table: &[(&str, T)]) {
    for (line, want) in table {
        let low = low(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(of(low), *want, "{line}");
    }
}

#[test]
fn the_last_mode_wins() {
    check(
        |low| low.mode,
        &[
            ("x", Asked::Lines),
            ("-c x", Asked::Count),
            ("-c -l x", Asked::FilesWithMatches),
            ("-l -c x", Asked::Count),
            ("--json -c x", Asked::Count),
            ("-c --json x", Asked::Json),
            ("--json --no-json x", Asked::Lines),
            ("-c --no-json x", Asked::Count),
            ("--json -c --no-json x", Asked::Count),
            ("-lc --count-matches x", Asked::CountMatches),
            ("-c --files-without-match x", Asked::FilesWithoutMatch),
        ],
    );
}

#[test]
fn the_last_of_a_kind_wins() {
    check(
        |low| (low.matching.case, low.matching.boundary),
        &[
            ("-i x", (Case::Insensitive, None)),
            ("-i -s x", (Case::Sensitive, None)),
            ("-siS x", (Case::Smart, None)),
            ("-w x", (Case::Sensitive, Some(Boundary::Word))),
            ("-w -x x", (Case::Sensitive, Some(Boundary::Line))),
            ("-x -i -w x", (Case::Insensitive, Some(Boundary::Word))),
        ],
    );
    check(
        |low| (low.line_number, low.with_filename, low.heading),
        &[
            ("x", (None, None, None)),
            ("-n -N x", (Some(false), None, None)),
            ("-Nn x", (Some(true), None, None)),
            ("-HI x", (None, Some(false), None)),
            ("--no-heading --heading x", (None, None, Some(true))),
            ("-N -p x", (Some(true), None, Some(true))),
            ("-p -N --no-heading x", (Some(false), None, Some(false))),
        ],
    );
    check(
        |low| low.color,
        &[
            ("x", Color::Auto),
            ("--color never -p x", Color::Always),
            ("-p --color=never x", Color::Never),
            ("--color ansi x", Color::Always),
        ],
    );
    check(
        |low| low.buffer,
        &[
            ("--line-buffered x", Buffer::Line),
            ("--line-buffered --block-buffered x", Buffer::Block),
            ("--block-buffered --no-line-buffered x", Buffer::Auto),
        ],
    );
}

#[test]
fn terminators_and_lines_override_each_other() {
    check(
        |low| (low.crlf, low.null_data),
        &[
            ("--crlf x", (true, false)),
            ("--crlf --null-data x", (false, true)),
            ("--null-data --crlf x", (true, false)),
            ("--null-data --no-crlf x", (false, true)),
        ],
    );
    check(
        |low| (low.multi_line, low.stop_on_nonmatch),
        &[
            ("-U x", (true, false)),
            ("--stop-on-nonmatch -U x", (true, false)),
            ("-U --stop-on-nonmatch x", (false, true)),
            ("--stop-on-nonmatch --no-multiline x", (false, true)),
        ],
    );
    check(
        |low| low.choosing.binary,
        &[
            ("x", Binary::Recognised),
            ("-a x", Binary::Text),
            ("-a --binary x", Binary::Searched),
            ("-uu x", Binary::Recognised),
            ("-uuu x", Binary::Searched),
            ("-uuu --no-binary x", Binary::Recognised),
            ("-a --no-binary x", Binary::Recognised),
            ("-a --no-text x", Binary::Recognised),
            ("--binary -a x", Binary::Text),
            ("-uu -a x", Binary::Text),
            ("-a -uuu x", Binary::Searched),
        ],
    );
    check(
        |low| low.no_unicode,
        &[
            ("--no-unicode x", true),
            ("--no-unicode --unicode x", false),
            ("--no-pcre2-unicode x", true),
        ],
    );
}

#[test]
fn context() {
    check(
        |low| (low.context == Context::Passthru, low.context.lines()),
        &[
            ("x", (false, (0, 0))),
            ("-C3 x", (false, (3, 3))),
            ("-A1 -C3 x", (false, (3, 1))),
            ("-C3 -A1 x", (false, (3, 1))),
            ("-B 0 -C3 x", (false, (0, 3))),
            ("-A1 -B2 x", (false, (2, 1))),
            ("-A1 -A5 x", (false, (0, 5))),
            ("-C3 --passthru x", (true, (0, 0))),
            ("--passthrough x", (true, (0, 0))),
            ("--passthru -C3 x", (false, (3, 3))),
            ("-A1 --passthru -B2 x", (false, (2, 0))),
            ("-nC3 x", (false, (3, 3))),
        ],
    );
}

#[test]
fn mapping_and_io() {
    check(
        |low| (low.reading.mmap, low.reading.io),
        &[
            ("x", (Mmap::Auto, Io::Map)),
            ("--mmap x", (Mmap::Always, Io::Map)),
            ("--mmap --no-mmap x", (Mmap::Never, Io::Read)),
            ("--no-mmap --io map x", (Mmap::Never, Io::Map)),
            ("--io read x", (Mmap::Auto, Io::Read)),
        ],
    );
    check(
        |low| {
            (
                low.reading.threads,
                low.reading.chunk_size,
                low.reading.progress,
            )
        },
        &[
            ("x", (None, 0, When::Auto)),
            ("-j4 -j0 --chunk-size 1 x", (Some(0), 1, When::Auto)),
            (
                "-j 4 --chunk-size=64K --progress always x",
                (Some(4), 65536, When::Always),
            ),
        ],
    );
    check(
        |low| matches!(low.reading.encoding, Encoding::Named(_)),
        &[
            ("-E utf-16le x", true),
            ("-E latin1 --no-encoding x", false),
            ("-Enone x", false),
        ],
    );
}

#[test]
fn values_come_in_every_form() {
    let given = |low: Low| {
        let pattern = |source| match source {
            PatternSource::Given(pattern) => pattern,
            PatternSource::File(path) => format!("<{}>", path.display()),
        };
        (
            low.patterns.into_iter().map(pattern).collect::<Vec<_>>(),
            low.positional,
        )
    };
    let table: &[(&[&str], &[&str], &[&str])] = &[
        (&["a", "b"], &[], &["a", "b"]),
        (&["-e", "a", "b"], &["a"], &["b"]),
        (&["-ea", "-e=b", "-e==c", "-e="], &["a", "b", "=c", ""], &[]),
        (
            &["--regexp=a", "--regexp", "b", "--regexp="],
            &["a", "b", ""],
            &[],
        ),
        (
            &["-e", "-a", "-e", "--", "-e", "-"],
            &["-a", "--", "-"],
            &[],
        ),
        (
            &["-e-foo", "--regexp=-x", "--regexp", "--count"],
            &["-foo", "-x", "--count"],
            &[],
        ),
        (&["-f", "p", "-e", "a", "-f-"], &["<p>", "a", "<->"], &[]),
        (&["-ne", "a", "-ie", "b", "c"], &["a", "b"], &["c"]),
        (
            &["x", "-n", "f", "-", "-i", "g"],
            &[],
            &["x", "f", "-", "g"],
        ),
        (&["--", "-x", "-n"], &[], &["-x", "-n"]),
        (&["x", "--", "-n"], &[], &["x", "-n"]),
    ];
    for (arguments, patterns, positional) in table {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        let (got, rest) = given(low_of(&arguments).unwrap());
        assert_eq!(
            (got, rest),
            (
                patterns.iter().map(ToString::to_string).collect(),
                positional.iter().map(OsString::from).collect(),
            ),
            "{arguments:?}"
        );
    }
}

#[test]
fn separators_and_text() {
    check(
        |low| low.separators.context,
        &[
            ("x", Some(b"--".to_vec())),
            ("--no-context-separator x", None),
            (
                "--no-context-separator --context-separator= x",
                Some(vec![]),
            ),
            (r"--context-separator \t\x00 x", Some(b"\t\0".to_vec())),
            ("--context-separator -- x", Some(b"--".to_vec())),
        ],
    );
    check(
        |low| (low.max_columns, low.max_count, low.path_separator),
        &[
            ("-M0 -m0 x", (None, Some(0), None)),
            ("-M 5 -M0 x", (None, None, None)),
            (
                "-M5 -m 7 --path-separator : x",
                (Some(5), Some(7), Some(b':')),
            ),
            ("--path-separator : --path-separator= x", (None, None, None)),
        ],
    );
    check(
        |low| low.replacement,
        &[
            ("-r a -r b x", Some("b".to_string())),
            ("-r= x", Some(String::new())),
        ],
    );
}

#[test]
fn what_is_not_utf_8() {
    let raw = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let path = low_of(&["x".into(), raw(b"caf\xe9")]).unwrap();
    assert_eq!(path.positional[1], raw(b"caf\xe9"));
    let error = low_of(&["-e".into(), raw(b"\xff")]).unwrap_err();
    assert!(
        error.contains("-e/--regexp: the pattern is not valid UTF-8"),
        "{error}"
    );
}

#[test]
fn wrong_command_lines_say_what_to_do() {
    for (line, want) in [
        ("--colum x", "did you mean --column?"),
        (
            "--no-such-thing-at-all x",
            "unknown flag --no-such-thing-at-all",
        ),
        ("-Z x", "unknown flag -Z"),
        ("x -e", "--regexp <PATTERN> needs a value"),
        ("--count=3 x", "--count takes no value, but got '3'"),
        ("-m many x", "-m/--max-count: 'many' is not a whole number"),
        ("-A -1 x", "-A/--after-context: '-1' is not a whole number"),
        ("--color sometimes x", "one of never, auto, always, ansi"),
        ("--colors match:fg:mauve x", "--colors: "),
        ("--path-separator ab x", "one byte is needed"),
        ("-E klingon x", "unknown encoding 'klingon'"),
        ("--chunk-size 0 x", "at least 1 byte"),
        ("-j 1000000 x", "at most"),
        #[cfg(not(feature = "pcre2"))]
        ("-P x", "--features pcre2"),
        #[cfg(not(feature = "pcre2"))]
        ("--engine pcre2 x", "--features pcre2"),
        ("--engine re2 x", "choose one of default, pcre2, auto"),
        ("--hyperlink-format x x", "--hyperlink-format: "),
        (
            "--sort size x",
            "one of path, modified, accessed, created, none",
        ),
        ("-d deep x", "-d/--max-depth: 'deep' is not a whole number"),
        ("--max-filesize 1X x", "is not a size"),
        ("--generate man x", "swathe man search"),
    ] {
        let error = low(line)
            .err()
            .unwrap_or_else(|| panic!("{line} was taken"));
        assert!(error.contains(want), "{line}: {error}");
    }
}

/// Of two flags that cannot be honoured, the one that was typed first is named.
#[test]
fn the_first_error_is_told() {
    for (line, want) in [("-m x -P y z", "--max-count"), ("-P y -m x z", "--pcre2")] {
        assert!(low(line).unwrap_err().contains(want), "{line}");
    }
}

#[test]
fn flags_without_effect_are_taken() {
    let line = "--no-config --auto-hybrid-regex --engine auto --no-pcre2 --no-pre --pre= \
                --no-search-zip --hyperlink-format none x";
    assert_eq!(low(line).unwrap().positional, ["x"]);
}

#[test]
fn the_last_of_pre_and_search_zip_wins() {
    check(
        |low| low.reading.pre.clone(),
        &[
            ("x", None),
            ("--pre cat x", Some("cat".into())),
            ("--pre cat --pre= x", None),
            ("--pre cat --no-pre x", None),
            ("--pre cat -z x", None),
            ("-z --pre cat x", Some("cat".into())),
            ("--pre cat --no-search-zip x", Some("cat".into())),
        ],
    );
}

#[test]
fn which_files() {
    check(
        |low| {
            let off = low.choosing.walk.no_ignore;
            (off.dot, off.vcs, off.files, low.choosing.walk.hidden)
        },
        &[
            ("x", (false, false, false, false)),
            ("--no-ignore x", (true, true, false, false)),
            ("--no-ignore --ignore-vcs x", (true, false, false, false)),
            ("-u --ignore x", (false, false, false, false)),
            ("-uu x", (true, true, false, true)),
            (
                "-. --no-hidden --no-ignore-files x",
                (false, false, true, false),
            ),
        ],
    );
    check(
        |low| (low.choosing.walk.sort.by, low.choosing.walk.sort.reverse),
        &[
            ("x", (SortBy::Path, false)),
            ("--sort modified x", (SortBy::Modified, false)),
            ("--sort modified --sortr path x", (SortBy::Path, true)),
            ("--sortr path --sort none x", (SortBy::Path, false)),
            ("--sortr none x", (SortBy::Path, false)),
            ("--sortr created --sort-files x", (SortBy::Path, false)),
        ],
    );
    check(
        |low| low.listing,
        &[
            ("x", None),
            ("--files", Some(Listing::Files)),
            ("--files --type-list", Some(Listing::Types)),
            ("--type-list --files -c", Some(Listing::Files)),
        ],
    );
}

#[test]
fn globs_and_types_are_checked() {
    for (line, want) in [
        ("-g { x", "-g/--glob: error parsing glob '{'"),
        ("-t nosuch x", "there is no type 'nosuch'"),
        (
            "--type-add nosuch x",
            "--type-add: 'nosuch' is not NAME:GLOB",
        ),
        ("-uuuu x", "three times"),
    ] {
        let error = low(line)
            .unwrap()
            .choosing
            .rules()
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(error.contains(want), "{line}: {error}");
    }
    let line = "--type-add web:*.html --type-add web:include:css -t web --type-clear py x";
    let rules = low(line).unwrap().choosing.rules().unwrap();
    let globs = |name| {
        let types = rules.types();
        let kind = types.iter().find(|kind| kind.name == name);
        kind.map(|kind| kind.globs.clone())
    };
    assert_eq!(globs("web").unwrap(), ["*.css", "*.html", "*.scss"]);
    assert_eq!(globs("py"), None);
}

/// Everything ripgrep 15.2 takes is known here, by the same letters and with
/// or without a value as there.
#[test]
fn ripgreps_flags_are_all_known() {
    let switches = "auto-hybrid-regex binary block-buffered byte-offset case-sensitive column \
        count count-matches crlf debug files files-with-matches files-without-match \
        fixed-strings follow glob-case-insensitive heading hidden ignore-case \
        ignore-file-case-insensitive include-zero invert-match json line-buffered line-number \
        no-line-number line-regexp max-columns-preview mmap multiline multiline-dotall \
        no-config no-ignore no-ignore-dot no-ignore-exclude no-ignore-files no-ignore-global \
        no-ignore-messages no-ignore-parent no-ignore-vcs no-messages no-pcre2-unicode \
        no-require-git no-unicode null null-data one-file-system only-matching passthru pcre2 \
        pcre2-version pretty quiet search-zip smart-case sort-files stats stop-on-nonmatch \
        text trace trim type-list unrestricted vimgrep with-filename no-filename word-regexp";
    let values = "after-context before-context color colors context context-separator \
        dfa-size-limit encoding engine field-context-separator field-match-separator file \
        generate glob hostname-bin hyperlink-format iglob ignore-file max-columns max-count \
        max-depth max-filesize path-separator pre pre-glob regex-size-limit regexp replace \
        sort sortr threads type type-add type-clear type-not";
    let negations = "no-auto-hybrid-regex no-binary no-block-buffered no-byte-offset no-column \
        no-context-separator no-crlf no-encoding no-fixed-strings no-follow \
        no-glob-case-insensitive no-heading no-hidden no-ignore-file-case-insensitive \
        no-include-zero no-invert-match no-json no-line-buffered no-max-columns-preview \
        no-mmap no-multiline no-multiline-dotall ignore ignore-dot ignore-exclude ignore-files \
        ignore-global ignore-messages ignore-parent ignore-vcs messages pcre2-unicode \
        require-git unicode no-one-file-system no-pcre2 no-pre no-search-zip no-sort-files \
        no-stats no-text no-trim";
    let table: Vec<_> = table().into_iter().map(|flag| flag.about).collect();
    for (names, takes_value) in [(switches, false), (values, true)] {
        for name in names.split_whitespace() {
            let flag = table.iter().find(|flag| flag.long == name);
            let flag = flag.unwrap_or_else(|| panic!("--{name} is not known"));
            assert_eq!(flag.value.is_some(), takes_value, "--{name}");
        }
    }
    for name in ["maxdepth", "passthrough"] {
        assert!(
            table.iter().any(|flag| flag.alias == Some(name)),
            "--{name} is not known"
        );
    }
    for name in negations.split_whitespace() {
        assert!(
            table.iter().any(|flag| flag.negation == Some(name)),
            "--{name} is not known"
        );
    }
    for (letters, takes_value) in [
        ("bsclFL.ivnNxU0oPpqzSauHIw", false),
        ("ABCEfgMmderjtT", true),
    ] {
        for letter in letters.chars() {
            let flag = table.iter().find(|flag| flag.short == Some(letter));
            assert_eq!(
                flag.map(|f| f.value.is_some()),
                Some(takes_value),
                "-{letter}"
            );
        }
    }
}

/// A flag without help would be taken and never be told of.
#[test]
fn only_refusals_are_hidden() {
    for flag in table() {
        let about = flag.about;
        assert_eq!(
            about.is_hidden(),
            about.long == "generate",
            "--{}",
            about.long
        );
        let help = about.help();
        assert!(help.len() <= 52, "--{}: {help}", about.long);
    }
}

#[test]
fn the_last_engine_wins() {
    use swathe::pattern::Engine;
    check(
        |low| low.engine,
        &[
            ("x", Engine::Default),
            ("--auto-hybrid-regex x", Engine::Auto),
            ("--engine auto --no-pcre2 x", Engine::Default),
            ("--engine auto --no-auto-hybrid-regex x", Engine::Default),
            #[cfg(feature = "pcre2")]
            ("-P x", Engine::Pcre2),
            #[cfg(feature = "pcre2")]
            ("-P --engine default x", Engine::Default),
        ],
    );
}
