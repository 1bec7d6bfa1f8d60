//! Where a line has a timestamp, and of which shape.

use std::sync::LazyLock;

use crate::time::{
    Form, Place, Shape,
    place::{Locator, NAMES, anywhere, behind_columns, is_telling, start},
    shape::shape_at,
};

/// How many columns may stand before a timestamp.
const COLUMNS: u8 = 8;

/// Where the line has a timestamp of some shape, and which.
pub(super) fn form_of(line: &[u8]) -> Option<Form> {
    let form = |place, shape| Some(Form { place, shape });
    if line.first() == Some(&b'{') {
        let member = member(line);
        let object = line
            .get(1)
            .is_none_or(|b| b.is_ascii_whitespace() || b"\"}".contains(b));
        if member.is_some() || object {
            return member;
        }
    }
    if let Some(shape) = shape_at(&line[start(line)..]) {
        return form(Place::Start, shape);
    }
    if reads(line, &Place::Bracket, &Shape::Clf) {
        return form(Place::Bracket, Shape::Clf);
    }
    if let Some((name, shape)) = stamped_name(line) {
        return form(Place::Logfmt(name.to_string()), shape);
    }
    if reads(line, &audit(), &Shape::EpochS) {
        return form(audit(), Shape::EpochS);
    }
    let column = (1..=COLUMNS).find_map(|column| {
        let behind = &line[behind_columns(line, column)?..];
        let opened = behind.first().is_some_and(|b| b"[(\"'".contains(b));
        let shape = shape_at(&behind[usize::from(opened)..])?;
        Some((column, shape))
    });
    let far =
        || anywhere(line).find_map(|at| shape_at(&line[at..]).filter(is_telling).map(|s| (at, s)));
    // One that is glued to what stands before it comes before a column further on.
    match (column, far()) {
        (Some((column, _)), Some((at, shape)))
            if behind_columns(line, column).is_some_and(|behind| at + 1 < behind) =>
        {
            form(Place::Anywhere, shape)
        }
        (Some((column, shape)), _) => form(Place::Column(column), shape),
        (None, Some((_, shape))) => form(Place::Anywhere, shape),
        (None, None) => None,
    }
}

/// Where the time stands in the lines of the Linux audit log.
fn audit() -> Place {
    Place::Behind("audit(".to_string())
}

/// The field of a line that names its fields which is a time.
pub(in crate::time) fn stamped_name(line: &[u8]) -> Option<(&'static str, Shape)> {
    static FIELDS: LazyLock<Vec<Locator>> = LazyLock::new(|| locators(Place::Logfmt));
    NAMES.into_iter().zip(&*FIELDS).find_map(|(name, locator)| {
        let shape = locator.locate(line, |at| shape_at(&line[at..]))?;
        // A number is a time only in a line of nothing but fields, as
        // `SET timestamp=1795444205` is not.
        (is_telling(&shape) || starts_with_field(line)).then_some((name, shape))
    })
}

/// What finds each of the names that times have, in their order.
fn locators(place: impl Fn(String) -> Place) -> Vec<Locator> {
    let names = NAMES.into_iter().map(str::to_string);
    names.map(|name| Locator::new(&place(name))).collect()
}

/// Whether a line begins with `name=`.
pub(in crate::time) fn starts_with_field(line: &[u8]) -> bool {
    let name = line.iter().take(32);
    let name = name.take_while(|b| b.is_ascii_alphanumeric() || b"._-@".contains(b));
    let name = name.count();
    name > 0 && line.get(name) == Some(&b'=') && line[0].is_ascii_alphabetic()
}

/// The member of a JSON object which is a time: one of the names that times have, else
/// the first that reads as one that can be told from other numbers.
fn member(line: &[u8]) -> Option<Form> {
    static MEMBERS: LazyLock<Vec<Locator>> = LazyLock::new(|| locators(Place::Json));
    let known = NAMES
        .into_iter()
        .zip(&*MEMBERS)
        .find_map(|(name, locator)| {
            let shape = locator.locate(line, |at| shape_at(&line[at..]))?;
            let place = Place::Json(name.to_string());
            Some(Form { place, shape })
        });
    known.or_else(|| {
        let quotes = memchr::memchr_iter(b'"', line).take(200);
        quotes.into_iter().find_map(|quote| {
            let shape = shape_at(line.get(quote + 1..)?).filter(is_telling)?;
            let before = line[..quote].trim_ascii_end().strip_suffix(b":")?;
            let name = before.trim_ascii_end().strip_suffix(b"\"")?;
            let from = memchr::memrchr(b'"', name)?;
            let name = std::str::from_utf8(&name[from + 1..]).ok()?;
            let place = Place::Json(name.to_string());
            Some(Form { place, shape })
        })
    })
}

/// Where the line has a time of day alone.
pub(super) fn time_of_day_of(line: &[u8]) -> Option<Form> {
    let places = std::iter::once(Place::Start).chain((1..=COLUMNS).map(Place::Column));
    let mut places = places.filter(|place| reads(line, place, &Shape::TimeOfDay));
    places.next().map(|place| Form {
        place,
        shape: Shape::TimeOfDay,
    })
}

fn reads(line: &[u8], place: &Place, shape: &Shape) -> bool {
    let locator = Locator::new(place);
    let found = locator.locate(line, |at| shape.front(&line[at..]));
    found.is_some()
}

/// Where the line has a timestamp of this shape.
pub(super) fn place_of(line: &[u8], shape: &Shape) -> Option<Place> {
    let names = NAMES.map(|name| Place::Json(name.to_string()));
    let fields = NAMES.map(|name| Place::Logfmt(name.to_string()));
    let columns = (1..=COLUMNS).map(Place::Column);
    std::iter::once(Place::Start)
        .chain(columns)
        .chain([Place::Bracket])
        .chain(names)
        .chain(fields)
        .chain([audit(), Place::Anywhere])
        .find(|place| reads(line, place, shape))
}

/// Whether a line looks like one that goes on with a record, not like one that begins it.
pub(super) fn continues(line: &[u8]) -> bool {
    const STARTS: [&[u8]; 8] = [
        b"at ",
        b"Caused by",
        b"...",
        b"Stack trace",
        b"Traceback",
        b"During handling",
        b"The above exception",
        b"#",
    ];
    let line = line.trim_ascii_end();
    line.first()
        .is_none_or(|b| b.is_ascii_whitespace() || b"})]".contains(b))
        || STARTS.iter().any(|start| line.starts_with(start))
}
