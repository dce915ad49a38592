//! The page as a flat list of elements and of text blocks in reading order. One iterative walk; all
//! later questions are answered from index ranges, so that the cost stays linear in the page.

mod beneath;
mod table;
mod walk;

use std::ops::Range;

use ego_tree::NodeRef;
use scraper::{Html, Node};

use crate::extract::element::Element;
use crate::extract::role::Roles;
use crate::extract::text::{ends_sentence, weight};
use walk::{Walk, is_inline};

/// A block of at least this weight can be a sentence or more.
const PROSE_WEIGHT: usize = 70;

/// An element of the page.
#[derive(Debug)]
pub(in crate::extract) struct Item<'a> {
    pub(in crate::extract) node: NodeRef<'a, Node>,
    pub(in crate::extract) element: Element<'a>,
    pub(in crate::extract) parent: usize,
    /// One past the last item inside.
    pub(in crate::extract) end: usize,
    /// What its own markup says it is for, where that is believed.
    pub(in crate::extract) own: Roles,
    /// The same with what it inherits.
    pub(in crate::extract) roles: Roles,
    /// The blocks that begin inside.
    pub(in crate::extract) blocks: Range<usize>,
    pub(in crate::extract) is_hint: bool,
}

/// A run of text between two boundaries: a paragraph, a heading, a caption, a line.
#[derive(Debug)]
pub(in crate::extract) struct Block {
    pub(in crate::extract) text: String,
    /// The innermost boundary element around it.
    pub(in crate::extract) item: usize,
    pub(in crate::extract) weight: usize,
    pub(in crate::extract) link_weight: usize,
    pub(in crate::extract) roles: Roles,
    /// Whether a single `<br>` ended it, so that the next block may go on with its sentence.
    pub(in crate::extract) is_broken: bool,
}

impl Block {
    /// Mostly links.
    pub(in crate::extract) fn is_linked(&self) -> bool {
        self.link_weight * 2 > self.weight
    }

    /// A sentence or more of running text, not of links.
    pub(in crate::extract) fn is_prose(&self) -> bool {
        !self.is_linked()
            && (self.weight >= PROSE_WEIGHT || (self.weight >= 40 && ends_sentence(&self.text)))
    }
}

/// The flattened page.
#[derive(Debug)]
pub(in crate::extract) struct Outline<'a> {
    pub(in crate::extract) items: Vec<Item<'a>>,
    pub(in crate::extract) blocks: Vec<Block>,
    /// Sums over the blocks before each index; one longer than `blocks`.
    before: Vec<Sums>,
}

/// What a range of blocks holds.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::extract) struct Sums {
    /// Weight of prose.
    pub(in crate::extract) prose: usize,
    /// Number of prose blocks.
    pub(in crate::extract) paragraphs: usize,
    /// Weight of all text.
    pub(in crate::extract) text: usize,
    /// Weight of links.
    pub(in crate::extract) links: usize,
}

impl<'a> Outline<'a> {
    /// Flattens a page.
    pub(in crate::extract) fn of(html: &'a Html) -> Self {
        Self::flatten(html, Walk::default())
    }

    /// Flattens a page anew with some elements (`items` of this outline) cut out of its body. Their
    /// text stays known to the other fields, unless it stands inside a line with other text.
    pub(in crate::extract) fn without(&self, html: &'a Html, items: &[usize]) -> Self {
        let inline = items.iter().filter_map(|at| {
            let item = self.items.get(*at)?;
            (is_inline(item.element.name()) || self.is_within_line(*at)).then_some(item)
        });
        let nodes = inline.map(|item| item.node.id());
        let mut outline = Self::flatten(html, Walk::muting(nodes.collect()));
        for at in items {
            let end = outline.items.get(*at).map_or(*at, |item| item.end);
            for item in outline.items.get_mut(*at..end).unwrap_or_default() {
                item.roles = item.roles.with(Roles::CUT);
            }
        }
        for block in &mut outline.blocks {
            let around = outline.items.get(block.item);
            if around.is_some_and(|item| item.roles.has(Roles::CUT)) {
                block.roles = block.roles.with(Roles::CUT);
            }
        }
        outline.measure(|block| !block.roles.has(Roles::FURNITURE));
        outline
    }

    fn flatten(html: &'a Html, mut walk: Walk<'a>) -> Self {
        walk.run(html);
        let mut outline = Self {
            items: walk.items,
            blocks: walk.blocks,
            before: Vec::new(),
        };
        outline.measure(|_| true);
        outline.settle_roles();
        outline.measure(|block| !block.roles.has(Roles::FURNITURE));
        outline
    }

