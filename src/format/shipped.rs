//! The formats that come with swathe: the files of `formats/`.

use std::sync::LazyLock;

use super::LogFormat;

/// Each file's name without `.toml`, and its text.
const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/formats.rs"));

/// Parsed when the first of them is asked for, since most commands ask for none.
static ALL: LazyLock<Vec<LogFormat>> = LazyLock::new(|| {
    let parsed = FILES
        .iter()
        .map(|(name, text)| LogFormat::shipped(name, text));
    // A file that cannot be parsed fails the test of this module.
    parsed.filter_map(Result::ok).collect()
});

/// All of them, in the order of their names.
pub(super) fn all() -> &'static [LogFormat] {
    &ALL
}

/// The one of this name.
pub(super) fn named(name: &str) -> Option<&'static LogFormat> {
    let place = ALL.binary_search_by(|format| format.name().cmp(name));
    place.ok().map(|place| &ALL[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Formats;

    #[test]
    fn all_can_be_parsed() {
        for (name, text) in FILES {
            if let Err(error) = LogFormat::parse(name, text) {
                panic!("formats/{name}.toml: {error}");
            }
        }
        assert!(FILES.is_sorted());
    }

    /// What each sample says, and that a source of such lines is known by them.
    #[test]
    fn samples_say_what_their_files_have() {
        let mut wrong = Vec::new();
        for format in all() {
            let said = format.test();
            wrong.extend(said.iter().map(|what| format!("{}: {what}", format.name())));
            let samples = format.samples();
            let lines = samples.iter().map(|sample| sample.line.as_str());
            let text = lines.collect::<Vec<_>>().join("\n") + "\n";
            let found = Formats::default().detect(text.as_bytes());
            let found = found.as_ref().map(LogFormat::name);
            if found != Some(format.name()) {
                wrong.push(format!("{}: it is taken for {found:?}", format.name()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
