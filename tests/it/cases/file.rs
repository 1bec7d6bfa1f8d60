//! The format of a file of cases; `tests/cases/README.md` describes it.

use serde_json::Value;

/// One run of the binary and what is expected of it.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Symbolic links and what they hold.
    pub(crate) links: Vec<(String, String)>,
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) contains: Option<Vec<Vec<u8>>>,
    pub(crate) json: Option<Value>,
    pub(crate) stderr: Vec<String>,
    pub(crate) exit: i32,
}

/// A heading `name: value` and the content below it.
#[derive(Debug)]
struct Section<'t> {
    name: &'t str,
    value: &'t str,
    content: Vec<u8>,
}

/// The cases of a file.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<Case>, String> {
    let text = std::str::from_utf8(text).map_err(|e| e.to_string())?;
    let mut cases: Vec<Case> = Vec::new();
    let mut exits = Vec::new();
    for section in sections(text)? {
        if section.name == "case" {
            exits.push(false);
            cases.push(Case {
                name: section.value.into(),
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut().ok_or("a section before the first case")?;
        if section.name == "exit" {
            *exits.last_mut().expect("one for each case") = true;
        }
        let name = case.name.clone();
        add(case, section).map_err(|e| format!("{name}: {e}"))?;
    }
    for (case, exit) in cases.iter().zip(exits) {
        if case.args.is_empty() || !exit {
            return Err(format!("{}: no args or no exit", case.name));
        }
    }
    Ok(cases)
}

fn sections(text: &str) -> Result<Vec<Section<'_>>, String> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines() {
        if line.starts_with(['|', '*']) {
            let section = sections.last_mut().ok_or("content before a section")?;
            section.content.extend(content(line)?);
        } else if !line.is_empty() && !line.starts_with('#') {
            let (name, value) = line
                .split_once(':')
                .ok_or(format!("not a section: {line}"))?;
            sections.push(Section {
                name,
                value: value.trim(),
                content: Vec::new(),
            });
        }
    }
    Ok(sections)
}

fn add(case: &mut Case, section: Section<'_>) -> Result<(), String> {
    let lines = |content: &[u8]| -> Vec<Vec<u8>> {
        let content = content.strip_suffix(b"\n").unwrap_or(content);
        content.split(|&b| b == b'\n').map(<[u8]>::to_vec).collect()
    };
    match section.name {
        "args" => case.args = words(section.value)?,
        "stdin" => case.stdin = Some(section.content),
        "stdout" => case.stdout = section.content,
        "contains" => case.contains = Some(lines(&section.content)),
        "json" => {
            let json = serde_json::from_slice(&section.content).map_err(|e| e.to_string())?;
            case.json = Some(json);
        }
        "stderr" => {
            let text = String::from_utf8(section.content).map_err(|e| e.to_string())?;
            case.stderr = text.lines().map(Into::into).collect();
        }
        "exit" => case.exit = section.value.parse().map_err(|_| "exit is no number")?,
        "differs" => {}
        name => {
            if let Some(name) = name.strip_prefix("file ") {
                case.files.push((name.into(), section.content));
            } else if let Some(name) = name.strip_prefix("link ") {
                case.links.push((name.into(), section.value.into()));
            } else {
                return Err(format!("no section is called {name}"));
            }
        }
    }
    Ok(())
}

/// The bytes of a line of content: `|text` or `*N|text`.
fn content(line: &str) -> Result<Vec<u8>, String> {
    let (times, text) = line.split_once('|').ok_or(format!("no | in {line}"))?;
    let times = match times.strip_prefix('*') {
        Some(times) => number(times)?,
        None => 1,
    };
    Ok(unescape(text)?.repeat(times))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend(plain.bytes());
        let kind = escape.chars().next().ok_or("a lone backslash at the end")?;
        rest = &escape[kind.len_utf8()..];
        match kind {
            '\\' => bytes.push(b'\\'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            '0' => bytes.push(0),
            'c' if rest.is_empty() => return Ok(bytes),
            'x' => {
                let (digits, after) = rest.split_at_checked(2).ok_or("\\x needs two digits")?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|e| e.to_string())?);
                rest = after;
            }
            '{' => {
                let (run, after) = rest.split_once('}').ok_or("\\{ without }")?;
                let (times, what) = run.split_once('*').ok_or("\\{N*text} without *")?;
                bytes.extend(what.repeat(number(times)?).bytes());
                rest = after;
            }
            other => return Err(format!("\\{other} means nothing")),
        }
    }
    bytes.extend(rest.bytes());
    bytes.push(b'\n');
    Ok(bytes)
}

/// Arguments as a shell takes them apart; only `'...'` quotes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err(format!("a quote is open in {text}")),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[test]
fn content_is_bytes() {
    for (line, want) in [
        ("|a b", &b"a b\n"[..]),
        ("|", b"\n"),
        ("|a\\c", b"a"),
        ("|\\\\c", b"\\c\n"),
        ("|\\r\\t\\0\\xff|", b"\r\t\0\xff|\n"),
        ("*3|x", b"x\nx\nx\n"),
        ("|\\{4*ab}c", b"ababababc\n"),
    ] {
        assert_eq!(content(line).as_deref(), Ok(want), "{line}");
    }
    for line in ["|\\", "|\\q", "|\\x1", "*y|", "|\\{3x}"] {
        assert!(content(line).is_err(), "{line}");
    }
}

#[test]
fn arguments_are_taken_apart() {
    assert_eq!(
        words("a  'b c'd '' e").as_deref(),
        Ok(&["a", "b cd", "", "e"].map(String::from)[..])
    );
    assert!(words("'a").is_err());
}
