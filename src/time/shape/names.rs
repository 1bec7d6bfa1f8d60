//! Names of months, days and zones.

/// The month whose English name has these first three letters, in any case; 1 is January.
pub(super) fn short_month(name: [u8; 3]) -> Option<u32> {
    Some(match &name.map(|b| b | 0x20) {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    })
}

/// The names of months in full, January first: English, German, French, Spanish,
/// Italian, Portuguese, Dutch, Polish, Swedish, Danish, Turkish and Russian, each
/// name once.
const FULL: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari stycznia styczeń ocak января январь jänner",
    "february februar février fevrier febrero febbraio fevereiro februari lutego luty şubat февраля февраль",
    "march märz maerz mars marzo março maart mrt mrz marca marzec marts mart марта март",
    "april avril abril aprile kwietnia kwiecień nisan апреля апрель",
    "may mai mayo maggio maio mei maja maj mayıs мая май",
    "june juni juin junio giugno junho czerwca czerwiec haziran июня июнь",
    "july juli juillet julio luglio julho lipca lipiec temmuz июля июль",
    "august août aout agosto augustus sierpnia sierpień augusti ağustos августа август",
    "september septembre septiembre settembre setembro września wrzesień eylül сентября сентябрь",
    "october oktober octobre octubre ottobre outubro października październik ekim октября октябрь",
    "november novembre noviembre novembro listopada listopad kasım ноября ноябрь",
    "december dezember décembre decembre diciembre dicembre dezembro grudnia grudzień aralık декабря декабрь",
];

/// The longest name of a month in bytes.
const LONGEST: usize = 26;

/// True of a byte that may be of a name: a letter, or a byte that is not ASCII.
pub(in crate::time) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// Whether a name that starts with these letters may be one of a month: those of ASCII
/// are told apart at once, since most words of a log are no months.
pub(in crate::time) fn may_be_month(text: &[u8]) -> bool {
    let Some(first) = text.first_chunk::<3>() else {
        return false;
    };
    if !first.is_ascii() {
        return true;
    }
    matches!(
        &first.map(|b| b | 0x20),
        b"jan"
            | b"ene"
            | b"gen"
            | b"sty"
            | b"oca"
            | b"feb"
            | b"fev"
            | b"lut"
            | b"mar"
            | b"mae"
            | b"maa"
            | b"mrt"
            | b"mrz"
            | b"apr"
            | b"abr"
            | b"avr"
            | b"kwi"
            | b"nis"
            | b"may"
            | b"mai"
            | b"mag"
            | b"mei"
            | b"maj"
            | b"jun"
            | b"jui"
            | b"giu"
            | b"cze"
            | b"haz"
            | b"jul"
            | b"lug"
            | b"lip"
            | b"tem"
            | b"aug"
            | b"ago"
            | b"aou"
            | b"sie"
            | b"sep"
            | b"set"
            | b"wrz"
            | b"eyl"
            | b"oct"
            | b"okt"
            | b"ott"
            | b"out"
            | b"eki"
            | b"nov"
            | b"lis"
            | b"kas"
            | b"dec"
            | b"dez"
            | b"dic"
            | b"gru"
            | b"ara"
    )
}

/// True if the text starts with the short English name of a day of the week.
pub(in crate::time) fn is_weekday(text: &[u8]) -> bool {
    let first = text.first_chunk::<3>();
    first.is_some_and(|first| {
        matches!(
            &first.map(|b| b | 0x20),
            b"mon" | b"tue" | b"wed" | b"thu" | b"fri" | b"sat" | b"sun"
        )
    })
}

/// The month that the text starts with the name of, and how long the name is: in full
/// or cut off behind its third letter or later, maybe with a dot behind, in UTF-8 or
/// Latin-1. 1 is January.
#[cold]
pub(super) fn month(text: &[u8]) -> Option<(u32, usize)> {
    if !may_be_month(text) {
        return None;
    }
    let len = text.iter().take(LONGEST + 1).take_while(|b| is_letter(**b));
    let len = len.count();
    if !(3..=LONGEST).contains(&len) {
        return None;
    }
    let name = match std::str::from_utf8(&text[..len]) {
        Ok(name) => name.to_lowercase(),
        // Each byte of Latin-1 is the character of the same number.
        Err(_) => text[..len].iter().map(|b| char::from(*b)).collect(),
    };
    let name = name.to_lowercase();
    if name.chars().count() < 3 {
        return None;
    }
    let of = |names: &str| names.split(' ').any(|full| full.starts_with(&name));
    let month = FULL.iter().position(|names| of(names))?;
    let dot = usize::from(text.get(len) == Some(&b'.'));
    Some((month as u32 + 1, len + dot))
}

