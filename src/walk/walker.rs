//! A thread that goes through directories.

use std::path::{Path, PathBuf};

use super::{
    files::{Event, Trouble},
    order,
    queue::{Receiver, Sender, queue, unbounded},
    rules::Rules,
    trouble::{self, Wrong},
};
use crate::{
    error::{Error, ErrorKind},
    source::Input,
};

/// What a thread finds.
#[derive(Debug)]
pub(super) struct Walked {
    receiver: Receiver<Event>,
    /// That it ended before its time was said.
    told: bool,
}

impl Walked {
    /// Starts the thread; if there is none to be had, all files are found before the first
    /// is given, and are the error.
    pub(super) fn start(
        inputs: Vec<Input>,
        rules: Rules,
        unnamed: bool,
    ) -> Result<Walked, Vec<Event>> {
        let walker = |sender, rules| Walker {
            rules,
            unnamed,
            sender,
            held: Vec::new(),
            warned: false,
        };
        let (sender, receiver) = queue();
        let thread = std::thread::Builder::new().name("swathe-walk".into());
        let (beside, named) = (walker(sender, rules.clone()), inputs.clone());
        if thread.spawn(move || beside.run(named)).is_ok() {
            return Ok(Walked {
                receiver,
                told: false,
            });
        }
        let (sender, receiver) = unbounded();
        walker(sender, rules).run(inputs);
        Err(receiver.receive(usize::MAX))
    }

    /// Up to so many of what is found already, at least one unless there is no more.
    pub(super) fn batch(&mut self, most: usize) -> Vec<Event> {
        let mut found = self.receiver.receive(most);
        if found.is_empty() && !self.receiver.is_whole() && !self.told {
            self.told = true;
            let text = "looking for files stopped unexpectedly, which is an error of this \
                        program (those behind the last are missing)";
            found.push(Event::Trouble(Trouble {
                error: Error::new(ErrorKind::Config(text.into())),
                soft: false,
            }));
        }
        found
    }
}

/// What goes through the directories.
struct Walker {
    rules: Rules,
    /// The directory was not named: its name is left out of those of files.
    unnamed: bool,
    sender: Sender<Event>,
    /// Files that must be put in order first.
    held: Vec<Input>,
    /// What is wrong with the rules was said.
    warned: bool,
}

impl Walker {
    fn run(mut self, inputs: Vec<Input>) {
        for input in inputs {
            let goes_on = match &input {
                Input::Path(path) if path.is_dir() => self.walk(path),
                _ => self.file(input),
            };
            if !goes_on {
                return;
            }
        }
        order::sort(&mut self.held, self.rules.options.sort);
        let held = std::mem::take(&mut self.held);
        let all = held
            .into_iter()
            .all(|input| self.sender.send(Event::File(input)));
        if all {
            self.sender.finish();
        }
    }

    /// Goes through a directory; false if nobody wants more.
    fn walk(&mut self, root: &Path) -> bool {
        let (walk, wrong) = self.rules.walk(root);
        if !std::mem::replace(&mut self.warned, true) && !self.rules_trouble(wrong) {
            return false;
        }
        for entry in walk {
            let goes_on = match entry {
                Err(error) => self.trouble(trouble::explain(&error), false),
                Ok(entry) => self.entry(entry),
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    fn entry(&mut self, entry: ignore::DirEntry) -> bool {
        if let Some(error) = entry.error() {
            let mut wrong = Vec::new();
            trouble::of_rules(error, &mut wrong);
            if !self.rules_trouble(wrong) {
                return false;
            }
        }
        // Links that are not followed, FIFOs, sockets and devices are left out.
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return true;
        }
        let path = self.shown(entry.into_path());
        self.file(Input::Found(path))
    }

    fn file(&mut self, input: Input) -> bool {
        if self.rules.streams() {
            return self.sender.send(Event::File(input));
        }
        self.held.push(input);
        true
    }

    /// A path as it is told of.
    fn shown(&self, path: PathBuf) -> PathBuf {
        match path.strip_prefix("./") {
            Ok(inside) if self.unnamed => inside.to_path_buf(),
            _ => path,
        }
    }

    fn trouble(&self, (path, text): Wrong, soft: bool) -> bool {
        let kind = ErrorKind::Config(text);
        let error = match path {
            Some(path) => Error::at(self.shown(path), kind),
            None => Error::new(kind),
        };
        self.sender.send(Event::Trouble(Trouble { error, soft }))
    }

    fn rules_trouble(&self, wrong: Vec<Wrong>) -> bool {
        self.rules.options.no_ignore.messages
            || wrong.into_iter().all(|wrong| self.trouble(wrong, true))
    }
}
