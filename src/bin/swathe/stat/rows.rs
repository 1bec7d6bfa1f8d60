//! How many rows an answer has, by its format.

use swathe::{report::Format, request::Request};

/// What is asked where the answer has this format: programs get all rows if nobody
/// said how many.
pub(crate) fn of_format<R: Request>(request: &R, format: Format) -> R {
    let mut request = request.clone();
    if format.is_for_programs() {
        for limit in request.row_limits() {
            *limit = limit.or_all();
        }
    }
    request
}
