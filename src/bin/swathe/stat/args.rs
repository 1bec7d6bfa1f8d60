//! The flags every statistic has.

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use swathe::{
    Result,
    exec::Stop,
    report::Format,
    run::{Looks, Reading},
    source::{Encoding, MapPolicy, SourceOptions, SpillOptions},
    statistic::LineEnding,
};

use super::{
    Session, fail_if, files, keep, live, print, selecting, size::parse_positive_size, usage,
};

/// What the flags say.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) threads: usize,
    pub(crate) chunk_size: u64,
    pub(crate) source: SourceOptions,
    pub(crate) line_ending: Option<LineEnding>,
    pub(crate) format: Format,
    pub(crate) messages: bool,
    /// Which files are read.
    pub(crate) files: files::Chosen,
    /// Members of archives are read one by one.
    pub(crate) archives: bool,
    /// Which records count.
    pub(crate) asked: selecting::Asked,
    /// What was seen of inputs before they are read.
    pub(crate) looks: Looks,
}

impl Common {
    /// How inputs are read.
    pub(crate) fn reading(&self) -> Reading {
        Reading {
            threads: self.threads,
            chunk_size: self.chunk_size,
            source: self.source.clone(),
            archives: self.archives,
            binary: self.files.binary,
            looks: self.looks.clone(),
        }
    }

    /// What is needed to look at inputs before they are read.
    pub(crate) fn looks(&self) -> (&Looks, &SourceOptions) {
        (&self.looks, &self.source)
    }
}

/// Gives the command the flags.
pub(crate) fn add(command: Command) -> Command {
    let choice = |name: &'static str, values: &[&'static str]| {
        Arg::new(name)
            .long(name)
            .value_name("WHEN")
            .hide_possible_values(true)
            .value_parser(PossibleValuesParser::new(values.to_vec()))
            .default_value(values[0])
            .help_heading("Reading and printing")
    };
    files::add(print::add(selecting::add(command)).args([
        threads_arg(),
        Arg::new("chunk-size")
            .long("chunk-size")
            .value_name("SIZE")
            .value_parser(parse_positive_size)
            .help_heading("Reading and printing")
            .hide_short_help(true)
            .help("Hand out the input in pieces of about SIZE bytes (K, M, G)"),
        choice("io", &["auto", "map", "read"])
            .value_name("HOW")
            .hide_short_help(true)
            .help("Read regular files by map or read; auto chooses"),
        choice("line-ending", &["auto", "lf", "crlf"])
            .value_name("ENDING")
            .hide_short_help(true)
            .help("A \\r before a \\n is content (lf) or not (crlf); auto looks at the first line"),
        encoding_arg(),
        gentle(),
        keep::arg().hide_short_help(true),
        fail_if::arg(),
        live::arg(),
        Arg::new("timing")
            .long("timing")
            .action(ArgAction::SetTrue)
            .help_heading("Reading and printing")
            .hide_short_help(true)
            .help("Say how long it took, with the threads and the version"),
        choice("progress", &["auto", "always", "never"])
            .hide_short_help(true)
            .help("Show how far the run has come: auto, always, never"),
        Arg::new("no-decompress")
            .long("no-decompress")
            .action(ArgAction::SetTrue)
            .help_heading("Reading and printing")
            .hide_short_help(true)
            .help("Take packed input (gzip, zstd, xz, bzip2, lz4) as it is stored"),
        max_decompressed(),
        Arg::new("search-zip")
            .short('z')
            .long("search-zip")
            .action(ArgAction::SetTrue)
            .conflicts_with("no-decompress")
            .hide(true),
        Arg::new("archives")
            .long("archives")
            .action(ArgAction::SetTrue)
            .overrides_with("no-archives")
            .help_heading("Reading and printing")
            .hide(true)
            .help("Read the members of tar and zip files, packed or not, as files of their own"),
        Arg::new("no-archives")
            .long("no-archives")
            .action(ArgAction::SetTrue)
            .overrides_with("archives")
            .help_heading("Reading and printing")
            .hide_short_help(true)
            .help("Take tar and zip files as the bytes they are; default: each member is a file"),
        no_messages(),
    ]))
}

