//! What is looked for: gathered from the command line and from files, and
//! compiled.

use std::{collections::HashSet, ffi::OsString, io, path::Path};

use bstr::ByteSlice as _;
use swathe::{
    harmless,
    pattern::{Engine, PatternOptions, Patterns},
    run::Input,
};

use super::low::PatternSource;
use crate::operands::are_inputs;

/// Patterns in the order they were given, none twice.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Gathered {
    pub(super) patterns: Vec<String>,
    /// Standard input was read for them, so it cannot be searched.
    pub(super) stdin_consumed: bool,
}

/// Gathers the patterns. If no flag gives one, the first positional argument
/// is the pattern, and is taken out; but where the search is `filtered` by flags,
/// none may be meant: then every line matches.
///
/// # Errors
/// When there is none, or a file of patterns cannot be read.
pub(super) fn gather(
    sources: &[PatternSource],
    positional: &mut Vec<OsString>,
    filtered: bool,
    read: impl Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Gathered, String> {
    if sources.is_empty() && filtered && (positional.is_empty() || are_inputs(positional)) {
        return Ok(Gathered {
            patterns: vec![String::new()],
            stdin_consumed: false,
        });
    }
    if sources.is_empty() {
        if positional.is_empty() {
            return Err("there is no pattern to look for\n\
                 write swathe search PATTERN FILE..., or -h for examples"
                .to_string());
        }
        let pattern = positional.remove(0).into_string().map_err(|_| {
            "the pattern is not valid UTF-8; match such bytes with (?-u:\\xFF)".to_string()
        })?;
        return Ok(Gathered {
            patterns: vec![pattern],
            stdin_consumed: false,
        });
    }
    let mut gathered = Gathered::default();
    // A file of patterns may repeat itself thousands of times, and each would
    // be parsed.
    let mut seen = HashSet::new();
    let mut add = |pattern: &str| {
        if seen.insert(pattern.to_string()) {
            gathered.patterns.push(pattern.to_string());
        }
    };
    for source in sources {
        match source {
            PatternSource::Given(pattern) => add(pattern),
            PatternSource::File(path) => {
                if path == Path::new("-") && std::mem::replace(&mut gathered.stdin_consumed, true) {
                    return Err("-f - was given twice, but standard input can be read once".into());
                }
                from_file(path, &read, &mut add)?;
            }
        }
    }
    Ok(gathered)
}

fn from_file(
    path: &Path,
    read: impl Fn(&Path) -> io::Result<Vec<u8>>,
    add: &mut impl FnMut(&str),
) -> Result<(), String> {
    let name = harmless::name(path);
    let bytes = read(path).map_err(|e| {
        let error = swathe::Error::from(e);
        format!("-f/--file: {name}: {error}")
    })?;
    for (number, line) in bytes.lines().enumerate() {
        add(line.to_str().map_err(|e| {
            format!(
                "-f/--file: {name}, line {}: byte {} is not valid UTF-8; \
                 match such bytes with (?-u:\\xFF)",
                number + 1,
                e.valid_up_to()
            )
        })?);
    }
    Ok(())
}

/// Reads a file of patterns; `-` is standard input.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return std::fs::read(path);
    }
    Input::Stdin
        .bytes()
        .map_err(|error| io::Error::other(error.kind().to_string()))
}

/// Compiles the patterns.
///
/// # Errors
/// When one cannot be, with what to do about it.
pub(super) fn compile(
    options: &PatternOptions,
    engine: Engine,
    patterns: &[String],
) -> Result<Patterns, String> {
    options.compile_with(engine, patterns).map_err(|error| {
        let error = error.to_string();
        match advice(&error) {
            Some(advice) => format!("{error}\n{advice}"),
            None => error,
        }
    })
}

