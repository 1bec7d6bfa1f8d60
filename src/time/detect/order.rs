//! Which of the numbers of a date is the day.

use super::{instant, walls};
use crate::time::{Format, Options, Place, Shape, year_of};

/// The shapes that read the same digits as different dates, those preferred first
/// where nothing else decides.
const ORDERS: [Shape; 3] = [Shape::MonthFirst, Shape::DayFirst, Shape::ShortDate];

/// What speaks against an order; less is better.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Against {
    /// Lines that have no such date.
    unread: usize,
    /// Lines that are earlier than the line before.
    backward: usize,
    /// Years from when the source was last written.
    years: u64,
    /// Days from the first line to the last.
    days: u64,
}

/// The order in which dates of these lines are written: the one that all of them have,
/// that goes backward least often, lies nearest to when the source was last written, and
/// takes the least time. Dates with dots have the day first. True if nothing in the lines
/// decides it.
pub(super) fn decide(
    place: &Place,
    lines: &[&[u8]],
    options: &Options,
    format: &Format,
) -> (Shape, bool) {
    let dotted = lines.iter().any(|line| is_dotted(place, line));
    let mut best: Option<(Against, Shape)> = None;
    let mut rivals = 0;
    for shape in ORDERS {
        if dotted && shape == Shape::MonthFirst {
            continue;
        }
        let walls = walls(format, place, &shape, lines);
        let (Some(first), Some(last)) = (walls.first(), walls.last()) else {
            continue;
        };
        let now = instant(options).unwrap_or(*last);
        let against = Against {
            unread: lines.len() - walls.len(),
            backward: walls.windows(2).filter(|pair| pair[1] < pair[0]).count(),
            years: year_of(*last).abs_diff(year_of(now)),
            days: first.abs_diff(*last) / 86_400,
        };
        match &best {
            Some((known, _))
                if (against.unread, against.backward) == (known.unread, known.backward) =>
            {
                rivals += 1;
                if against < *known {
                    best = Some((against, shape));
                }
            }
            Some((known, _)) if against > *known => {}
            _ => {
                rivals = 0;
                best = Some((against, shape));
            }
        }
    }
    let shape = best.map_or(Shape::MonthFirst, |(_, shape)| shape);
    (shape, rivals > 0 && !dotted)
}

/// Whether the date of a line has dots between its numbers, as where the day comes first.
fn is_dotted(place: &Place, line: &[u8]) -> bool {
    let locator = crate::time::place::Locator::new(place);
    let dotted = locator.locate(line, |at| {
        let text = &line[at..];
        Shape::DayFirst.front(text)?;
        let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
        Some(text.get(digits) == Some(&b'.'))
    });
    dotted == Some(true)
}
