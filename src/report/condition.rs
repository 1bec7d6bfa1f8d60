//! Conditions on the numbers of an answer, for those who watch it.

use std::fmt;

use serde_json::Value;

/// `NAME OP NUMBER`, such as `errors>10`.
///
/// The name is that of a pattern or the key of a group (its lines, or its
/// count; `NAME.matches` for another of its numbers), a path in the JSON
/// (`total.line_length.p99`, `groups[0].count`), or the name of one number
/// alone. Of a list it is the length that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    name: String,
    op: Op,
    bound: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Op {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

/// As they are written; what begins like another comes first.
const OPS: [(&str, Op); 7] = [
    ("<=", Op::AtMost),
    (">=", Op::AtLeast),
    ("!=", Op::Unequal),
    ("==", Op::Equal),
    ("<", Op::Less),
    (">", Op::More),
    ("=", Op::Equal),
];

/// The number of a row that has a name.
const OF_A_ROW: [&str; 3] = ["lines", "count", "matches"];

/// What the rows of a list are called by.
const NAMES: [&str; 4] = ["name", "pattern", "key", "path"];

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let wrong = |what: &str| format!("{text}: {what}, such as errors>10");
        let is_op = |c: char| "<>=!".contains(c);
        let end = text
            .rfind(is_op)
            .ok_or_else(|| wrong("write NAME OP NUMBER"))?;
        let bound = text[end + 1..].trim();
        let bound: f64 = match bound.parse() {
            Ok(bound) if f64::is_finite(bound) => bound,
            _ => {
                return Err(wrong(&format!(
                    "{bound:?} is no number; write NAME OP NUMBER"
                )));
            }
        };
        let front = &text[..=end];
        let (op, kind) = OPS
            .iter()
            .find(|(op, _)| front.ends_with(op))
            .copied()
            .ok_or_else(|| wrong("there are > >= < <= = and !=; write NAME OP NUMBER"))?;
        let name = front[..front.len() - op.len()].trim();
        if name.is_empty() {
            return Err(wrong("there is no name; write NAME OP NUMBER"));
        }
        Ok(Condition {
            name: name.into(),
            op: kind,
            bound,
        })
    }

    /// The number it is about and whether it holds; never if there is none,
    /// such as the mean of nothing.
    ///
    /// # Errors
    /// When the answer has no such number, or several.
    pub fn judge(&self, answer: &Value) -> Result<(Option<f64>, bool), String> {
        let value = self
            .find(answer)
            .map_err(|why| format!("--fail-if {self}: {why}"))?;
        let number = match value {
            Value::Null => return Ok((None, false)),
            Value::Array(list) => list.len() as f64,
            Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
            _ => return Err(format!("--fail-if {self}: {} is no number", self.name)),
        };
        Ok((Some(number), self.op.holds(number, self.bound)))
    }

    fn find<'v>(&self, answer: &'v Value) -> Result<&'v Value, String> {
        let mut found = rows(answer, &self.name);
        if found.is_empty()
            && let Some(value) = at_path(answer, &self.name)
        {
            found.push(value);
        }
        if found.is_empty() {
            found = named(answer, &self.name);
        }
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(format!(
                "the answer has no such number; {}",
                match names(answer).as_slice() {
                    [] => "see --format json".to_string(),
                    some => format!("it has {}, and what --format json shows", some.join(", ")),
                }
            )),
            several => Err(format!(
                "the answer has {} numbers of that name; write the path of one, as in \
                 total.{name} or patterns[0].{name}",
                several.len(),
                name = self.name
            )),
        }
    }
}

/// The number of each row that has this name: `NAME`, or `NAME.FIELD`. The rows
/// of a report are those of its sections.
fn rows<'v>(answer: &'v Value, name: &str) -> Vec<&'v Value> {
    let sections = answer.get("sections").and_then(Value::as_array);
    let answers = [answer].into_iter().chain(sections.into_iter().flatten());
    let lists = answers
        .filter_map(Value::as_object)
        .flat_map(|map| map.values());
    let rows = lists.filter_map(Value::as_array).flatten();
    let number = |row: &'v Value| {
        let called = |name: &str| NAMES.iter().any(|field| row[field].as_str() == Some(name));
        if called(name) {
            return OF_A_ROW.iter().find_map(|field| row.get(field));
        }
        let (name, field) = name.rsplit_once('.')?;
        if called(name) { row.get(field) } else { None }
    };
    rows.filter_map(number).collect()
}

