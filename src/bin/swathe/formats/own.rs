//! Formats of one's own: files, a folder of them, and what was typed.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use swathe::format::{Formats, LogFormat, SaidFormat};

use crate::{
    cli::{usage, value},
    messages,
};

/// The largest format file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The folder of one's own formats.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let config = set("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| Some(PathBuf::from(set("HOME")?).join(".config")));
    Some(config?.join("swathe").join("formats"))
}

/// The formats that come with swathe, and one's own. What is wrong with a file is said, and
/// its format left out.
pub(crate) fn known() -> Formats {
    let mut files = Vec::new();
    // Most have no such folder.
    if let Some(Ok(entries)) = folder().map(fs::read_dir) {
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files.extend(paths.filter(|path| is_format_file(path)));
    }
    files.sort();
    let read = |path: &PathBuf| match read(path) {
        Ok(format) => Some(format),
        Err(why) => {
            messages::say(Some(path), format_args!("{why} (the format is left out)"));
            None
        }
    };
    Formats::with(files.iter().filter_map(read).collect())
}

fn is_format_file(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("toml"))
}

/// The format that a file says.
///
/// # Errors
/// Why there is none.
pub(super) fn read(path: &Path) -> Result<LogFormat, String> {
    let about = fs::metadata(path).map_err(|error| reason(&error))?;
    if !about.is_file() {
        return Err("it is no file; a format is a file NAME.toml".into());
    }
    if about.len() > LARGEST {
        return Err("it is too large for a format file".into());
    }
    let text = fs::read(path).map_err(|error| reason(&error))?;
    let text = String::from_utf8(text).map_err(|_| "it is not UTF-8".to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    LogFormat::parse(&name, &text).map_err(|error| error.to_string())
}

fn reason(error: &std::io::Error) -> String {
    swathe::Error::from(std::io::Error::from(error.kind())).to_string()
}

/// What `--log-format` says: the name of a format, a file, or how records look.
///
/// # Errors
/// When it is none of these.
pub(crate) fn said(value: &OsStr) -> Result<SaidFormat, String> {
    let path = Path::new(value);
    if is_format_file(path) {
        return read(path)
            .map(SaidFormat::one)
            .map_err(|why| format!("{}: {why}", path.display()));
    }
    let text = value::text(value)?;
    if text.contains(['$', '%', '{', ' ']) {
        let typed = LogFormat::typed(text).map(SaidFormat::one);
        return typed.map_err(|error| error.to_string());
    }
    let known = known();
    SaidFormat::named(text, &known).map_err(|error| {
        let names = known.all().flat_map(|format| {
            std::iter::once(format.name()).chain(format.aliases().iter().map(String::as_str))
        });
        let names: Vec<&str> = names.collect();
        match usage::nearest(text, names.iter().copied()) {
            Some(near) => format!("there is no format {text:?}\ndid you mean {near}?"),
            None => error.to_string(),
        }
    })
}
