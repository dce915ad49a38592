//! When the article was published and last changed, as precise as the page states it. All statements
//! of a page are gathered and compared: those that mean the same day support each other, the best
//! supported day wins, and its sharpest statement is taken. Nothing is guessed from the present.

mod agree;
mod claims;
mod names;
mod path;
mod place;

use chrono::Timelike;

use super::Sources;
use super::field::Field;
use crate::domain::{Precision, Stamp};
use crate::extract::body::Found;
use agree::{agree, sharpest};
use claims::{Claim, Claims, Kind};

type Dated = Field<Stamp>;

/// Both dates; the second only where it is after the first. `title` is the headline, near which a
/// reader is shown the date.
pub(super) fn dates(
    page: &Sources<'_>,
    found: &Found,
    title: &str,
) -> (Option<Dated>, Option<Dated>) {
    let Claims {
        mut published,
        modified,
    } = claims::all(page, found, title);
    weaken_changes(&mut published, &modified);
    untwin(&mut published);
    let published = best(&published).map(|at| sharpest(&published, at));
    let modified = modified
        .first()
        .map(|claim| sharpest_same(&modified, claim));
    let is_later = |m: &Dated| {
        published
            .as_ref()
            .is_none_or(|p| is_after(&m.value, &p.value))
    };
    let modified = modified.filter(is_later);
    let in_zone = |dated: Dated| {
        let stamp = page.in_zone(dated.value.clone());
        dated.with(stamp)
    };
    match (published.map(in_zone), modified.map(in_zone)) {
        // A page that only states its last change was published then, as far as anybody knows.
        (None, Some(modified)) => (Some(modified), None),
        both => both,
    }
}

fn sharpest_same(modified: &[Claim], first: &Claim) -> Dated {
    let is_vague = first.field.value.precision <= Precision::Day;
    let day = first.field.value.local.date();
    let finer = modified.iter().find(|other| {
        let stamp = &other.field.value;
        is_vague && stamp.precision > Precision::Day && stamp.local.date() == day
    });
    finer.unwrap_or(first).field.clone()
}

/// A bare date on the page that is also the day of the last change says nothing about the
/// publication, where structured data knows it.
fn weaken_changes(published: &mut [Claim], modified: &[Claim]) {
    let stated = published.iter().filter(|claim| claim.kind.is_structured());
    let stated: Vec<Stamp> = stated.map(|claim| claim.field.value.clone()).collect();
    for claim in published.iter_mut() {
        let is_change = modified
            .iter()
            .any(|change| change.field.value.local.date() == claim.field.value.local.date());
        let is_other = stated.iter().all(|stamp| !agree(stamp, &claim.field.value));
        if !stated.is_empty() && is_other && is_change && claim.kind == Kind::Shown {
            claim.kind = Kind::Far;
        }
    }
}

/// Reads `3/4/2024` the other way round where that is what the rest of the page says.
fn untwin(claims: &mut [Claim]) {
    let certain: Vec<_> = claims
        .iter()
        .filter(|claim| claim.twin.is_none())
        .map(|claim| claim.field.value.local.date())
        .collect();
    for claim in claims {
        let Some(twin) = claim.twin.take() else {
            continue;
        };
        let is_known = certain.contains(&twin.local.date());
        if is_known && !certain.contains(&claim.field.value.local.date()) {
            claim.field.value = twin;
        }
    }
}

/// The claim with the most support, the first of several; each family of sources speaks once.
fn best(claims: &[Claim]) -> Option<usize> {
    let support = |claim: &Claim| -> u32 {
        let mut families = [0; Kind::FAMILIES];
        for other in claims {
            let is_same = agree(&claim.field.value, &other.field.value);
            if let Some(family) = families.get_mut(other.kind.family()).filter(|_| is_same) {
                *family = other.weight().max(*family);
            }
        }
        families.iter().sum()
    };
    let mut best: Option<(u32, usize)> = None;
    for (at, claim) in claims.iter().enumerate() {
        let support = support(claim);
        if best.is_none_or(|(most, _)| support > most) {
            best = Some((support, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Whether `a` is after `b` at the coarser precision of the two.
pub(super) fn is_after(a: &Stamp, b: &Stamp) -> bool {
    let precision = a.precision.min(b.precision);
    let cut = |stamp: &Stamp| {
        let local = match stamp.instant() {
            Some(instant) if precision > Precision::Day => instant.naive_utc(),
            _ => stamp.local,
        };
        match precision {
            Precision::Month | Precision::Day => local.date().into(),
            Precision::Minute => local.with_second(0).unwrap_or(local),
            Precision::Second => local,
        }
    };
    cut(a) > cut(b)
}

#[cfg(test)]
mod tests;
