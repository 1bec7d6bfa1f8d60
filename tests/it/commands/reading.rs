//! Ways to read the same input, and running a command in one of them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{inputs::Input, random::Random};
use crate::pack;

/// How input is read, and by whom.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) threads: u64,
    /// `None` for the default.
    pub(super) chunk: Option<u64>,
    pub(super) from: From,
}

/// Where input comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum From {
    Map,
    Read,
    /// Packed in the way that has this place in [`PACKINGS`].
    Packed(usize),
    /// Standard input is a file.
    Redirected,
    /// Standard input is a pipe, written in pieces of these sizes.
    Pipe(u64),
    /// The same, packed.
    PackedPipe(usize),
}

type Pack = fn(&[u8]) -> Vec<u8>;

/// How files are packed, and in which folder they then lie.
pub(super) const PACKINGS: [(&str, Pack); 8] = [
    ("gzip", pack::gzip),
    ("bgzip", pack::bgzip),
    ("zstd", pack::zstd),
    ("zstd-frames", pack::zstd_frames),
    ("xz", pack::xz),
    ("bzip2", pack::bzip2),
    ("lz4", pack::lz4),
    ("compress", pack::compress),
];

impl From {
    pub(super) fn is_stdin(self) -> bool {
        matches!(self, From::Redirected | From::Pipe(_) | From::PackedPipe(_))
    }
}

impl Way {
    /// One of the plainest.
    pub(super) fn plain(from: From) -> Way {
        Way {
            threads: 1,
            chunk: None,
            from,
        }
    }

    /// Any, with chunks of which the input has not too many.
    pub(super) fn any(from: From, len: usize, random: &mut Random) -> Way {
        let least = len as u64 / 2000 + 1;
        let sizes = [1, 7, 64, 700, 4096, 32 << 10, 64 << 10, 1 << 20];
        let chunk = (!random.one_in(6)).then(|| *random.pick(&sizes));
        Way {
            threads: *random.pick(&[1, 2, 3, 4, 8]),
            chunk: chunk.map(|chunk| chunk.max(least)),
            from,
        }
    }
}

/// A folder with the inputs, plain and packed, under the same names.
#[derive(Debug)]
pub(super) struct Files {
    root: PathBuf,
    inputs: Vec<(&'static str, Vec<u8>)>,
}

/// The names of inputs, in their order.
const NAMES: [&str; 2] = ["a.log", "b.log"];

impl Files {
    pub(super) fn new(name: &str, inputs: &[Input]) -> Files {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let inputs = NAMES.iter().zip(inputs);
        let inputs: Vec<_> = inputs.map(|(name, i)| (*name, i.bytes.clone())).collect();
        let files = Files { root, inputs };
        files.write("plain", <[u8]>::to_vec);
        files
    }

    fn write(&self, folder: &str, pack: impl Fn(&[u8]) -> Vec<u8>) {
        let folder = self.root.join(folder);
        if folder.exists() {
            return;
        }
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("spec.toml"), SPEC).expect("a file");
        for (name, bytes) in &self.inputs {
            fs::write(folder.join(name), pack(bytes)).expect("a file");
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.inputs.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The command with what says how, and what it comes to.
    pub(super) fn run(&self, args: &[String], files: usize, way: &Way) -> (Vec<String>, Output) {
        let folder = match way.from {
            From::Packed(at) => {
                let (folder, pack) = PACKINGS[at];
                self.write(folder, pack);
                folder
            }
            _ => "plain",
        };
        let mut all = args.to_vec();
        all.push(format!("--threads={}", way.threads));
        all.extend(way.chunk.map(|chunk| format!("--chunk-size={chunk}")));
        match way.from {
            From::Map => all.push("--io=map".into()),
            From::Read => all.push("--io=read".into()),
            _ => {}
        }
        if way.from.is_stdin() {
            all.push("-".into());
        } else {
            let names = self.inputs.iter().take(files);
            all.extend(names.map(|(name, _)| (*name).to_string()));
        }
        let output = self.spawn(&self.root.join(folder), &all, way.from);
        (all, output)
    }

    fn spawn(&self, folder: &Path, args: &[String], from: From) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command.current_dir(folder).args(args);
        for name in ["SWATHE_CONFIG_PATH", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let (name, bytes) = &self.inputs[0];
        let (bytes, piece) = match from {
            From::Redirected => {
                let file = fs::File::open(folder.join(name)).expect("a file");
                let output = command.stdin(file).output();
                return output.expect("the program runs");
            }
            From::Pipe(piece) => (bytes.clone(), piece),
            From::PackedPipe(at) => (PACKINGS[at].1(bytes), 5000),
            _ => {
                let output = command.stdin(Stdio::null()).output();
                return output.expect("the program runs");
            }
        };
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for piece in bytes.chunks(piece as usize) {
                    // Who has enough closes the pipe.
                    if pipe.write_all(piece).is_err() {
                        break;
                    }
                }
            });
            child.wait_with_output().expect("the program ends")
        })
    }

    /// They have served; after a failure they stay, to be looked at.
    pub(super) fn remove(self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A report with a section of each kind.
const SPEC: &str = r#"
[[section]]
kind = "stats"

[[section]]
kind = "count"
regexp = ["ERROR", "user=u1", "at com"]

[[section]]
kind = "top"
by = "field:2"
distinct = "field:3"

[[section]]
kind = "top"
regexp = 'user=(\w+)'
limit = 3

[[section]]
kind = "values"
regexp = '(\d+)ms'
by = "level"

[[section]]
kind = "timeline"
by = "level"

[[section]]
kind = "templates"
"#;
