//! A statistic as a command of the program: parsed, run, and its end said.

use std::ffi::OsString;

use swathe::{Error, ErrorKind, Result, exec::Stop, report::Format, run::total_len};

use super::{
    DONE, FAILED, NOTHING, Session,
    args::{self, Common, Options, Shared},
    command::StatCommand,
    input, live, print,
};
use crate::{
    cli::parse::Line,
    gentle,
    output::{Policy, Shown},
    session::{self, Exit, SessionOptions},
};

/// The command line of a statistic.
pub(crate) fn line<C: StatCommand>() -> Line<Options<C::Told>> {
    args::line(C::command(), C::OPERANDS, C::flags())
}

/// Runs a statistic on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn statistic<C: StatCommand>(
    arguments: &[OsString],
) -> std::result::Result<Exit, String> {
    main(&line::<C>(), C::run, arguments)
}

/// Runs a command on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main<O: Default + 'static>(
    line: &Line<Options<O>>,
    run: impl FnOnce(&Options<O>, &mut Session<'_>) -> Result<u8>,
    arguments: &[OsString],
) -> std::result::Result<Exit, String> {
    line.run(arguments, |given| {
        let told = Options::from(given);
        begin(&told.shared)?;
        done(&told.shared, |session| run(&told, session))
    })
}

/// Finds out what is wrong about the arguments before anything is started, and makes room
/// for others if that was asked for.
fn begin(told: &Shared) -> std::result::Result<(), String> {
    if told.reading.gentle {
        gentle::start();
    }
    let wrong = |error: Error| error.to_string();
    Common::of(told, &Stop::new()).map_err(wrong)?;
    live::asked(told).map_err(wrong)?;
    Ok(())
}

/// Runs it, and says how it ended.
fn done(
    told: &Shared,
    run: impl FnOnce(&mut Session<'_>) -> Result<u8>,
) -> std::result::Result<Exit, String> {
    let shown = match print::format(told) {
        Format::Json | Format::JsonLines => Shown::Json,
        _ => Shown::Text,
    };
    let options = SessionOptions {
        policy: Policy::Blocks,
        terminator: b'\n',
        total: total_len(&input::named(&told.operands)),
        streams: told.every.is_some(),
        shown,
    };
    let whole = session::Session::start(&told.reading, options);
    let ran = {
        let mut complain = |error: &Error| {
            whole.note(error.path(), error, false);
        };
        let mut session = Session {
            out: &mut whole.output.clone(),
            output: &whole.output,
            complain: &mut complain,
            stop: &whole.interrupt.stop(),
            interrupt: &whole.interrupt,
            progress: &whole.meter,
        };
        run(&mut session)
    };
    match ran {
        Ok(DONE) => Ok(whole.end(Exit::Success)),
        Ok(NOTHING) => Ok(whole.end(Exit::NoMatch)),
        Ok(FAILED) => Ok(whole.end(Exit::Alarm)),
        Ok(_) => Ok(whole.end(Exit::Failure)),
        Err(error) if matches!(error.kind(), ErrorKind::Config(_) | ErrorKind::Pattern(_)) => {
            whole.end(Exit::Failure);
            Err(error.to_string())
        }
        Err(error) => Ok(whole.fail(&error)),
    }
}
