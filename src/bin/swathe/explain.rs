//! What `--debug` and `--trace` say: our own messages, and those of the
//! libraries that walk, read globs and compile patterns.

use log::{LevelFilter, Log, Metadata, Record};

use crate::{messages, search::low::Explained};

struct Said;

impl Log for Said {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            let from = record.target().split("::").next().unwrap_or_default();
            // A message is one line, and has no bytes that move the cursor.
            let text = record.args().to_string();
            let text: String = text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            messages::say(None, format_args!("{level}: {from}: {text}"));
        }
    }

    fn flush(&self) {}
}

/// From now on says this much.
pub(crate) fn start(how_much: Explained) {
    let level = match how_much {
        Explained::Nothing => return,
        Explained::Debug => LevelFilter::Debug,
        Explained::Trace => LevelFilter::Trace,
    };
    if log::set_logger(&Said).is_ok() {
        log::set_max_level(level);
    }
}
