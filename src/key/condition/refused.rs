//! What is no condition.

use proptest::prelude::*;

use super::*;

proptest! {
    /// Whatever is written is a condition that reads back as it is shown, or an error.
    #[test]
    fn any_text_is_a_condition_or_an_error(
        text in r#"[ab$1]([=!<>~&|()"', \[\]\\0-9abxX%:.]|&& |\|\| | b=|é|=5xx){0,14}"#,
    ) {
        if let Ok(condition) = text.parse::<Where>() {
            said(&condition);
            let shown = condition.to_string();
            prop_assert_eq!(shown.parse::<Where>().ok(), Some(condition), "{}", shown);
        }
    }
}

/// What is said of a condition that cannot be made; nothing if it can.
fn said(Where(form): &Where) -> String {
    let mut said = String::new();
    form.each(&mut |one| {
        if let Err(error) = Test::new(one) {
            said = error.to_string();
        }
    });
    said
}

/// Every comparison with every form of right side, for every kind of key: it
/// is made, or it is an error that says what to write instead.
#[test]
#[expect(clippy::too_many_lines, reason = "most of them are a table")]
fn no_comparison_is_taken_for_another() {
    let keys = [
        ("field:1", ""),
        ("json:a.b", ""),
        ("logfmt:took", ""),
        ("$1", ""),
        ("status", ""),
        ("level", "levels"),
        ("time:5m", "times"),
        ("path", "text"),
        ("line", "text"),
    ];
    // What is said of = and of < where it is an error; whether it is one of levels or
    // times, which others are not.
    let values = [
        ("500", ("", ""), ""),
        ("+100", ("", ""), ""),
        ("1e3", ("", ""), ""),
        ("-.5", ("", ""), ""),
        ("\"500\"", ("", ""), ""),
        ("100ms", ("", ""), ""),
        ("1.5s", ("", ""), ""),
        ("1M", ("", ""), ""),
        ("3 KiB", ("", ""), ""),
        ("45%", ("", ""), ""),
        ("5xx", ("", "500"), ""),
        ("40X", ("", "400"), ""),
        ("502,503", ("", ""), ""),
        ("a.b, c", ("", "no number"), ""),
        ("abc", ("", "no number"), ""),
        ("1.2.3", ("", "no number"), ""),
        ("", ("", "no number"), ""),
        ("0x1f", ("", "no number"), ""),
        ("12,5", ("", "12.5"), ""),
        ("NaN", ("", "no number"), ""),
        ("1,000", ("one number", ""), ""),
        ("\"a,b\"", ("", "no number"), ""),
        ("'5xx'", ("", "write"), ""),
        ("error", ("", ""), "levels"),
        ("\"Warning\"", ("", ""), "levels"),
        ("2026-11-23T14:30Z", ("", ""), "times"),
        ("23/Nov/2026:14:30:00 +0000", ("", ""), "times"),
        ("14:30", ("", ""), "times"),
        ("00:01:30", ("", ""), "times"),
        ("Nov 23 14:30", ("", "no year"), ""),
        ("\"abc", ("no partner", "no number"), ""),
        ("abc'", ("no partner", "no number"), ""),
        ("1 && b", ("no comparison", "no comparison"), ""),
        ("1 and b = 2", ("two conditions", "two conditions"), ""),
        (">5", ("no comparison", "no comparison"), ""),
        ("~^5", ("no comparison", "no comparison"), ""),
    ];
    let mut tried = 0;
    for (key, kind) in keys {
        for (value, (equal, less), of_kind) in values {
            for sign in ["=", "==", "!=", "<", "<=", ">", ">="] {
                let text = format!("{key} {sign} {value}");
                let condition = text.parse::<Where>();
                let said = match &condition {
                    Ok(condition) => said(condition),
                    Err(error) => error.to_string(),
                };
                let mut want = if sign.contains(['<', '>']) {
                    less
                } else {
                    equal
                };
                let of_form = condition.is_err();
                match kind {
                    _ if of_form => {}
                    "" if of_kind == "levels" || kind == of_kind => {}
                    "levels" => want = if of_kind == kind { "" } else { "is no level" },
                    "times" => {
                        want = if of_kind == kind {
                            ""
                        } else {
                            "compares times"
                        }
                    }
                    "text" if sign.contains(['<', '>']) => want = "compares numbers",
                    _ => {}
                }
                let as_wanted = if want.is_empty() {
                    said.is_empty()
                } else {
                    said.contains(want)
                };
                assert!(as_wanted, "{text}: {said:?} is not {want:?}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 9 * 36 * 7);
}
