//! From what was named to the files, in their order.

use std::{path::Path, vec};

use super::{
    Event, order,
    queue::{Receiver, Sender, queue, unbounded},
    rules::Rules,
    trouble::Trouble,
};
use swathe::run::Input;

/// The files that were named, and those in directories that were named.
pub(crate) enum Files {
    /// No directory is among them.
    Named(vec::IntoIter<Input>),
    /// They had to be found beforehand.
    Known(vec::IntoIter<Event>),
    /// A thread goes through them.
    Walked(Walked),
}

/// What a thread finds.
pub(crate) struct Walked {
    receiver: Receiver<Event>,
    /// That it ended before its time was said.
    told: bool,
}

impl Walked {
    fn batch(&mut self, most: usize) -> Vec<Event> {
        let mut found = self.receiver.receive(most);
        if found.is_empty() && !self.receiver.is_whole() && !self.told {
            self.told = true;
            found.push(Event::Trouble(Trouble {
                path: None,
                text: "looking for files stopped unexpectedly, which is an error of this program \
                       (those behind the last are missing)"
                    .into(),
                soft: false,
            }));
        }
        found
    }
}

impl Files {
    /// The files of these inputs by these rules. `unasked` is given if the
    /// directory was not named: its name is left out of theirs.
    pub(crate) fn new(inputs: Vec<Input>, rules: Rules, unasked: bool) -> Files {
        if rules.streams() && !inputs.iter().any(Input::is_directory) {
            return Files::Named(inputs.into_iter());
        }
        let walker = |sender, rules| Walker {
            rules,
            unasked,
            sender,
            held: Vec::new(),
            warned: false,
        };
        let (sender, receiver) = queue();
        let thread = std::thread::Builder::new().name("swathe-walk".into());
        let (beside, named) = (walker(sender, rules.clone()), inputs.clone());
        if thread.spawn(move || beside.run(named)).is_ok() {
            return Files::Walked(Walked {
                receiver,
                told: false,
            });
        }
        // There is no thread to be had: all files are found before the first is read.
        let (sender, receiver) = unbounded();
        walker(sender, rules).run(inputs);
        Files::Known(receiver.receive(usize::MAX).into_iter())
    }
}

impl Files {
    /// The next few files, at most so many and at least one unless there are no
    /// more; no more than there are already.
    pub(crate) fn batch(&mut self, most: usize) -> Vec<Event> {
        match self {
            // Each may be anything, a pipe too, and must not wait for others.
            Files::Named(_) => self.next().into_iter().collect(),
            Files::Known(known) => known.take(most).collect(),
            Files::Walked(walked) => walked.batch(most),
        }
    }
}

impl Iterator for Files {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        match self {
            Files::Named(inputs) => inputs.next().map(Event::File),
            Files::Known(known) => known.next(),
            Files::Walked(walked) => walked.batch(1).pop(),
        }
    }
}

/// What goes through the directories.
struct Walker {
    rules: Rules,
    unasked: bool,
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
        order::sort(&mut self.held, self.rules.choosing.sort);
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
        let (walk, troubles) = self.rules.walk(root);
        if !std::mem::replace(&mut self.warned, true) && !self.rules_trouble(troubles) {
            return false;
        }
        for entry in walk {
            let goes_on = match entry {
                Err(error) => self.trouble(Trouble::of(&error)),
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
            let mut troubles = Vec::new();
            Trouble::of_rules(error, &mut troubles);
            if !self.rules_trouble(troubles) {
                return false;
            }
        }
        // Links that are not followed, FIFOs, sockets and devices are left out.
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return true;
        }
        let mut path = entry.into_path();
        if self.unasked
            && let Ok(inside) = path.strip_prefix("./")
        {
            path = inside.to_path_buf();
        }
        self.file(Input::Found(path))
    }

    fn file(&mut self, input: Input) -> bool {
        if self.rules.streams() {
            return self.sender.send(Event::File(input));
        }
        self.held.push(input);
        true
    }

    fn trouble(&self, mut trouble: Trouble) -> bool {
        if self.unasked
            && let Some(path) = &mut trouble.path
            && let Ok(inside) = path.strip_prefix("./")
        {
            *path = inside.to_path_buf();
        }
        self.sender.send(Event::Trouble(trouble))
    }

    fn rules_trouble(&self, troubles: Vec<Trouble>) -> bool {
        self.rules.choosing.no_ignore.messages
            || troubles.into_iter().all(|trouble| self.trouble(trouble))
    }
}
