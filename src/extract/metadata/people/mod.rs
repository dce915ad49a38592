//! What a byline says: its people, without label, role, credential, date, place and address; the
//! desk that stands for them; the agencies.

mod around;
mod name;

use super::agency;
use super::authors::MAX_AUTHORS;
use super::post::without_post;
use crate::extract::signature;
use crate::extract::text::{clean, folded};
pub(super) use around::LABEL;
use around::{DATE_FIRST, DATED, EDITED_BY, LONE_LABEL, NOISE, OTHERS, PREFIX, SEPARATOR, SUFFIX};
pub(super) use name::PARTICLES;
use name::{CREDENTIAL, DESK, is_handle, is_latin, is_person, name};

/// Longer bylines are paragraphs.
const MAX_CHARS: usize = 600;
/// Words between the last names of a list.
const CONJUNCTIONS: [&str; 14] = [
    "and", "und", "et", "y", "och", "og", "en", "e", "i", "ve", "dan", "и", "та", "및",
];
/// Signs between names.
const BINDING: [char; 3] = [',', '&', '·'];

/// What a byline names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Byline {
    /// Those who wrote.
    pub(super) people: Vec<String>,
    /// A desk, a team or the staff.
    pub(super) desk: Option<String>,
    /// Agencies.
    pub(super) agencies: Vec<String>,
    /// A single name or user name, believed only where the page is explicit that it is an author.
    pub(super) handle: Option<String>,
}

impl Byline {
    /// Whether nobody is named.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another line of the same byline names.
    pub(super) fn join(&mut self, other: Self) {
        for name in other.people {
            let is_known = self
                .people
                .iter()
                .any(|known| folded(known) == folded(&name));
            if !is_known && self.people.len() < MAX_AUTHORS {
                self.people.push(name);
            }
        }
        for name in other.agencies {
            if !self.agencies.contains(&name) && self.agencies.len() < MAX_AUTHORS {
                self.agencies.push(name);
            }
        }
        self.desk = self.desk.take().or(other.desk);
        self.handle = self.handle.take().or(other.handle);
    }
}

/// The people that a byline names.
pub(super) fn people(text: &str) -> Vec<String> {
    byline(text).people
}

/// Reads a byline of one or several lines.
pub(super) fn byline(text: &str) -> Byline {
    let mut read = Byline::default();
    let mut is_labelled = false;
    for line in text
        .split('\n')
        .map(clean)
        .filter(|line| !line.is_empty())
        .take(24)
    {
        if is_lone_label(&line) {
            is_labelled = true;
            continue;
        }
        // Behind the line with the names come roles, places and dates; another line of names is
        // bound to the first by a word or a comma.
        let is_more = is_labelled || is_bound(&line);
        is_labelled = is_bound_on(&line);
        if read.people.is_empty() || is_more {
            read.join(one_line(&line));
        }
    }
    read
}

/// Whether a line is a label whose name follows on the next.
pub(super) fn is_lone_label(line: &str) -> bool {
    LONE_LABEL.is_match(line)
}

/// Whether a line goes on with the names of the line before.
fn is_bound(line: &str) -> bool {
    line.starts_with(BINDING) || line.split_whitespace().next().is_some_and(is_conjunction)
}

/// Whether the names of a line go on in the next.
fn is_bound_on(line: &str) -> bool {
    line.ends_with(BINDING)
        || line
            .split_whitespace()
            .next_back()
            .is_some_and(is_conjunction)
}

fn is_conjunction(word: &str) -> bool {
    CONJUNCTIONS.contains(&word.to_lowercase().as_str())
}

/// What a line says behind a whole date in front of it.
pub(super) fn behind_date(line: &str) -> Option<&str> {
    let end = DATE_FIRST.regex()?.find(line)?.end();
    line.get(end..).filter(|rest| !rest.is_empty())
}

/// Whether a line names those who edited or took pictures.
pub(super) fn is_of_others(line: &str) -> bool {
    OTHERS.is_match(line)
}

fn one_line(text: &str) -> Byline {
    let mut read = Byline::default();
    if text.chars().count() > MAX_CHARS {
        return read;
    }
    if let Some(name) = agency::named(text) {
        read.agencies.push(name);
        return read;
    }
    if let Some(signature) = signature::line(text).filter(|s| !s.names.is_empty()) {
        read.people = signature.names;
        read.agencies.extend(signature.agency);
        return read;
    }
    let Some(separator) = SEPARATOR.regex() else {
        return read;
    };
    if is_of_others(text) {
        return read;
    }
    let text = stripped(text);
    for group in separator.split(&text).take(MAX_AUTHORS * 2) {
        read.join(group_of(group));
    }
    if read.people.iter().any(|name| name.contains(' ')) {
        // Beside full names a single word is a place or an outlet.
        read.people
            .retain(|name| name.contains(' ') || !is_latin(name));
    }
    read
}

/// The byline without its label and what stands before and behind the names.
fn stripped(text: &str) -> String {
    let text = DATE_FIRST.replace(text, "");
    let bare = LABEL.replace(&text, "").into_owned();
    // Behind names that a label opened, another label is that of editors and the like.
    let is_opened = bare.len() < text.len();
    let text = if is_opened { bare } else { behind_label(&bare) };
    let text = text.replace(" im Gespräch mit ", ", ");
    let text = SUFFIX.replace(&text, "").into_owned();
    let text = NOISE.replace_all(&text, " ").into_owned();
    DATED.replace(&text, "").into_owned()
}

/// What a byline says behind a label in its middle; before it, where the label is an editor's.
fn behind_label(text: &str) -> String {
    let found = PREFIX.captures(text);
    let Some((before, names)) = found.and_then(|found| Some((found.get(1)?, found.get(2)?))) else {
        return text.to_owned();
    };
    match EDITED_BY.captures(before.as_str()) {
        Some(editor) if editor.name("apart").is_some() => {
            EDITED_BY.replace(before.as_str(), "").into_owned()
        }
        Some(_) => String::new(),
        None => names.as_str().to_owned(),
    }
}

/// Parts between commas: a role ends the list, since its own commas follow (`A, director, firm`).
fn group_of(group: &str) -> Byline {
    let mut read = Byline::default();
    for part in group
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if let Some(name) = agency::named(part) {
            read.agencies.push(name);
            continue;
        }
        if CREDENTIAL.is_match(part) {
            continue;
        }
        let bare = clean(&LABEL.replace(part, ""));
        let (kept, has_post) = without_post(&bare);
        let named = name(&kept);
        if is_person(&named) {
            read.people.push(named);
        } else if DESK.is_match(&bare) && is_short(&bare) {
            read.desk.get_or_insert(bare);
        } else if !has_post && is_handle(&named) {
            read.handle.get_or_insert(named);
        }
        if has_post && !read.people.is_empty() {
            break;
        }
    }
    read
}

fn is_short(text: &str) -> bool {
    (3..=48).contains(&text.chars().count()) && !text.contains("://")
}

#[cfg(test)]
mod tests;
