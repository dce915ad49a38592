//! What a memory says of one page: the key of each block, whether it is known furniture, and how
//! often a container held the body before.

use crate::extract::element::Element;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{Likeness, SLACK, SiteMemory, Trace};
use crate::extract::outline::{Block, Item, Outline};
use crate::extract::role::Roles;
use crate::extract::signature;

/// Blocks that are looked at; what stands behind them on a page is neither learned nor marked.
const MAX_BLOCKS: usize = 600;
/// Shorter blocks say too little to be known again.
const MIN_LETTERS: usize = 2;
/// Elements around a container that belong to its path.
const MAX_STEPS: usize = 3;
/// Longer blocks carry no signature.
const SIGNATURE_WEIGHT: usize = 160;

/// A page seen with the memory of its site.
#[derive(Debug)]
pub(in crate::extract) struct Recall<'m> {
    memory: &'m SiteMemory,
    /// Articles of the memory that are this very one: 0 or 1.
    own: f32,
    /// The key of each of the first blocks; none for what is furniture without any memory.
    keys: Vec<Option<u64>>,
}

impl<'m> Recall<'m> {
    /// Looks at the blocks of a page of this address and title (0 where there is none).
    pub(super) fn new(memory: &'m SiteMemory, outline: &Outline<'_>, page: &Likeness) -> Self {
        let own = memory.recent.iter().any(|known| known.may_be(page));
        let blocks = outline.blocks.iter().take(MAX_BLOCKS);
        Self {
            memory,
            own: f32::from(u8::from(own)),
            keys: blocks.map(|block| key(outline, block)).collect(),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let keys = self.keys.iter().enumerate();
        keys.filter_map(|(at, key)| Some((at, (*key)?)))
    }

    /// The blocks that are furniture of the site. Those that stood in bodies are left alone where
    /// they would be most of the page's text: then the page is known and its text is not furniture.
    pub(in crate::extract) fn repeated(&self, outline: &Outline<'_>) -> Vec<usize> {
        let (mut found, mut inside) = (Vec::new(), 0);
        let mut text = 0;
        for (at, key) in self.keys() {
            let Some(block) = outline.blocks.get(at) else {
                continue;
            };
            let trace = self.memory.lines.get(&key);
            match trace.filter(|trace| self.is_furniture(trace) && !is_signed(block)) {
                Some(trace) => {
                    let is_inside = trace.inside * 2.0 > trace.seen;
                    inside += if is_inside { block.weight } else { 0 };
                    found.push((at, is_inside));
                }
                None => text += block.weight,
            }
        }
        let is_body = inside > text;
        found
            .into_iter()
            .filter(|(_, is_inside)| !(is_body && *is_inside))
            .map(|(at, _)| at)
            .collect()
    }

    /// The other articles behind a weight, and in all.
    fn others(&self, weight: f32) -> (f32, f32) {
        (weight - self.own, self.memory.articles - self.own)
    }

    /// Whether so many different articles showed the block that it belongs to none of them. What
    /// looks like any paragraph must stand on most pages: follow-up articles share paragraphs too.
    fn is_furniture(&self, trace: &Trace) -> bool {
        let (seen, articles) = self.others(trace.seen);
        let is_plain = trace.plain * 2.0 > trace.seen;
        if is_plain {
            seen + SLACK >= 3.0 && seen * 5.0 >= articles * 3.0
        } else {
            self.is_common(trace.seen)
        }
    }

    /// Whether something was met with two different articles, of more known ones up to four.
    fn is_common(&self, weight: f32) -> bool {
        let (seen, articles) = self.others(weight);
        seen + SLACK >= (articles / 2.0).clamp(2.0, 4.0)
    }

    /// Whether a picture goes with many articles, and so with none.
    pub(in crate::extract) fn is_shared_picture(&self, url: &str) -> bool {
        let weight = self.memory.pictures.get(&xxh3_64(url.as_bytes()));
        weight.is_some_and(|weight| self.is_common(*weight))
    }

    /// What ends the titles of most pages: the site's name.
    pub(in crate::extract) fn site_names(&self) -> impl Iterator<Item = &str> {
        let names = self.memory.names.iter();
        let is_name = |weight: f32| {
            let (seen, articles) = self.others(weight);
            seen + SLACK >= 3.0 && seen * 2.0 >= articles
        };
        names
            .filter(move |(_, weight)| is_name(**weight))
            .map(|(name, _)| name.as_str())
    }

    /// The share of the site's articles whose body this container held, from 0 to 1; 0 while too
    /// few are known.
    pub(in crate::extract) fn habit(&self, outline: &Outline<'_>, item: usize) -> f32 {
        let wins = self
            .memory
            .containers
            .get(&container_key(outline, item))
            .copied()
            .unwrap_or_default();
        let (wins, articles) = self.others(wins);
        if articles + SLACK < 3.0 {
            0.0
        } else {
            (wins / articles).clamp(0.0, 1.0)
        }
    }
}

/// Bylines and the like: they name the people of this article, and go when they were read.
fn is_signed(block: &Block) -> bool {
    block.weight <= SIGNATURE_WEIGHT && signature::line(&block.text).is_some()
}

/// The key of a block that may be text: its letters and digits, and its place.
fn key(outline: &Outline<'_>, block: &Block) -> Option<u64> {
    let could_be_text = !block.roles.has(Roles::FURNITURE.without(Roles::REPEATED));
    let letters = block
        .text
        .chars()
        .filter(|c| c.is_alphabetic())
        .take(MIN_LETTERS)
        .count();
    if !could_be_text || letters < MIN_LETTERS {
        return None;
    }
    let mut hasher = Xxh3::new();
    let mut buffer = [0; 4];
    for c in block
        .text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
    {
        hasher.update(c.encode_utf8(&mut buffer).as_bytes());
    }
    hasher.update(&place(outline, block).to_le_bytes());
    Some(hasher.digest().max(1))
}

/// Where a block stands, coarsely: its element and the one around it, with their first class, and
/// the one inline element that it consists of.
pub(super) fn place(outline: &Outline<'_>, block: &Block) -> u64 {
    let mut hasher = Xxh3::new();
    let item = outline.items.get(block.item);
    let around = item.and_then(|item| outline.items.get(item.parent));
    for item in item.into_iter().chain(around) {
        step(&mut hasher, item.element);
    }
    hasher.update(item.and_then(only_child).unwrap_or_default().as_bytes());
    hasher.digest()
}

/// The inline element that all of an element's text stands in.
fn only_child<'a>(item: &Item<'a>) -> Option<&'a str> {
    let mut shown = item.node.children().filter(|node| match node.value() {
        scraper::Node::Text(text) => !text.trim().is_empty(),
        scraper::Node::Element(_) => true,
        _ => false,
    });
    let only = shown.next().filter(|_| shown.next().is_none())?;
    only.value().as_element().map(scraper::node::Element::name)
}

/// The key of a container by its path: the names, ids and first classes of the element and of those
/// around it.
pub(super) fn container_key(outline: &Outline<'_>, item: usize) -> u64 {
    let mut hasher = Xxh3::new();
    let steps = std::iter::once(item).chain(outline.ancestors(item, MAX_STEPS));
    for element in steps.filter_map(|at| Some(outline.items.get(at)?.element)) {
        step(&mut hasher, element);
        hasher.update(b"#");
        name(&mut hasher, element.id().unwrap_or_default());
    }
    hasher.digest()
}

/// An element's tag and first class.
fn step(hasher: &mut Xxh3, element: Element<'_>) {
    hasher.update(b">");
    hasher.update(element.name().as_bytes());
    hasher.update(b".");
    name(hasher, element.classes().next().unwrap_or_default());
}

/// A name without digits, which count articles and not templates.
fn name(hasher: &mut Xxh3, text: &str) {
    for byte in text.bytes().filter(|byte| !byte.is_ascii_digit()) {
        hasher.update(&[byte]);
    }
}
