//! How a layout is written.

use super::{Element, Field, Fit, Layout, Next, walk};
use crate::format::Kind;

impl Layout {
    /// A layout as it is written in a format file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(in crate::format) fn parse(text: &str) -> Result<Layout, String> {
        let mut parser = Parser {
            text,
            at: 0,
            names: Vec::new(),
        };
        let mut elements = parser.elements(0)?;
        walk::set_next(&mut elements, Next::END);
        let layout = Layout {
            elements,
            names: parser.names,
        };
        if !layout
            .elements
            .iter()
            .any(|e| !matches!(e, Element::Text(_)))
        {
            return Err("it has no field; write {name} where one stands".into());
        }
        check(&layout.elements, &[])?;
        Ok(layout)
    }

    /// How the parts of a field stand in it: they are all of it.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(in crate::format) fn of_parts(text: &str) -> Result<Layout, String> {
        let mut layout = Layout::parse(text)?;
        layout.elements.push(Element::End);
        walk::set_next(&mut layout.elements, Next::END);
        Ok(layout)
    }

    /// Whether a record fits; `None` if it does not.
    pub(in crate::format) fn fit(&self, record: &[u8]) -> Option<Fit> {
        walk::fit(&self.elements, record)
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    names: Vec<String>,
}

impl Parser<'_> {
    /// The elements up to the end of the text, or of the part that may be missing.
    fn elements(&mut self, depth: usize) -> Result<Vec<Element>, String> {
        let mut elements = Vec::new();
        let mut plain = Vec::new();
        let flush = |plain: &mut Vec<u8>, elements: &mut Vec<Element>| {
            if !plain.is_empty() {
                elements.push(Element::Text(std::mem::take(plain)));
            }
        };
        loop {
            let rest = &self.text[self.at..];
            let Some(char) = rest.chars().next() else {
                if depth > 0 {
                    return Err("a [? is not closed by ?]".into());
                }
                break;
            };
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push(rest.as_bytes()[0]);
                self.at += 2;
            } else if let Some(inside) = rest.strip_prefix('{') {
                let quoted = plain.last() == Some(&b'"');
                flush(&mut plain, &mut elements);
                let end = inside.find('}').ok_or("a { is not closed by }")?;
                self.at += end + 2;
                let quoted = quoted && self.text[self.at..].starts_with('"');
                elements.push(Element::Field(self.field(&inside[..end], quoted)?));
            } else if rest.starts_with("[?") {
                if depth == 8 {
                    return Err("parts in [? ?] are nested too deep".into());
                }
                flush(&mut plain, &mut elements);
                self.at += 2;
                elements.push(Element::Optional(self.elements(depth + 1)?));
            } else if depth > 0 && rest.starts_with("?]") {
                self.at += 2;
                break;
            } else if char == '}' {
                return Err("a } stands alone; write }} for the character".into());
            } else {
                // Any blanks stand for any blanks.
                let blank = matches!(char, ' ' | '\t');
                if !(blank && plain.last() == Some(&b' ')) {
                    let shown = if blank { " " } else { &rest[..char.len_utf8()] };
                    plain.extend_from_slice(shown.as_bytes());
                }
                self.at += char.len_utf8();
            }
        }
        flush(&mut plain, &mut elements);
        Ok(elements)
    }

    fn field(&mut self, text: &str, quoted: bool) -> Result<Field, String> {
        let (name, kind) = match text.split_once(':') {
            None => (text, Kind::Text),
            Some((name, kind)) => {
                let known = Kind::ALL.iter().find(|(known, _)| *known == kind);
                let names = || Kind::ALL.map(|(name, _)| name).join(", ");
                let kind = known.ok_or_else(|| {
                    format!("{kind:?} is no kind of field; there are {}", names())
                })?;
                (name, kind.1)
            }
        };
        // A time is known wherever it stands.
        let kind = match (name, kind) {
            ("time", Kind::Text) => Kind::Time,
            (_, kind) => kind,
        };
        if name == "_" {
            return Ok(Field {
                name: None,
                kind,
                quoted,
                next: Next::default(),
            });
        }
        is_name(name)?;
        if self.names.iter().any(|known| known == name) {
            return Err(format!("two fields are called {name}"));
        }
        self.names.push(name.to_string());
        Ok(Field {
            name: Some(self.names.len() - 1),
            kind,
            quoted,
            next: Next::default(),
        })
    }
}

/// Whether a field may be called this.
///
/// # Errors
/// Why not.
pub(in crate::format) fn is_name(name: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(format!(
            "{name:?} is no name of a field: letters, digits, _ - . and @ are"
        ));
    }
    if matches!(name, "path" | "line" | "template") {
        return Err(format!(
            "no field can be called {name}, which is a key of every record"
        ));
    }
    Ok(())
}

/// What follows a field must part it from the next one.
fn check(elements: &[Element], behind: &[Element]) -> Result<(), String> {
    for (at, element) in elements.iter().enumerate() {
        let rest = &elements[at + 1..];
        let next = rest.first().or(behind.first());
        match (element, next) {
            (Element::Field(field), Some(Element::Field(_))) if !field.kind.ends_itself() => {
                return Err("two fields have nothing between them to tell where one ends".into());
            }
            (Element::Optional(inner), _) => {
                check(inner, if rest.is_empty() { behind } else { rest })?;
            }
            _ => {}
        }
    }
    Ok(())
}
