//! What to ask next.

use super::{Form, Inspection};
use crate::{harmless::quoted, header::Level};

/// How many commands are told.
const MANY: usize = 5;

impl Inspection {
    /// Five commands that fit this source, as they are typed into a shell.
    /// `name` is what the source is called there.
    pub fn commands(&self, name: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        match self.form {
            Form::Empty => {}
            Form::Web => self.web(&mut all),
            _ => self.others(&mut all),
        }
        all.push("stats".to_string());
        if self.form != Form::Empty {
            all.extend(self.of_any_text());
        }
        let name = operand(name);
        let mut commands: Vec<String> = Vec::new();
        for command in all {
            let command = format!("swathe {command} {name}");
            if commands.len() < MANY && !commands.contains(&command) {
                commands.push(command);
            }
        }
        commands
    }

    /// What can be asked of any text, in whatever form.
    fn of_any_text(&self) -> Vec<String> {
        let named = self.fields.iter().filter(|field| field.key != "level");
        let by = named.map(|field| format!("top --by {}", quoted(field.key.as_bytes())));
        let mut all: Vec<String> = by.take(MANY).collect();
        if !matches!(self.form, Form::Csv(_)) {
            all.push("templates".into());
        }
        all.extend(["top --by line", "report", "top --by field:1"].map(Into::into));
        all
    }

    fn web(&self, all: &mut Vec<String>) {
        let errors = self.fields.iter().any(|field| field.key == "status");
        all.push("top --by status".into());
        if self.time.is_some() {
            all.push("top --by status,time:1h --sort key".into());
        }
        all.push("values --of bytes --by url --sort sum".into());
        if errors {
            all.push("top --by url --where 'status>=500'".into());
        }
        all.push("top --by client".into());
    }

    fn others(&self, all: &mut Vec<String>) {
        let record = if self.lines_per_event > 1.0 {
            " --record auto"
        } else {
            ""
        };
        let csv = matches!(self.form, Form::Csv(_));
        if !csv {
            all.push(format!("templates{record}"));
        }
        if self.levels.len() > 1 {
            all.push(format!("top --by level{record}"));
        }
        if self.time.is_some() {
            all.push(if self.levels.iter().any(|level| *level >= Level::Error) {
                format!("timeline --where 'level>=error'{record}")
            } else {
                format!("timeline{record}")
            });
        }
        let kinds = self.kinds(2);
        let (kind, number) = (kinds.first(), self.measures(1).pop());
        if let Some(number) = number {
            let by = kind.map_or_else(String::new, |kind| {
                format!(" --by {}", quoted(kind.key.as_bytes()))
            });
            let of = quoted(number.key.as_bytes());
            all.push(format!("values --of {of}{by}{record}"));
        } else if let Some(unit) = self.unit.as_ref().filter(|_| !self.form.is_named()) {
            all.push(format!("values '([0-9.]+{unit})\\b'{record}"));
        }
        for kind in kinds {
            all.push(format!("top --by {}{record}", quoted(kind.key.as_bytes())));
        }
    }
}

/// An argument as a shell reads it back, and not as a flag.
fn operand(name: &[u8]) -> String {
    let flag = name.starts_with(b"-") && name != b"-";
    quoted(&[if flag { &b"./"[..] } else { b"" }, name].concat())
}
