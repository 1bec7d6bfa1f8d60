//! Finding out how a source writes its timestamps.

mod line;
mod name;
mod order;

use std::{borrow::Cow, path::Path};

pub(super) use line::{stamped_name, starts_with_field};

use super::{
    Chosen, Form, Format, Place, Shape, Year, YearFrom, Zone, custom::Custom, format::FORMS,
    reader::FormReader,
};
use crate::{error::Result, line::Lines, visible::Visible};

/// How many lines are looked at.
const LINES: usize = 1000;

/// What the caller knows about the timestamps of a source.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How they are written. Default: look.
    pub shape: Option<Shape>,
    /// The zone of those that name none. Default: UTC.
    pub zone: Zone,
    /// The year of the first, where they have none.
    pub base_year: Option<i64>,
    /// The day of those that say the time of day alone, counted from 1970-01-01.
    pub base_date: Option<i64>,
    /// Otherwise: that in the name of the source.
    pub named_date: Option<i64>,
    /// Of the year otherwise: when the source was last written, in seconds since 1970.
    pub modified: Option<i64>,
    /// Otherwise: what time it is, in seconds since 1970.
    pub now: Option<i64>,
}

impl Options {
    /// The same for a source of this name that was last written then, if that is known.
    pub(crate) fn of_source(&self, name: &Path, modified: Option<i64>) -> Options {
        Options {
            modified: self.modified.or(modified),
            named_date: self.named_date.or_else(|| name::day_in_name(name)),
            ..self.clone()
        }
    }
}

impl Shape {
    /// The shape of this name, or that of a `strptime` format; `None` if it
    /// is `auto`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Option<Shape>> {
        match (text, Shape::named(text)) {
            ("auto", _) => Ok(None),
            (_, Some(shape)) => Ok(Some(shape)),
            (_, None) => Custom::new(text).map(|custom| Some(Shape::Custom(custom))),
        }
    }
}

/// A form that some of the first lines have.
struct Vote {
    lines: usize,
    form: Form,
}

impl Format {
    /// How the source that begins like this writes its timestamps: as most of
    /// its first 1,000 lines that have one, and the rest of them in at most three
    /// other forms. `None` if none has, or if so few have one that they are hardly what
    /// says when lines were written.
    ///
    /// `first` are whole lines, or the last of them is left out by the caller.
    pub fn detect(first: &[u8], options: &Options) -> Option<Format> {
        let lines = Lines::new(first, b'\n').take(LINES);
        let lines: Vec<Cow<'_, [u8]>> = lines.map(|range| seen(&first[range])).collect();
        let lines: Vec<&[u8]> = lines.iter().map(AsRef::as_ref).collect();
        let mut format = Format {
            place: Place::Start,
            shape: Shape::TimeOfDay,
            zone: options.zone.clone(),
            year: None,
            others: Vec::new(),
            date: options.base_date.or(options.named_date),
            chosen: Vec::new(),
            anchors: Vec::new(),
        };
        let votes = votes(&lines, options);
        let mut forms = format.forms_of(&lines, votes, options).into_iter();
        let most = forms.next()?;
        (format.place, format.shape) = (most.place, most.shape);
        format.others = forms.collect();
        format.choose_zone(&lines);
        let timeless = format.forms().any(|(_, shape)| *shape == Shape::TimeOfDay);
        if timeless {
            format.choose_day(&lines, options);
        }
        let undated = format.forms().position(|(_, shape)| !shape.has_year());
        if let Some(form) = undated {
            let year = format.year_of(form, &lines, options);
            format.year = Some(year);
            if year.from != YearFrom::Option {
                format.chosen.push(Chosen::Year(year.first, year.from));
            }
        }
        Some(format)
    }

    /// The forms that are kept of those that lines have, that of most lines first.
    fn forms_of(&mut self, lines: &[&[u8]], votes: Vec<Vote>, options: &Options) -> Vec<Form> {
        let records = lines.iter().filter(|line| !line::continues(line)).count();
        let mut rest: Vec<&[u8]> = lines.to_vec();
        let mut kept: Vec<Form> = Vec::new();
        for vote in votes.into_iter().take(4 * FORMS) {
            let mut form = vote.form;
            let mut is_chosen = false;
            if form.shape.has_order() && options.shape.is_none() {
                (form.shape, is_chosen) = order::decide(&form.place, &rest, options, self);
            }
            let mut reader = FormReader::new(self, &form.place, &form.shape);
            let before = rest.len();
            rest.retain(|line| !has(&mut reader, &form.shape, line));
            let lines = before - rest.len();
            if lines == 0 || !is_enough(&form, lines, records, kept.is_empty()) {
                continue;
            }
            let order = Chosen::DayOrder(form.shape.name().to_string());
            if is_chosen && !self.chosen.contains(&order) {
                self.chosen.push(order);
            }
            kept.push(form);
            if kept.len() == FORMS {
                break;
            }
        }
        kept
    }

    /// Notes the short names of zones that mean several.
    fn choose_zone(&mut self, lines: &[&[u8]]) {
        if self.zone != Zone::utc() {
            return;
        }
        let forms: Vec<FormReader> = self
            .forms()
            .map(|(place, shape)| FormReader::new(self, place, shape))
            .collect();
        for line in lines {
            let found = forms.iter().find_map(|form| form.ambiguous_zone(line));
            let Some((name, seconds)) = found else {
                continue;
            };
            let chosen = Chosen::Zone(name.to_string(), seconds);
            if !self.chosen.contains(&chosen) {
                self.chosen.push(chosen);
            }
        }
    }

