//! Levels that are a part of something else, or stand behind it.

use memchr::{memchr, memchr2, memmem, memrchr};

use super::{
    Level, front,
    token::{is_end, is_name},
};

/// How far a level may be from where the header seems to end.
const FAR: usize = 256;

/// The level that comes next: `ERROR x`, `[error] x`, `<warn> x`, `error: x`, or the same behind
/// one more name, `imap-login: Error: x`.
pub(super) fn next(bytes: &[u8]) -> Option<Level> {
    let bytes = match bytes {
        [b' ', next, ..] if !next.is_ascii_whitespace() => &bytes[1..],
        bytes => bytes.trim_ascii_start(),
    };
    let (first, behind) = word(bytes);
    match (first, behind) {
        ([], [b'[' | b'<', ..]) => bracketed(bytes),
        // Most begin with words.
        ([_, b'a'..=b'z', ..], [b' ', next, ..]) if !matches!(next, b':' | b'*') => None,
        ([b'a'..=b'z', ..], [b'.' | b'-' | b'(' | b'0'..=b'9', ..]) => behind_name(bytes),
        ([_, ..], _) => at_start(bytes)
            .or_else(|| behind_name(bytes))
            .or_else(|| stars(bytes).map(|(_, level)| level)),
        _ => None,
    }
}

/// `[error] `, `<warn> `, `[ID 800047 auth.info] `.
fn bracketed(bytes: &[u8]) -> Option<Level> {
    at_start(bytes).or_else(|| identified(bytes))
}

/// The letters that the bytes start with, no more than a level may have and one, and the rest.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let most = bytes.len().min(14);
    let mut len = 0;
    while len < most && bytes[len].is_ascii_alphabetic() {
        len += 1;
    }
    bytes.split_at(len)
}

/// Whether what is around a word says that it is a level, if it is the name of one.
fn is_marked(open: &[u8], word: &[u8], behind: &[u8]) -> bool {
    match (open, behind) {
        (b"[", [b']', ..]) | (b"<", [b'>', ..]) | (b"", [b':', ..] | [b' ', b':', ..]) => true,
        (b"", [b' ', ..] | []) => word.iter().all(u8::is_ascii_uppercase),
        _ => false,
    }
}

/// The level that the bytes start with, where what is around it says that it is one.
fn at_start(bytes: &[u8]) -> Option<Level> {
    let open = usize::from(matches!(bytes.first(), Some(b'[' | b'<')));
    let (word, behind) = word(&bytes[open..]);
    let marked = is_marked(&bytes[..open], word, behind);
    marked.then(|| Level::of_word(word))?
}

/// `imap-login: Error: x`.
fn behind_name(bytes: &[u8]) -> Option<Level> {
    const LONGEST: usize = 64;
    let colon = memchr(b':', &bytes[..bytes.len().min(LONGEST)])?;
    let [b' ', b'A'..=b'Z', ..] = bytes[colon + 1..] else {
        return None;
    };
    let (word, behind) = word(&bytes[colon + 2..]);
    let inside = |b: &u8| is_name(*b) || b"()<>@".contains(b);
    let named = bytes[0].is_ascii_lowercase() && bytes[..colon].iter().all(inside);
    let marked = named && behind.first() == Some(&b':');
    marked.then(|| Level::of_word(word))?
}

/// `[ID 800047 auth.info] `.
fn identified(bytes: &[u8]) -> Option<Level> {
    let number = bytes.strip_prefix(b"[ID ")?;
    let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
    let severity = number[digits..].strip_prefix(b" ")?;
    let len = severity.iter().take(24).position(|b| *b == b']')?;
    front::facility_and_severity(&severity[..len])
}

/// `Gtk-WARNING **: `: how long it is, and the level in it.
pub(super) fn stars(bytes: &[u8]) -> Option<(usize, Level)> {
    let name = bytes.iter().take(64).take_while(|b| is_name(**b)).count();
    if !bytes[name..].starts_with(b" **: ") {
        return None;
    }
    let start = memrchr(b'-', &bytes[..name]).map_or(0, |dash| dash + 1);
    Some((name + 4, Level::of_capitals(&bytes[start..name])?))
}