    /// Marks what the site is known to repeat.
    pub(in crate::extract) fn mark_repeated(&mut self, blocks: &[usize]) {
        for at in blocks {
            if let Some(block) = self.blocks.get_mut(*at) {
                block.roles = block.roles.with(Roles::REPEATED);
            }
        }
        self.measure(|block| !block.roles.has(Roles::FURNITURE));
    }

    fn measure(&mut self, counts: impl Fn(&Block) -> bool) {
        let mut sums = Sums::default();
        self.before = std::iter::once(sums)
            .chain(self.blocks.iter().map(|block| {
                let is_prose = block.is_prose() && counts(block);
                sums.prose += if is_prose { block.weight } else { 0 };
                sums.paragraphs += usize::from(is_prose);
                sums.text += block.weight;
                sums.links += block.link_weight;
                sums
            }))
            .collect();
    }

    /// What a range of blocks holds.
    pub(in crate::extract) fn sums(&self, blocks: &Range<usize>) -> Sums {
        let at = |index: usize| self.before.get(index).copied().unwrap_or_default();
        let (a, b) = (at(blocks.start), at(blocks.end.min(self.blocks.len())));
        Sums {
            prose: b.prose.saturating_sub(a.prose),
            paragraphs: b.paragraphs.saturating_sub(a.paragraphs),
            text: b.text.saturating_sub(a.text),
            links: b.links.saturating_sub(a.links),
        }
    }

    /// What the whole page holds.
    pub(in crate::extract) fn all(&self) -> Sums {
        self.before.last().copied().unwrap_or_default()
    }

    pub(in crate::extract) fn blocks_of(&self, blocks: &Range<usize>) -> &[Block] {
        self.blocks.get(blocks.clone()).unwrap_or_default()
    }