/// What the short name of a zone means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Abbreviation {
    /// Its name.
    pub(crate) name: &'static str,
    /// Minutes east of UTC.
    minutes: i16,
    /// Clocks of other zones are called so too.
    pub(crate) is_ambiguous: bool,
}

impl Abbreviation {
    /// Seconds east of UTC.
    pub(super) fn seconds(self) -> i32 {
        i32::from(self.minutes) * 60
    }
}

const fn zone(name: &'static str, minutes: i16) -> Abbreviation {
    Abbreviation {
        name,
        minutes,
        is_ambiguous: false,
    }
}

const fn ambiguous(name: &'static str, minutes: i16) -> Abbreviation {
    Abbreviation {
        name,
        minutes,
        is_ambiguous: true,
    }
}

/// The short names that the rules of zones use, sorted; of those that mean several, or are
/// words too, what most people mean by them as zones.
const ZONES: [Abbreviation; 49] = [
    zone("ACDT", 630),
    zone("ACST", 570),
    zone("AEDT", 660),
    zone("AEST", 600),
    zone("AKDT", -480),
    zone("AKST", -540),
    ambiguous("AST", -240),
    zone("AWST", 480),
    ambiguous("BST", 60),
    ambiguous("CAT", 120),
    ambiguous("CDT", -300),
    zone("CEST", 120),
    zone("CET", 60),
    ambiguous("CST", -360),
    ambiguous("EAT", 180),
    zone("EDT", -240),
    zone("EEST", 180),
    zone("EET", 120),
    zone("EST", -300),
    zone("GMT", 0),
    zone("HDT", -540),
    zone("HKT", 480),
    zone("HST", -600),
    zone("IDT", 180),
    ambiguous("IST", 330),
    zone("JST", 540),
    zone("KST", 540),
    zone("MDT", -360),
    zone("MEST", 120),
    zone("MESZ", 120),
    zone("MEZ", 60),
    zone("MSK", 180),
    zone("MST", -420),
    zone("NDT", -150),
    zone("NST", -210),
    zone("NZDT", 780),
    zone("NZST", 720),
    zone("PDT", -420),
    zone("PKT", 300),
    zone("PST", -480),
    zone("SAST", 120),
    zone("SGT", 480),
    zone("UCT", 0),
    zone("UTC", 0),
    zone("WAT", 60),
    ambiguous("WEST", 60),
    zone("WET", 0),
    zone("WIB", 420),
    ambiguous("WIT", 540),
];

/// What a short name means as a zone.
pub(crate) fn abbreviation(name: &[u8]) -> Option<Abbreviation> {
    // Names of levels stand there far more often, and end otherwise.
    if !matches!(name.last(), Some(b'T' | b'C' | b'Z' | b'K' | b'B')) {
        return None;
    }
    let at = ZONES.binary_search_by(|zone| zone.name.as_bytes().cmp(name));
    at.ok().map(|at| ZONES[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_sorted_and_three_or_four_letters_long() {
        assert!(ZONES.is_sorted_by_key(|zone| zone.name));
        assert!(ZONES.iter().all(|zone| (3..=4).contains(&zone.name.len())));
        assert_eq!(abbreviation(b"CEST").map(Abbreviation::seconds), Some(7200));
        assert_eq!(abbreviation(b"INFO"), None);
    }

    #[test]
    fn each_name_may_be_a_month() {
        for name in FULL.iter().flat_map(|names| names.split(' ')) {
            assert!(may_be_month(name.as_bytes()), "{name}");
            assert!(month(name.as_bytes()).is_some(), "{name}");
        }
        assert!(!may_be_month(b"ERROR"));
    }

    #[test]
    fn months_of_many_languages() {
        for (text, want) in [
            ("Mär-2026", Some((3, 4))),
            ("Mai-2026", Some((5, 3))),
            ("sept. 2026", Some((9, 5))),
            ("November 23", Some((11, 8))),
            ("ноя 2026", Some((11, 6))),
            ("Juin", Some((6, 4))),
            ("juil.", Some((7, 5))),
            ("Ма", None),
            ("foo", None),
            ("ma", None),
        ] {
            assert_eq!(month(text.as_bytes()), want, "{text}");
        }
        assert_eq!(month(b"M\xe4r-2026"), Some((3, 3)));
        assert_eq!(month(b"f\xe9v 2026"), Some((2, 3)));
    }
}
