//! Which files a statistic reads: what was named, and what a walk finds there.

use clap::{ArgMatches, Command};
use memchr::memchr;
use swathe::{
    Error, ErrorKind, Result,
    chunk::{Feed, FeedOptions, Record},
    exec::Stop,
    report::ErrorRow,
    source::{Source, SourceOptions},
};

use super::{Session, args::Common, input::Input, usage};
use crate::{
    cli::{
        flag::{Flag, Group},
        parse,
    },
    files::{
        Event,
        choosing::{Chooses, Choosing},
        flags,
        walk::Files,
    },
    inputs, looks,
};

/// So much of a file decides whether it is binary.
const HEAD: usize = 64 << 10;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    choosing: Choosing,
    /// Binary files that a walk finds are read too.
    pub(crate) binary: bool,
}

impl Chooses for Chosen {
    fn choosing(&mut self) -> &mut Choosing {
        &mut self.choosing
    }

    fn read_binary(&mut self, yes: bool) {
        self.binary = yes;
    }
}

fn table() -> Vec<Flag<Chosen>> {
    let mut all = flags::flags();
    all.extend(Flag::grouped(
        Group::Files,
        [
            Flag::switch(
                "text",
                "Read binary files that a walk finds too",
                |low: &mut Chosen, on| low.binary = on,
            )
            .short('a')
            .no("no-text")
            .more(
                "A file that a walk finds is binary if there is a NUL byte in its first 64 KiB. \
                 One that is named is always read.",
            ),
            Flag::switch("binary", "The same as --text", |low: &mut Chosen, on| {
                low.binary = on;
            })
            .no("no-binary"),
        ],
    ));
    all
}

/// Gives the command the flags; its own go before them.
pub(crate) fn add(command: Command) -> Command {
    let free: Vec<_> = {
        let own: Vec<_> = command.get_arguments().collect();
        let has_long = |long: &str| own.iter().any(|arg| arg.get_long() == Some(long));
        let has_short = |short| own.iter().any(|arg| arg.get_short() == Some(short));
        let free = table().into_iter().filter(|flag| !has_long(flag.long));
        free.map(|flag| Flag {
            short: flag.short.filter(|&short| !has_short(short)),
            brief: false,
            ..flag
        })
        .collect()
    };
    parse::add(command, &free)
}

/// What the flags of these matches say.
///
/// # Errors
/// When they make no sense.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Chosen> {
    // A flag of the same name that is the command's own has another type.
    let is_ours = |flag: &Flag<Chosen>| {
        let long = matches.try_get_many::<std::ffi::OsString>(flag.long);
        long.is_ok()
            && matches
                .try_contains_id(flag.negation.unwrap_or(flag.long))
                .is_ok()
    };
    let ours: Vec<_> = table().into_iter().filter(is_ours).collect();
    let mut chosen = Chosen::default();
    parse::apply(&ours, matches, &mut chosen).map_err(usage)?;
    // Under `stats`, -L is the letter of wc; without --wc it follows links.
    let flag = |name| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true);
    if flag("max-line-length") && !flag("wc") {
        chosen.choosing.follow = true;
    }
    Ok(chosen)
}

/// The files to read, and what went wrong when they were looked for.
#[derive(Debug)]
pub(crate) struct Expanded {
    pub(crate) inputs: Vec<Input>,
    pub(crate) errors: Vec<ErrorRow>,
}

/// The files of these inputs: those of directories by the rules of the flags,
/// those of lists in their order.
///
/// # Errors
/// When there is nothing to read, a list cannot be read, or globs and types
/// make no sense.
pub(crate) fn expand(
    named: Vec<Input>,
    common: &Common,
    session: &mut Session<'_>,
) -> Result<Expanded> {
    let chosen = &common.files;
    let rules = chosen.choosing.rules().map_err(usage)?;
    let mut named = named;
    if chosen.choosing.files_from.is_empty() {
        Input::check(&named)?;
    } else {
        named.retain(|input| *input != Input::Stdin { named: false });
        let stdin = named.contains(&Input::Stdin { named: true });
        let listed = chosen.choosing.listed(stdin).map_err(usage)?;
        named.extend(listed.into_iter().map(|input| Input::of(&input, false)));
    }
    let walks = |input: &Input| input.path().is_some_and(std::path::Path::is_dir);
    let mut errors = Vec::new();
    if !named.iter().any(walks) {
        return Ok(Expanded {
            inputs: named,
            errors,
        });
    }
    let roots = named.iter().map(|input| match input.path() {
        Some(path) => inputs::Input::Path(path.to_path_buf()),
        None => inputs::Input::Stdin,
    });
    let files = Files::new(roots.collect(), rules, false);
    let mut inputs = Vec::new();
    for event in files {
        match event {
            Event::File(found) => inputs.push(Input::of(&found.input, found.walked)),
            Event::Trouble(trouble) => {
                let kind = ErrorKind::Config(trouble.text);
                let error = match trouble.path {
                    Some(path) => Error::at(path, kind),
                    None => Error::new(kind),
                };
                if common.messages {
                    (session.complain)(&error);
                }
                if !trouble.soft {
                    errors.push(ErrorRow::from(&error));
                }
            }
        }
        if session.stop.is_set() {
            break;
        }
    }
    Ok(Expanded { inputs, errors })
}

/// Whether a file that a walk found is to be left out as binary.
///
/// # Errors
/// When its first bytes cannot be read, or those of a packed one, which is opened once more
/// for it, are no longer what they were.
pub(crate) fn is_binary(input: &Input, source: &Source, options: &SourceOptions) -> Result<bool> {
    let nul = |bytes: &[u8]| memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some();
    if let Some(bytes) = source.as_slice() {
        let found = nul(bytes);
        if found && !source.is_intact(HEAD as u64) {
            // What a file has lost reads as zeros in its map.
            source.verify_published(0)?;
        }
        return Ok(found);
    }
    if let Some(len) = source.len() {
        let mut head = vec![0; HEAD.min(usize::try_from(len).unwrap_or(HEAD))];
        source.read_at(&mut head, 0)?;
        return Ok(nul(&head));
    }
    let Some(seen) = source.seen() else {
        // A stream that cannot be had again: it is as if nobody had looked.
        return Ok(nul(&source.head(HEAD, &Stop::new())?));
    };
    let again = looks::open(input.path(), options, Some(&seen))?;
    let cut = FeedOptions {
        size: HEAD as u64,
        record: Record::default(),
        range: None,
        look_ahead: false,
    };
    let first = Feed::new(&again, cut, &Stop::new())?.next_piece();
    let first = first.and_then(|piece| {
        let Some(piece) = piece else { return Ok(false) };
        let mut buffer = Vec::new();
        piece.fetch(&mut buffer)?;
        Ok(nul(piece.view(&buffer).bytes))
    });
    match first {
        // It is met again, and said, when all of it is read.
        Err(error) if matches!(error.kind(), ErrorKind::Damaged(_)) => Ok(false),
        first => first,
    }
}

/// Says how many files were left out.
pub(crate) fn tell_skipped(skipped: u64, session: &mut Session<'_>) {
    let files = match skipped {
        0 => return,
        1 => "1 binary file was".to_string(),
        many => format!("{many} binary files were"),
    };
    let text = format!("{files} left out of what a walk found (-a reads them, naming them too)");
    (session.complain)(&Error::new(ErrorKind::Config(text)));
}