/// The level at the end of a name: `production.ERROR`, `util.py[WARNING]`, `mary@orders:[812]:LOG`.
pub(super) fn of_name(name: &[u8]) -> Option<Level> {
    let [.., before, last] = name else {
        return None;
    };
    let figure = last.is_ascii_digit() || *last == b']';
    if !(last.is_ascii_uppercase() || figure && before.is_ascii_uppercase()) {
        return None;
    }
    let inner = name.strip_suffix(b"]");
    let name = inner.unwrap_or(name);
    let word = |b: &&u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let len = name.iter().rev().take(14).take_while(word).count();
    let (before, word) = name.split_at(name.len() - len);
    let parted = match before.last()? {
        b'[' => inner.is_some() && before.len() > 1,
        b'.' | b':' | b'-' => inner.is_none(),
        _ => false,
    };
    parted.then(|| Level::of_capitals(word))?
}

/// Whether a token may be one that [`token`] knows; most are not.
pub(super) fn is_unusual(token: &[u8]) -> bool {
    match *token {
        [b'*' | b'<' | b'(' | b'#', ..] | [_, _] | [_, b'/', ..] | [_, _, b'(', ..] => true,
        [
            b'a'..=b'z',
            ..,
            b'c' | b'e' | b'g' | b'n' | b'o' | b'r' | b't',
        ] => memrchr(b'.', token).is_some(),
        _ => false,
    }
}

/// A level in a token of its own kind behind a time, and how long it is: `E!`, `I>`, `*ERROR*`,
/// `(EE)`, `In(182)`, `daemon.err`, `<kern.crit>`, `##[error]`, `E/Tag( 17):`.
pub(super) fn token(rest: &[u8], len: usize) -> Option<(usize, Level)> {
    let (token, behind) = rest.split_at(len);
    let level = match *token {
        [letter, b'!' | b'>'] => match letter {
            b'C' => Level::Fatal,
            letter => Level::of_letter(letter)?,
        },
        [b'D', b'1'..=b'5'] if column(behind) => Level::Debug,
        [_, b'/', ..] => return front::logcat(rest),
        [b'*', ref word @ .., b'*'] => Level::of_capitals(word)?,
        [b'<', ref word @ .., b'>'] => front::facility_and_severity(word)?,
        [b'(', a, b, b')'] if a == b => Level::of_letter(a).filter(|_| b"EWI".contains(&a))?,
        [b'#', b'#', b'[', ..] => return front::command(rest),
        [a, b, b'(', ref number @ .., b')'] if is_short(&[a, b]) => priority(number)?,
        [b'a'..=b'z', ..] => front::facility_and_severity(token)?,
        _ => return None,
    };
    Some((len, level))
}

/// A level with a number behind its first bytes, so many, and how long it is: `DEBUG1:`,
/// `WARNING[1234]: `, `WARN[0001] `, and at the start of a line `error[E0308]: `.
pub(super) fn numbered(token: &[u8], len: usize, upper: bool) -> Option<(usize, Level)> {
    let (word, behind) = token.split_at(len);
    match behind {
        [b'1'..=b'9', end @ ..] if upper && is_end(end) => {
            Some((token.len(), Level::of_word(&token[..=len])?))
        }
        [b'[', number @ ..] => {
            let level = Level::of_word(word)?;
            let number = &number[..memchr(b']', number)?];
            let end = len + number.len() + 2;
            let colon = usize::from(token.get(end) == Some(&b':'));
            let known = if upper {
                number.first()?.is_ascii_digit()
            } else {
                colon > 0 && token.len() == end + 1
            };
            known.then_some((end + colon, level))
        }
        _ => None,
    }
}

/// Whether a word behind and before these bytes is between tabs, or in front of a program with
/// its number, so that it needs no capitals to be a level: `error hostd[17] `.
pub(super) fn is_column(before: &[u8], behind: &[u8]) -> bool {
    let Some((blank, program)) = behind.split_first() else {
        return false;
    };
    if *blank == b'\t' {
        return before.ends_with(b"\t");
    }
    let name = program.iter().take(64).take_while(|b| is_name(**b)).count();
    let number = program[name..].strip_prefix(b"[").unwrap_or_default();
    let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
    name > 0 && digits > 0 && number.get(digits) == Some(&b']')
}

/// Whether the name of a component or a dash, and a bracket, come next: `-        [initandlisten] `.
fn column(bytes: &[u8]) -> bool {
    let name = bytes.trim_ascii_start();
    let len = name
        .iter()
        .take(16)
        .take_while(|b| b.is_ascii_uppercase() || **b == b'-');
    let len = len.count();
    len > 0 && name[len..].trim_ascii_start().starts_with(b"[")
}

