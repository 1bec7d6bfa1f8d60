//! A look at inputs before anything is asked of them.

use super::{Input, Reading};
use crate::{
    error::ErrorKind,
    exec::Stop,
    inspect::{Form, Inspection, inspect_head},
    source::{Archive, MapPolicy, SourceOptions},
    time::Options,
};

/// What the first input that is read and has anything in it looks like, by its first bytes;
/// `None` where that is of no use. What cannot be looked at is told when it would be read.
///
/// One that cannot be opened again is held open in [`Reading::looks`], so that a pipe is asked
/// what the file would be.
pub fn first_look(inputs: &[Input], reading: &Reading, stop: &Stop) -> Option<Inspection> {
    // A map costs more than the few reads it would spare.
    let options = SourceOptions {
        map: MapPolicy::Never,
        ..reading.source.clone()
    };
    let looks = &reading.looks;
    for input in inputs {
        let once = input.reads_once();
        // What is in an archive is not known before it is read.
        if reading.archives && !once && input.is_archive(&options) {
            return None;
        }
        let options = if once { &reading.source } else { &options };
        let opened = match looks.take_open(input) {
            Some(source) => Ok(source),
            None => looks.look(input, options),
        };
        let Ok(source) = opened else {
            continue;
        };
        if reading.archives && once && Archive::is(&source, stop).unwrap_or(false) {
            looks.keep_open(input, source);
            return None;
        }
        let seen = match reading.leaves_out(input, &source) {
            Ok(true) => continue,
            Ok(false) => inspect_head(&source, &Options::default(), stop),
            Err(error) => Err(error),
        };
        if once {
            looks.keep_open(input, source);
        }
        match seen {
            Ok(seen) if seen.form == Form::Empty && !once => {}
            Ok(seen) => return Some(seen),
            // What came before the damage is read all the same.
            Err(error) if once || matches!(error.kind(), ErrorKind::Damaged(_)) => return None,
            Err(error) => looks.failed(input, &error),
        }
    }
    None
}