/// The value at a path.
fn at_path<'v>(answer: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(answer, |value, step| {
        let (name, places) = step
            .split_once('[')
            .map_or((step, None), |(a, b)| (a, Some(b)));
        let value = if name.is_empty() {
            value
        } else {
            value.get(name)?
        };
        let Some(places) = places else {
            return Some(value);
        };
        let mut places = places.strip_suffix(']')?.split("][");
        places.try_fold(value, |value, place| {
            value.get(place.parse::<usize>().ok()?)
        })
    })
}

/// The values of this name that are least deep.
fn named<'v>(answer: &'v Value, name: &str) -> Vec<&'v Value> {
    let mut level = vec![answer];
    while !level.is_empty() {
        let found: Vec<_> = level.iter().filter_map(|value| value.get(name)).collect();
        if !found.is_empty() {
            return found;
        }
        level = level.into_iter().flat_map(children).collect();
    }
    Vec::new()
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

/// Some numbers there are: those of the answer itself, and the first of rows.
fn names(answer: &Value) -> Vec<String> {
    let map = answer.as_object().into_iter().flatten();
    let numbers = map.filter(|(name, value)| value.is_number() && *name != "schema");
    numbers.map(|(name, _)| name.clone()).take(8).collect()
}

impl Op {
    fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Op::Less => number < bound,
            Op::AtMost => number <= bound,
            Op::Equal => (number - bound).abs() == 0.0,
            Op::Unequal => (number - bound).abs() != 0.0,
            Op::AtLeast => number >= bound,
            Op::More => number > bound,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = OPS
            .iter()
            .rfind(|(_, op)| *op == self.op)
            .map_or("", |(op, _)| *op);
        write!(f, "{}{op}{}", self.name, self.bound)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer() -> Value {
        json!({
            "schema": 1, "errors": [], "lines_total": 100, "mean": null,
            "patterns": [
                {"name": "errors", "pattern": "ERROR", "lines": 12, "matches": 20},
                {"name": null, "pattern": "a.b>c", "lines": 3, "matches": 3}],
            "groups": [{"key": "404", "count": 7}],
            "files": [{"path": "a", "size": 1}, {"path": "b", "size": 2}],
            "total": {"size": 3, "line_length": {"p99": 42.5}},
        })
    }

    #[test]
    fn numbers_by_name_and_path() {
        for (text, number, holds) in [
            ("errors>10", 12.0, true),
            ("errors > 12", 12.0, false),
            ("errors>=12", 12.0, true),
            ("ERROR=12", 12.0, true),
            ("errors.matches<20", 20.0, false),
            ("errors.matches!=3", 20.0, true),
            ("a.b>c<=3", 3.0, true),
            ("404==7", 7.0, true),
            ("lines_total>1e2", 100.0, false),
            ("total.line_length.p99>42", 42.5, true),
            ("p99<42", 42.5, false),
            ("patterns[1].lines>2", 3.0, true),
            ("patterns>1", 2.0, true),
            ("total.size>-1", 3.0, true),
        ] {
            let condition = Condition::parse(text).unwrap();
            let judged = condition.judge(&answer());
            assert_eq!(judged, Ok((Some(number), holds)), "{text}");
        }
        let none = Condition::parse("mean<5").unwrap();
        assert_eq!(none.judge(&answer()), Ok((None, false)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("errors", "NAME OP NUMBER"),
            ("errors>", "no number"),
            ("errors>x", "no number"),
            ("errors>inf", "no number"),
            (">5", "no name"),
            ("a!5", "there are"),
        ] {
            let error = Condition::parse(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        for (text, why) in [
            ("nothing>5", "lines_total"),
            ("matches>5", "2 numbers"),
            ("total>5", "no number"),
            ("patterns[7].lines>5", "no such"),
        ] {
            let error = Condition::parse(text)
                .unwrap()
                .judge(&answer())
                .unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        let condition = Condition::parse(" a  =  5.0 ").unwrap();
        assert_eq!(condition.to_string(), "a=5");
    }
}