    /// Notes of which day times of day are.
    fn choose_day(&mut self, lines: &[&[u8]], options: &Options) {
        if self.date.is_none() {
            return self.chosen.push(Chosen::NoDate);
        }
        if options.base_date.is_none() {
            self.chosen.push(Chosen::NamedDate);
        }
        let walls = walls(self, &self.place, &self.shape, lines);
        // Lines that are a little late are of the same day.
        if walls.windows(2).any(|pair| pair[1] < pair[0] - 3600) {
            self.chosen.push(Chosen::OneDay);
        }
    }

    /// The year of lines of this form.
    fn year_of(&self, form: usize, lines: &[&[u8]], options: &Options) -> Year {
        let reader = self.forms().nth(form);
        let reader = reader.map(|(place, shape)| FormReader::new(self, place, shape));
        let stamp = reader.and_then(|mut reader| lines.iter().find_map(|line| reader.wall(line)));
        let stamp = stamp.unwrap_or(0);
        if let Some(year) = options.base_year {
            return Year::said(year, stamp);
        }
        let (instant, from) = match (options.modified, options.now) {
            (Some(modified), _) => (modified, YearFrom::Mtime),
            (None, Some(now)) => (now, YearFrom::Clock),
            (None, None) => (0, YearFrom::Nothing),
        };
        let wall = instant.saturating_add(self.zone.offset_at(instant));
        Year::until(wall, from, stamp)
    }
}

/// What can be seen of a line.
fn seen(line: &[u8]) -> Cow<'_, [u8]> {
    if !Visible::is_needed(line) {
        return Cow::Borrowed(line);
    }
    let mut visible = Visible::default();
    visible.fill(line);
    Cow::Owned(visible.bytes)
}

/// Whether a line has this form, its day known or not.
fn has(reader: &mut FormReader, shape: &Shape, line: &[u8]) -> bool {
    match shape {
        Shape::TimeOfDay => reader.has_front(line),
        _ => reader.wall(line).is_some(),
    }
}

/// Whether so many lines with a form, of so many that may begin records, make it one in
/// which this source says when lines were written. A date that stands in some lines by
/// chance is none: a quarter of them must have it, or fewer where it stands at the start of
/// more than one line or in a named field, since lines that go on with a record may be many
/// and look like any.
fn is_enough(form: &Form, lines: usize, records: usize, first: bool) -> bool {
    let fixed = !matches!(form.place, Place::Column(_) | Place::Anywhere);
    match (first, fixed, lines) {
        (true, false, _) | (true, true, 1) => lines * 4 >= records,
        (true, true, 2) => lines * 10 >= records,
        (true, true, _) => lines * 20 >= records,
        (false, true, _) => true,
        (false, false, _) => lines >= 2 && lines * 10 >= records,
    }
}

/// The forms that lines have, those of most lines first; of equals, the first seen.
fn votes(lines: &[&[u8]], options: &Options) -> Vec<Vote> {
    let mut votes = counted(lines.iter().filter_map(|line| match &options.shape {
        None => line::form_of(line),
        Some(shape) => line::place_of(line, shape).map(|place| Form {
            place,
            shape: shape.clone(),
        }),
    }));
    if votes.is_empty() && options.shape.is_none() {
        votes = counted(lines.iter().filter_map(|line| line::time_of_day_of(line)));
    }
    votes.sort_by_key(|vote| std::cmp::Reverse(vote.lines));
    // Columns that vary are no columns.
    let best = votes.first().map(|vote| (vote.form.clone(), vote.lines));
    if let Some((form, lines)) = best
        && matches!(form.place, Place::Column(_) | Place::Anywhere)
        && super::place::is_telling(&form.shape)
    {
        let alike = |vote: &Vote| {
            let moves = matches!(vote.form.place, Place::Column(_) | Place::Anywhere);
            moves && vote.form.shape == form.shape
        };
        let all: usize = votes.iter().filter(|v| alike(v)).map(|v| v.lines).sum();
        if all > lines {
            votes.retain(|vote| !alike(vote));
            let form = Form {
                place: Place::Anywhere,
                shape: form.shape,
            };
            votes.insert(0, Vote { lines: all, form });
        }
    }
    votes
}

fn counted(forms: impl Iterator<Item = Form>) -> Vec<Vote> {
    let mut votes: Vec<Vote> = Vec::new();
    for form in forms {
        match votes.iter_mut().find(|vote| vote.form == form) {
            Some(vote) => vote.lines += 1,
            None => votes.push(Vote { lines: 1, form }),
        }
    }
    votes
}

/// What a clock shows in the lines that have this form.
fn walls(format: &Format, place: &Place, shape: &Shape, lines: &[&[u8]]) -> Vec<i64> {
    let mut reader = FormReader::new(format, place, shape);
    lines.iter().filter_map(|line| reader.wall(line)).collect()
}

/// About when the last line was written, as far as the caller knows.
fn instant(options: &Options) -> Option<i64> {
    options.modified.or(options.now)
}

#[cfg(test)]
mod tests;
