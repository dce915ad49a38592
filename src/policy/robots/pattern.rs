//! The path of a rule, and whether an address matches it.

/// A path with `*` for any run of octets, and `$` at its end for the end of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// With its stars, without the `$`.
    spelling: Spelling,
    is_anchored: bool,
}

/// What rules are matched against: an address from its path on.
#[derive(Debug)]
pub(super) struct Target(Spelling);

/// A path and query in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spelling {
    /// In the form of [`normalize`].
    strict: String,
    /// In the form of [`loosen`], where that differs.
    loose: Option<String>,
}

impl Spelling {
    fn new(strict: String) -> Self {
        let loose = loosen(&strict);
        Self { strict, loose }
    }

    fn loose(&self) -> &str {
        self.loose.as_deref().unwrap_or(&self.strict)
    }
}

impl Target {
    pub(super) fn new(path_and_query: &str) -> Self {
        let mut text = normalize(path_and_query.as_bytes(), |_| false);
        if !text.starts_with('/') {
            text.insert(0, '/');
        }
        Self(Spelling::new(text))
    }
}

impl Pattern {
    /// `None` for the empty path, which matches nothing (RFC 9309 section 2.2.2).
    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let path = value.strip_suffix(b"$");
        let text = normalize(path.unwrap_or(value), |byte| byte == b'*');
        let is_anchored = path.is_some();
        (is_anchored || !text.is_empty()).then(|| Self {
            spelling: Spelling::new(text),
            is_anchored,
        })
    }

    /// How specific the pattern is.
    pub(super) fn octets(&self) -> usize {
        self.spelling.strict.len() + usize::from(self.is_anchored)
    }

    /// Whether `target` matches from its start on, in the one spelling or in the other.
    pub(super) fn matches(&self, Target(target): &Target) -> bool {
        if is_match(&self.spelling.strict, self.is_anchored, &target.strict) {
            return true;
        }
        let is_loose = self.spelling.loose.is_some() || target.loose.is_some();
        is_loose && is_match(self.spelling.loose(), self.is_anchored, target.loose())
    }
}

/// Each run between two stars is taken where it is first found, which loses no match, since the
/// star behind it may stand for anything; so the time is linear in the target.
fn is_match(pattern: &str, is_anchored: bool, target: &str) -> bool {
    let mut runs = pattern.split('*');
    let first = runs.next().unwrap_or_default();
    let Some(mut rest) = target.strip_prefix(first) else {
        return false;
    };
    let Some(last) = runs.next_back() else {
        return !is_anchored || rest.is_empty();
    };
    for run in runs.filter(|run| !run.is_empty()) {
        let Some((_, after)) = rest.split_once(run) else {
            return false;
        };
        rest = after;
    }
    if is_anchored {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

/// The spelling in which escapes of reserved characters that part nothing where they stand are the
/// characters themselves, since people and programs escape them or don't as they like. RFC 9309
/// section 2.2.2 has them compared in one form: its `/foo/bar?baz=https://foo.bar` is the same
/// address as `…?baz=https%3A%2F%2Ffoo.bar`. `None` where nothing changes.
fn loosen(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut is_query = false;
    while let Some(at) = rest.find(['%', '?']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let meant = escaped(from.as_bytes())
            .filter(|(octet, _)| b":@!(),;[]".contains(octet) || is_query && b"/?".contains(octet));
        is_query |= from.starts_with('?');
        let taken = if meant.is_some() { 3 } else { 1 };
        let (here, after) = from.split_at_checked(taken)?;
        match meant {
            Some((octet, _)) => out.push(char::from(octet)),
            None => out.push_str(here),
        }
        rest = after;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

/// One spelling for all ways to write the same octets: unreserved characters bare, reserved ones as
/// given, all others, `*` and `$` among them, as upper-case escapes (RFC 9309 section 2.2.2). What
/// `is_kept` names stays bare too.
fn normalize(path: &[u8], is_kept: fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let [byte, after @ ..] = rest {
        if let Some((octet, after)) = escaped(rest) {
            push(&mut out, octet, is_unreserved(octet));
            rest = after;
            continue;
        }
        let is_bare = is_unreserved(*byte) || is_reserved(*byte) || is_kept(*byte);
        push(&mut out, *byte, is_bare);
        rest = after;
    }
    out
}

/// The octet of the escape that `text` begins with, and what follows it.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, after @ ..] = text else {
        return None;
    };
    let digit = |b: u8| char::from(b).to_digit(16);
    let octet = digit(*high)? * 16 + digit(*low)?;
    Some((u8::try_from(octet).ok()?, after))
}

fn push(out: &mut String, octet: u8, is_bare: bool) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    if is_bare {
        out.push(char::from(octet));
        return;
    }
    out.push('%');
    for half in [octet >> 4, octet & 15] {
        out.extend(HEX.get(usize::from(half)));
    }
}

fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

/// RFC 3986 section 2.2, and the bare `%` of a broken escape. Not `*` and `$`, which rules escape
/// to mean themselves, and not `'`, which URLs escape in their query only.
fn is_reserved(octet: u8) -> bool {
    b":/?#[]@!&()+,;=%".contains(&octet)
}