    /// The name of the element that bounds a block.
    pub(in crate::extract) fn tag(&self, block: &Block) -> &'a str {
        let item = self.items.get(block.item);
        item.map_or("", |item| item.element.name())
    }

    /// The blocks that an element is made of; one within a line has none.
    pub(in crate::extract) fn whole_blocks(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.items.get(item).map_or(item, |found| found.end);
        let blocks = self.items.get(item).map_or(0..0, |i| i.blocks.clone());
        blocks.filter(move |at| {
            let block = self.blocks.get(*at);
            block.is_some_and(|block| (item..end).contains(&block.item))
        })
    }

    /// Whether an element stands within a line.
    fn is_within_line(&self, item: usize) -> bool {
        self.whole_blocks(item).next().is_none()
    }

    /// The weight of an element that stands within a line; 0 for others, which have blocks.
    pub(in crate::extract) fn inline_weight(&self, item: usize) -> usize {
        let inline = self.items.get(item).filter(|_| self.is_within_line(item));
        let nodes = inline.into_iter().flat_map(|item| item.node.descendants());
        nodes
            .filter_map(|node| node.value().as_text().map(|text| weight(text.trim())))
            .sum()
    }

    /// The text of an element, its blocks joined by spaces.
    pub(in crate::extract) fn text_of(&self, item: &Item<'_>) -> String {
        let texts: Vec<&str> = self
            .blocks_of(&item.blocks)
            .iter()
            .map(|b| b.text.as_str())
            .collect();
        texts.join(" ")
    }

    /// The ancestors of an item from the parent up, at most `limit`.
    pub(in crate::extract) fn ancestors(
        &self,
        index: usize,
        limit: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let mut at = index;
        std::iter::from_fn(move || {
            let parent = self.items.get(at)?.parent;
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
        .take(limit)
    }

    /// Elements inside an item, the item itself first.
    pub(in crate::extract) fn within(&self, index: usize) -> &[Item<'a>] {
        let end = self.items.get(index).map_or(index, |item| item.end);
        self.items.get(index..end).unwrap_or_default()
    }

    /// Decides which roles are believed and hands them down. A word that would throw away much of
    /// the page's text, or what names itself its text, was meant otherwise (`has-sidebar`).
    fn settle_roles(&mut self) {
        let total = self.all().prose.max(1);
        let signals = self.count(|i| i.is_hint || i.element.name() == "article");
        let tops = self.count(|i| i.element.name() == "h1");
        let tables = self.picture_tables();
        let mut settled: Vec<Roles> = Vec::with_capacity(self.items.len());
        for (index, item) in self.items.iter().enumerate() {
            let inherited = settled.get(item.parent).copied().unwrap_or_default();
            let sums = self.sums(&item.blocks);
            let share = sums.prose * 100 / total;
            let has = |counts: &[usize]| counts.get(item.end) > counts.get(index);
            let (has_signal, has_headline) = (has(&signals), has(&tops));
            let is_page = share > 75 && has_headline && sums.paragraphs >= 3;
            let mut own = believed(item.own, share, has_signal || is_page, &sums);
            if has_headline && tops.last() == Some(&1) {
                // `paywall` on what holds the page's only headline tells of the article, not of an offer.
                own = own.without(Roles::OFFER);
            }
            if tables.contains(&index) {
                own = own.with(Roles::CAPTION);
            }
            settled.push(if index == 0 { own } else { inherited.with(own) });
        }
        for (item, roles) in self.items.iter_mut().zip(&settled) {
            item.roles = *roles;
        }
        for block in &mut self.blocks {
            block.roles = settled.get(block.item).copied().unwrap_or_default();
        }
        for at in beneath::captions(&self.items, &self.blocks) {
            if let Some(line) = self.blocks.get_mut(at) {
                line.roles = line.roles.with(Roles::CAPTION);
            }
        }
        self.mark_link_lists();
    }

    /// How many items that `counts` stand before each item; one longer than `items`.
    fn count(&self, counts: impl Fn(&Item<'_>) -> bool) -> Vec<usize> {
        let mut sum = 0;
        std::iter::once(0)
            .chain(self.items.iter().map(|item| {
                sum += usize::from(counts(item));
                sum
            }))
            .collect()
    }

    /// Small elements that hold a picture and a line of text, and no more: the line is its caption.
    fn picture_tables(&self) -> std::collections::HashSet<usize> {
        let mut frames = std::collections::HashSet::new();
        for (index, item) in self.items.iter().enumerate() {
            if !matches!(item.element.name(), "img" | "amp-img" | "picture") {
                continue;
            }
            for at in self.ancestors(index, 6) {
                let Some(frame) = self.items.get(at) else {
                    break;
                };
                let weight = self.sums(&frame.blocks).text;
                if frame.blocks.len() > 3 || weight > 700 {
                    break;
                }
                let is_frame = frame.own.has(Roles::PICTURE)
                    || frame.element.name() == "table"
                    || self.is_single_line(frame);
                if is_frame && weight > 0 {
                    frames.insert(at);
                }
            }
        }
        frames
    }

    /// A plain element around one short line.
    fn is_single_line(&self, item: &Item<'_>) -> bool {
        let sums = self.sums(&item.blocks);
        matches!(item.element.name(), "div" | "span" | "center")
            && item.blocks.len() == 1
            && sums.prose == 0
            && sums.text <= 160
    }

    /// Lists whose text is mostly links are lists of links, whatever they are called.
    fn mark_link_lists(&mut self) {
        let mut index = 0;
        while let Some(item) = self.items.get(index) {
            index += 1;
            if !matches!(item.element.name(), "ul" | "ol" | "dl") {
                continue;
            }
            let range = item.blocks.clone();
            let sums = self.sums(&range);
            let is_bare = range.len() > 2 && sums.links * 10 > sums.text * 4 && sums.prose == 0;
            if sums.links * 10 > sums.text * 6 || is_bare {
                index = item.end;
                for block in self.blocks.get_mut(range).unwrap_or_default() {
                    block.roles = block.roles.with(Roles::RELATED);
                }
            }
        }
    }
}

/// What is believed of an element's own words, by the share of the page's prose that it holds (in
/// percent) and by what is in it. `has_signal`: something inside calls itself the text.
fn believed(mut own: Roles, share: usize, has_signal: bool, sums: &Sums) -> Roles {
    let is_text = sums.paragraphs >= 2;
    if is_text {
        // Tags, dates and the like are no sentences: an element with several is called so by accident.
        let brief = Roles::TAGS.with(Roles::DATE).with(Roles::CRUMBS);
        own = own.without(brief.with(Roles::KICKER));
    }
    if sums.paragraphs >= 1 && sums.links * 20 < sums.text {
        // A list of other articles links to them (`ranking`, `related`: it may be what the text is about).
        own = own.without(Roles::RELATED);
    }
    if is_text && has_signal {
        // An article that a paywall stands in (`has-paywall`) is no offer, however long the comments are.
        own = own.without(Roles::OFFER);
    } else if is_text && share >= 5 {
        // What is hidden or fenced off but reads like an article is the part behind a paywall.
        own = own.without(Roles::HIDDEN.with(Roles::OFFER));
    }
    match (has_signal, share) {
        (true, 21..) => own.without(Roles::FURNITURE),
        (false, 51..) => own.without(Roles::FURNITURE.without(Roles::STRONG)),
        _ => own,
    }
}
