//! What rules cut out of a body, and how far they may go.

use std::collections::BTreeSet;

use scraper::Selector;

use super::{IGNORED, Ruling, items};
use crate::domain::RuleField;
use crate::extract::body;
use crate::extract::outline::Outline;
use crate::extract::rules::Written;
use crate::extract::rules::pick::Pick;
use crate::markup;

impl<'a> Ruling<'a> {
    /// What the latest rule in force that removes anything removes.
    fn removes(&self) -> &'a [Written<Selector>] {
        let removes = self.in_force.iter().map(|rule| rule.remove.as_slice());
        let mut named = removes.filter(|remove| !remove.is_empty());
        named.next().unwrap_or_default()
    }

    /// The elements to be cut out of the body: those of each `remove` selector that leaves a tenth
    /// of the text at least. A selector that takes more has begun to match the text itself.
    pub(in crate::extract) fn removed(&mut self, outline: &Outline<'_>) -> Vec<usize> {
        let removes = self.removes();
        if removes.is_empty() {
            return Vec::new();
        }
        let text = self.text_blocks(outline);
        let weight = |at: &usize| outline.blocks.get(*at).map_or(0, |block| block.weight);
        let all: usize = text.iter().map(weight).sum();
        let (mut cut, mut taken, mut inline) = (Vec::new(), BTreeSet::new(), 0);
        for remove in removes {
            let items = items(self.html, outline, &remove.compiled);
            let whole = items.iter().flat_map(|at| outline.whole_blocks(*at));
            let now: BTreeSet<usize> = taken.iter().copied().chain(whole).collect();
            let lines: usize = items.iter().map(|at| outline.inline_weight(*at)).sum();
            let left: usize = text.difference(&now).map(weight).sum();
            if left.saturating_sub(inline + lines) * 10 < all {
                self.mark("remove", IGNORED, &remove.text);
            } else {
                cut.extend(items);
                (taken, inline) = (now, inline + lines);
            }
        }
        cut
    }

    /// The blocks that `remove` must leave something of: the ruled body's, else the page's prose.
    fn text_blocks(&self, outline: &Outline<'_>) -> BTreeSet<usize> {
        let picks = self.picks(RuleField::Body).unwrap_or_default();
        let ruled = picks.iter().find_map(|pick| match &pick.compiled {
            Pick::Elements {
                selector,
                attribute: None,
            } => Some(items(self.html, outline, selector)).filter(|items| !items.is_empty()),
            Pick::Elements { .. } | Pick::Script(_) => None,
        });
        if let Some(ruled) = ruled {
            let range = |at: &usize| outline.items.get(*at).map(|item| item.blocks.clone());
            return ruled.iter().filter_map(range).flatten().collect();
        }
        let blocks = outline.blocks.iter().enumerate();
        blocks.filter(|(_, b)| b.is_prose()).map(|b| b.0).collect()
    }

    /// The lines of a text that holds markup, without what is to be removed, unless that is all.
    pub(super) fn lines(&mut self, text: &str) -> Vec<String> {
        let whole = body::split(text);
        let removes = self.removes();
        if removes.is_empty() || !text.contains("</") {
            return whole;
        }
        let Ok(html) = markup::parse_html(text) else {
            return whole;
        };
        let outline = Outline::of(&html);
        let cut = removes.iter().map(|r| items(&html, &outline, &r.compiled));
        let cut: Vec<usize> = cut.flatten().collect();
        let lines = body::lines_of(&outline.without(&html, &cut));
        if !lines.is_empty() {
            return lines;
        }
        let texts: Vec<&str> = removes.iter().map(|r| r.text.as_str()).collect();
        self.mark("remove", IGNORED, &texts.join(" | "));
        whole
    }
}