/// The names of levels that `ESXi` writes in front of the priority.
fn is_short(name: &[u8]) -> bool {
    matches!(
        name,
        b"Al" | b"Cr" | b"Db" | b"Em" | b"Er" | b"In" | b"No" | b"Wa"
    )
}

/// The level of a priority of syslog in figures.
fn priority(number: &[u8]) -> Option<Level> {
    if !(1..=3).contains(&number.len()) || !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = number
        .iter()
        .fold(0u16, |n, b| n * 10 + u16::from(b - b'0'));
    Level::of_syslog((number & 7) as u8)
}

/// What comes behind a token that could be the first of the message.
pub(super) enum Far {
    /// The header goes on behind so many bytes.
    More(usize),
    /// The message begins behind so many bytes; none is the level of `LOG:`.
    Message(usize, Option<Level>),
}

/// Whether a level comes behind what looks like names: `bob@shop ERROR:  `,
/// `user=bob,db=shop,app=a b FATAL:  `, `request_id=17 [info] `, `{file.py:17} ERROR - `,
/// `Puppet (err): `, `kid1| WARNING: `, `WsServerImpl  E   WSVR0001E: `.
///
/// `joined`: `@` or `=` is in the first token, of `len` bytes.
pub(super) fn far(rest: &[u8], len: usize, joined: bool) -> Option<Far> {
    let (token, behind) = rest.split_at(len);
    if joined {
        return two_blanks(rest).or_else(|| behind_fields(rest));
    }
    let inner = behind.trim_ascii_start();
    let is_next = match (token, inner) {
        ([b'{', name @ .., b'}'], _) => {
            name.iter().all(|b| is_name(*b) || *b == b':') && at_start(inner).is_some()
        }
        ([name @ .., b'|'], _) => name.iter().all(|b| is_name(*b)) && at_start(inner).is_some(),
        (name, [b'(', word @ ..]) => {
            let end = memmem::find(&word[..word.len().min(16)], b"):")?;
            name.iter().all(|b| is_name(*b)) && Level::of_word(&word[..end]).is_some()
        }
        (name, [letter, b' ', b' ', b' ', ..]) => {
            name.iter().all(|b| is_name(*b)) && Level::of_letter(*letter).is_some()
        }
        _ => false,
    };
    is_next.then_some(Far::More(len))
}

/// The level that `PostgreSQL` writes with two blanks behind its colon, whatever it was told to
/// write in front.
fn two_blanks(rest: &[u8]) -> Option<Far> {
    const OTHERS: [&[u8]; 7] = [
        b"LOG",
        b"DETAIL",
        b"HINT",
        b"STATEMENT",
        b"CONTEXT",
        b"QUERY",
        b"LOCATION",
    ];
    let head = &rest[..rest.len().min(FAR)];
    let colon = memmem::find(head, b":  ")?;
    let start = memrchr(b' ', &head[..colon])? + 1;
    let word = &head[start..colon];
    let level = Level::of_capitals(word);
    (level.is_some() || OTHERS.contains(&word)).then_some(Far::Message(colon + 1, level))
}

/// A marked level behind fields with names: `request_id=17 [info] `, `pid=17 tid=a INFO: `.
fn behind_fields(rest: &[u8]) -> Option<Far> {
    let mut at = 0;
    for _ in 0..8 {
        let token = &rest[at..];
        let len = memchr(b' ', &token[..token.len().min(FAR)])?;
        if memchr2(b'=', b'"', &token[..len]).is_none_or(|found| token[found] == b'"') {
            break;
        }
        at += len + 1;
    }
    let marked = rest[at..].first() == Some(&b'[') || {
        let len = rest[at..]
            .iter()
            .take(14)
            .take_while(|b| b.is_ascii_uppercase());
        rest.get(at + len.count()) == Some(&b':')
    };
    (at > 0 && marked && at_start(&rest[at..]).is_some()).then_some(Far::More(at))
}

/// `cluster [WRN] `, behind a colon of its own.
pub(super) fn channel(bytes: &[u8]) -> Option<Level> {
    let bytes = bytes.trim_ascii_start();
    let name = bytes.iter().take(32).take_while(|b| b.is_ascii_lowercase());
    let inner = bytes[name.count()..].strip_prefix(b" [")?;
    let end = inner.iter().take(14).position(|b| *b == b']')?;
    Level::of_capitals(&inner[..end])
}
