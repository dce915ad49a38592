//! "Did you mean": the known word nearest to a misspelt one.

/// Longer words are never compared: nobody misspells them by a letter.
const MAX_CHARS: usize = 64;

/// The known word that is spelt most alike, unless none is near. `-` counts as `_` and case is not
/// regarded.
pub(super) fn nearest<'k>(
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let given = folded(given);
    let limit = (given.len() / 3).max(1);
    if given.is_empty() || given.len() > MAX_CHARS {
        return None;
    }
    known
        .into_iter()
        .map(|word| (distance(&given, &folded(word)), word))
        .filter(|(steps, _)| *steps <= limit)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, word)| word)
}

fn folded(word: &str) -> Vec<char> {
    let fold = |c: char| {
        if c == '-' {
            '_'
        } else {
            c.to_ascii_lowercase()
        }
    };
    word.chars().take(MAX_CHARS + 1).map(fold).collect()
}

/// Letters to add, drop, change or swap with a neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = at(&last, j) + usize::from(x != y);
            let mut best = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    at(&last, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_find_their_neighbour_and_strange_ones_none() {
        let known = ["timeout", "max_body", "max_redirects", "proxy"];
        for (given, expected) in [
            ("maxbody", Some("max_body")),
            ("max-body", Some("max_body")),
            ("Timeuot", Some("timeout")),
            ("proxi", Some("proxy")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), expected, "{given}");
        }
    }

    #[test]
    fn distance_counts_a_swap_as_one_step() {
        for (a, b, steps) in [
            ("ab", "ba", 1),
            ("abc", "abc", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(&folded(a), &folded(b)), steps, "{a} {b}");
        }
    }
}
