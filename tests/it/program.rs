//! The built program, run in a folder of its own.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Whether a line on standard error is about what records have, which is no trouble.
pub(crate) fn is_of_content(line: &str) -> bool {
    line.starts_with("swathe: no record has ") || line.contains(": timestamps have no year: ")
}

/// A folder with files to run the program in; it is gone when this is.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty one; `name` is one no other test uses.
    pub(crate) fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), content).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).expect("a file")
    }

    /// Adds to the end of a file.
    pub(crate) fn append(&self, name: &str, content: impl AsRef<[u8]>) {
        let mut file = fs::File::options();
        let file = file.append(true).create(true).open(self.0.join(name));
        let mut file = file.expect("a file");
        file.write_all(content.as_ref()).expect("room");
    }

    /// Gives a file another name.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.0.join(from), self.0.join(to)).expect("a file");
    }

    /// Where a file of this name is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What a command says that is given this on standard input.
    pub(crate) fn run<A: AsRef<str>>(&self, args: &[A], stdin: &[u8]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command.current_dir(&self.0);
        command.args(args.iter().map(AsRef::as_ref));
        for name in ["SWATHE_CONFIG_PATH", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // Who has enough closes the pipe.
                let _ = pipe.write_all(stdin);
            });
            child.wait_with_output().expect("the program ends")
        })
    }

    /// The same where standard input is a file of this name.
    pub(crate) fn run_on_file<A: AsRef<str>>(&self, args: &[A], name: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command.current_dir(&self.0);
        command.args(args.iter().map(AsRef::as_ref));
        for name in ["SWATHE_CONFIG_PATH", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.stdin(fs::File::open(self.0.join(name)).expect("a file"));
        command.output().expect("the program runs")
    }

    /// What it prints, if all goes well.
    pub(crate) fn answer<A: AsRef<str>>(&self, args: &[A]) -> Vec<u8> {
        let output = self.run(args, b"");
        let said = String::from_utf8_lossy(&output.stderr);
        let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
        assert!(
            matches!(output.status.code(), Some(0 | 1)) && said.lines().all(is_of_content),
            "{args:?}: {}: {said}",
            output.status
        );
        output.stdout
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