/// What to do about an error of the regex engine, recognised by its words.
fn advice(error: &str) -> Option<&'static str> {
    let known = [
        (
            "look-around",
            if cfg!(feature = "pcre2") {
                "PCRE2 can do it: -P/--pcre2"
            } else {
                "this build has no PCRE2; often --and or --not does it, with plain patterns"
            },
        ),
        (
            "backreferences",
            if cfg!(feature = "pcre2") {
                "PCRE2 can do it: -P/--pcre2; to look for the text \\1 itself, use -F"
            } else {
                "this build has no PCRE2; to look for the text \\1 itself, use -F/--fixed-strings"
            },
        ),
        (
            "not allowed in a regex",
            "a match ends with its line; to let it span lines, use -U/--multiline",
        ),
        (
            "impossible to match",
            "files with NUL bytes are taken for binary; to search them as text, use -a/--text",
        ),
        (
            "size limit",
            "to allow more, use --regex-size-limit, for example --regex-size-limit 100M",
        ),
        (
            "regex parse error",
            "to look for this very text, use -F/--fixed-strings",
        ),
    ];
    known
        .into_iter()
        .find(|(words, _)| error.contains(words))
        .map(|(_, advice)| advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pattern: &str) -> PatternSource {
        PatternSource::Given(pattern.to_string())
    }

    fn file(path: &str) -> PatternSource {
        PatternSource::File(path.into())
    }

    fn files(path: &Path) -> io::Result<Vec<u8>> {
        match path.to_str() {
            Some("two") => Ok(b"b\r\na\n".to_vec()),
            Some("blank") => Ok(b"x\n\ny".to_vec()),
            Some("none") => Ok(vec![]),
            Some("-") => Ok(b"stdin\n".to_vec()),
            Some("latin1") => Ok(b"ok\ncaf\xe9\n".to_vec()),
            _ => Err(io::Error::from_raw_os_error(2)),
        }
    }

    #[test]
    fn patterns_keep_their_order_and_come_once() {
        for (sources, want) in [
            (vec![given("b"), given("a"), given("b")], vec!["b", "a"]),
            (
                vec![given("a"), file("two"), given("c")],
                vec!["a", "b", "c"],
            ),
            (vec![file("blank")], vec!["x", "", "y"]),
            (vec![file("none")], vec![]),
            (vec![file("-"), given("a")], vec!["stdin", "a"]),
        ] {
            let mut positional = vec![OsString::from("path")];
            let gathered = gather(&sources, &mut positional, false, files).unwrap();
            assert_eq!(gathered.patterns, want, "{sources:?}");
            assert_eq!(gathered.stdin_consumed, sources.contains(&file("-")));
            assert_eq!(positional, ["path"]);
        }
    }

    #[test]
    fn the_first_argument_is_the_pattern() {
        let mut positional = vec![OsString::from("a"), OsString::from("b")];
        let gathered = gather(&[], &mut positional, false, files).unwrap();
        assert_eq!(
            (gathered.patterns, positional),
            (vec!["a".to_string()], vec!["b".into()])
        );
        assert!(gather(&[], &mut vec![], false, files).is_err());
    }

    #[test]
    fn filters_need_no_pattern() {
        for (operands, filtered, pattern, left) in [
            (&["a", "Cargo.toml"][..], true, "a", 1),
            (&["a"], true, "a", 0),
            (&["."], true, ".", 0),
            (&["Cargo.toml"], true, "", 1),
            (&["src"], true, "", 1),
            (&["Cargo.toml", "README.md"], true, "", 2),
            (&[], true, "", 0),
            (&["Cargo.toml"], false, "Cargo.toml", 0),
            (&["Cargo.toml", "README.md"], false, "Cargo.toml", 1),
        ] {
            let mut positional: Vec<OsString> = operands.iter().map(OsString::from).collect();
            let gathered = gather(&[], &mut positional, filtered, files).unwrap();
            assert_eq!(gathered.patterns, [pattern], "{operands:?}");
            assert_eq!(positional.len(), left, "{operands:?}");
        }
        // A pattern that was given is one.
        let mut positional = vec![OsString::from("Cargo.toml")];
        let gathered = gather(&[given("x")], &mut positional, true, files).unwrap();
        assert_eq!((&*gathered.patterns[0], positional.len()), ("x", 1));
    }

    #[test]
    fn what_is_wrong_is_said() {
        use std::os::unix::ffi::OsStringExt as _;
        for (sources, positional, want) in [
            (
                vec![],
                vec![OsString::from_vec(vec![0xff])],
                "not valid UTF-8",
            ),
            (vec![file("gone")], vec![], "gone: No such file"),
            (vec![file("latin1")], vec![], "latin1, line 2: byte 3"),
            (vec![file("-"), file("-")], vec![], "given twice"),
        ] {
            let error = gather(&sources, &mut positional.clone(), false, files).unwrap_err();
            assert!(error.contains(want), "{error}");
        }
    }

    #[test]
    fn advice_for_patterns_that_do_not_compile() {
        let ban_nul = PatternOptions {
            ban_nul: true,
            ..PatternOptions::default()
        };
        for (pattern, want) in [
            ("(?=a)", "PCRE2"),
            (r"(a)\1", "PCRE2"),
            (r"a\nb", "use -U"),
            (r"a\x00b", "use -a"),
            ("(a", "use -F"),
            (r"\w{1000}{1000}", "--regex-size-limit"),
        ] {
            let error = compile(&ban_nul, Engine::Default, &[pattern.to_string()]).unwrap_err();
            assert!(error.contains(want), "{pattern}: {error}");
        }
    }
}