fn no_messages() -> Arg {
    Arg::new("no-messages")
        .long("no-messages")
        .action(ArgAction::SetTrue)
        .help_heading("Reading and printing")
        .hide_short_help(true)
        .help("Do not say which files could not be read")
}

fn threads_arg() -> Arg {
    Arg::new("threads")
        .short('j')
        .long("threads")
        .value_name("N")
        .value_parser(value_parser!(usize))
        .default_value("0")
        .hide_default_value(true)
        .help_heading("Reading and printing")
        .help("Use N threads (0, the default: all cores we may use)")
}

fn encoding_arg() -> Arg {
    Arg::new("encoding")
        .short('E')
        .long("encoding")
        .value_name("NAME")
        .default_value("auto")
        .help_heading("Reading and printing")
        .hide_short_help(true)
        .help("What the text is in; auto looks for a byte order mark, none decodes nothing")
}

fn max_decompressed() -> Arg {
    Arg::new("max-decompressed")
        .long("max-decompressed")
        .value_name("SIZE")
        .value_parser(parse_positive_size)
        .help_heading("Reading and printing")
        .hide_short_help(true)
        .help("Read at most SIZE bytes (K, M, G) of what a packed input unpacks to")
}

fn gentle() -> Arg {
    Arg::new("gentle")
        .long("gentle")
        .action(ArgAction::SetTrue)
        .help_heading("Reading and printing")
        .hide_short_help(true)
        .help("Let others go first: a quarter of the cores, lowest priority, no page cache kept")
}

/// The same; what waits for input ends with the session.
///
/// # Errors
/// As [`parse`].
pub(crate) fn of(matches: &ArgMatches, session: &Session<'_>) -> Result<Common> {
    let mut common = parse(matches)?;
    common.source.stop = session.stop.clone();
    Ok(common)
}

/// What the flags of these matches say.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Common> {
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let gentle = matches.get_flag("gentle");
    let threads = match matches.get_one::<usize>("threads") {
        None | Some(0) if gentle => crate::gentle::threads(cores),
        None | Some(0) => cores,
        Some(&threads) => threads,
    };
    Ok(Common {
        threads,
        chunk_size: matches.get_one("chunk-size").copied().unwrap_or(0),
        source: SourceOptions {
            keep_packed: matches.get_flag("no-decompress"),
            max_unpacked: matches.get_one("max-decompressed").copied(),
            unpack_threads: threads,
            give_back: gentle,
            spill: Some(SpillOptions::in_directory(std::env::temp_dir())),
            map: match text("io") {
                "read" => MapPolicy::Never,
                "map" => MapPolicy::Guarded,
                _ => MapPolicy::Auto,
            },
            encoding: encoding(text("encoding"))?,
            strip_bom: false,
            stop: Stop::new(),
        },
        line_ending: match text("line-ending") {
            "lf" => Some(LineEnding::Lf),
            "crlf" => Some(LineEnding::Crlf),
            _ => None,
        },
        format: print::format(matches)?,
        archives: !matches.get_flag("no-archives"),
        messages: !matches.get_flag("no-messages"),
        files: files::parse(matches)?,
        asked: selecting::parse(matches)?,
        looks: Looks::default(),
    })
}

fn encoding(label: &str) -> Result<Encoding> {
    match label {
        "auto" => Ok(Encoding::Auto),
        "none" => Ok(Encoding::Raw),
        _ => encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
            .map(Encoding::Named)
            .ok_or_else(|| {
                usage(format!(
                    "unknown encoding {label:?} for --encoding; try auto, none, utf-16le, latin1"
                ))
            }),
    }
}
