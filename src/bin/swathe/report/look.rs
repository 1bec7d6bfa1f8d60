//! A look at the inputs, where nobody said what a report should say.

use swathe::{
    ErrorKind,
    inspect::{Form, Inspection, inspect_head},
    run::Input,
    source::{Archive, MapPolicy, SourceOptions},
    time::Options,
};

use crate::stat::{
    Session,
    args::{Common, Shared},
};

/// What the first input that is read and has anything in it looks like, by its first bytes;
/// `None` where that is of no use. What cannot be looked at is told when it would be read.
///
/// One that cannot be opened again is held open, so that a pipe is asked what
/// the file would be.
pub(crate) fn look(
    told: &Shared,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) -> Option<Inspection> {
    if told.spec.is_some() {
        return None;
    }
    // A map costs more than the few reads it would spare.
    let options = SourceOptions {
        map: MapPolicy::Never,
        ..common.source.clone()
    };
    for input in inputs {
        let once = input.reads_once();
        // What is in an archive is not known before it is read.
        if common.archives && !once && input.is_archive(&options) {
            return None;
        }
        let options = if once { &common.source } else { &options };
        let opened = match common.looks.take_open(input) {
            Some(source) => Ok(source),
            None => common.looks.look(input, options),
        };
        let Ok(source) = opened else {
            continue;
        };
        if common.archives && once && Archive::is(&source, session.stop).unwrap_or(false) {
            common.looks.keep_open(input, source);
            return None;
        }
        let seen = match common.reading().leaves_out(input, &source) {
            Ok(true) => continue,
            Ok(false) => inspect_head(&source, &Options::default(), session.stop),
            Err(error) => Err(error),
        };
        if once {
            common.looks.keep_open(input, source);
        }
        match seen {
            Ok(seen) if seen.form == Form::Empty && !once => {}
            Ok(seen) => return Some(seen),
            // What came before the damage is read all the same.
            Err(error) if once || matches!(error.kind(), ErrorKind::Damaged(_)) => return None,
            Err(error) => common.looks.failed(input, &error),
        }
    }
    None
}
