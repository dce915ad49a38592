//! Text to tree, with bounds on what a hostile page can cost.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ego_tree::{NodeId, Tree};
use html5ever::TokenizerResult;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use nix::time::{ClockId, clock_gettime};
use scraper::{Html, HtmlTreeSink, Node};

/// Text beyond this is cut: no article is longer, and the tree weighs up to eight times the text.
const MAX_TEXT_BYTES: usize = 4 << 20;
/// How much is handed to the tokenizer at once.
const PIECE_BYTES: usize = 8 << 10;
/// Tokens between two looks at the clock; on a deep page each takes up to a millisecond.
const TOKENS_PER_LOOK: u32 = 64;
/// Of CPU: on a busy machine an honest page may wait as long for its turn. A page of 4 MiB takes
/// 0.1 s; deep nesting takes quadratic time (100,000 levels: 40 s).
const TIME_LIMIT: Duration = Duration::from_millis(800);
/// Browsers stop at 512 levels; selectors climb from each node to the root.
const MAX_DEPTH: usize = 1_000;
/// Real pages have some ten thousand; unclosed formatting elements multiply without bound.
const MAX_NODES: usize = 500_000;

/// One byte in so many that no text has makes a body data. Random bytes have one in ten, pages with
/// a slip of the editor one in thousands.
const BYTES_PER_DATA_BYTE: usize = 100;
/// How far into the text is looked for them.
const DATA_LOOK_BYTES: usize = 64 << 10;

/// Most pages spend more on an element or a text.
const BYTES_PER_NODE: usize = 40;
/// Room for nodes that is made beforehand; a tree that grows is copied again and again.
const MAX_RESERVED: usize = 50_000;

/// Why a page has no tree. All of them mean that the page was made, or broken, beyond use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// A picture, a program or the like, whatever its label says.
    #[error("the page is no text but data")]
    NoText,
    /// Elements nest deeper than any browser shows.
    #[error("the page nests elements deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Parsing took too much CPU time.
    #[error("parsing the page took more than {} ms of CPU", TIME_LIMIT.as_millis())]
    TimeLimit,
    /// The tree grew out of proportion.
    #[error("the page has more than {MAX_NODES} nodes")]
    TooManyNodes,
}

/// Parses a page as a browser does. The tree is not [`Send`]: use it up in the closure that made
/// it. Walk it iteratively.
///
/// # Errors
/// When the text is none, or the tree would be too deep, too big or too slow to build.
pub fn parse_html(text: &str) -> Result<Html, ParseError> {
    if is_data(text) {
        return Err(ParseError::NoText);
    }
    let (mut rest, _) = split_near(text, MAX_TEXT_BYTES);
    let tokenizer = Tokenizer::new(Guard::new(rest), TokenizerOpts::default());
    let input = BufferQueue::default();
    while !rest.is_empty() {
        let (piece, tail) = split_near(rest, PIECE_BYTES);
        input.push_back(piece.into());
        // it stops at scripts, which never run here, and at charsets, which are decided
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        // One tag may be as long as the page: 200,000 attributes are compared each with each.
        tokenizer.sink.look_at_clock();
        tokenizer.sink.result()?;
        rest = tail;
    }
    tokenizer.end();
    tokenizer.sink.result()?;
    let html = tokenizer.sink.builder.sink.finish();
    if is_too_deep(&html) {
        return Err(ParseError::TooDeep);
    }
    Ok(html)
}

/// Whether a text was made of bytes that are none.
fn is_data(text: &str) -> bool {
    // MIME Sniffing standard, "binary data byte"; NUL went when the charset was read.
    let is_foreign = |byte: &&u8| matches!(byte, 0x01..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    let (head, _) = split_near(text, DATA_LOOK_BYTES);
    head.bytes().filter(|byte| is_foreign(&byte)).count() * BYTES_PER_DATA_BYTE > head.len()
}

/// Stands between tokens and tree, since a single token may add thousands of nodes: unclosed
/// formatting elements are built anew in each block.
struct Guard {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    start: Instant,
    cpu_at_start: Duration,
    tokens: Cell<u32>,
    stopped: Cell<Option<ParseError>>,
}

impl Guard {
    fn new(text: &str) -> Self {
        let mut html = Html::new_document();
        let nodes = (text.len() / BYTES_PER_NODE).min(MAX_RESERVED);
        html.tree = Tree::with_capacity(Node::Document, nodes);
        let sink = HtmlTreeSink::new(html);
        Self {
            builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
            start: Instant::now(),
            cpu_at_start: cpu(),
            tokens: Cell::new(0),
            stopped: Cell::new(None),
        }
    }

    fn result(&self) -> Result<(), ParseError> {
        self.stopped.get().map_or(Ok(()), Err)
    }

    fn check(&self) {
        let tokens = self.tokens.get().wrapping_add(1);
        self.tokens.set(tokens);
        let mut html = self.builder.sink.0.borrow_mut();
        if html.tree.values().len() > MAX_NODES {
            self.stopped.set(Some(ParseError::TooManyNodes));
        }
        if tokens.is_multiple_of(TOKENS_PER_LOOK) {
            html.errors.clear(); // nobody reads them, and there may be one for every byte
            self.look_at_clock();
        }
    }

    fn look_at_clock(&self) {
        // The clock of all is the cheaper one, and never behind that of the thread.
        let is_late = self.start.elapsed() > TIME_LIMIT;
        if is_late && cpu().saturating_sub(self.cpu_at_start) > TIME_LIMIT {
            self.stopped.set(Some(ParseError::TimeLimit));
        }
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if self.stopped.get().is_some() {
            return TokenSinkResult::Continue;
        }
        self.check();
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The CPU time of this thread.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
    now.map_or(Duration::ZERO, Duration::from) // fails only where the system has no such clock
}

/// Splits at the last character boundary that is not behind `bytes`.
fn split_near(text: &str, bytes: usize) -> (&str, &str) {
    text.split_at_checked(text.floor_char_boundary(bytes))
        .unwrap_or((text, ""))
}

fn is_too_deep(html: &Html) -> bool {
    let mut depth = 1_usize;
    let mut at = html.tree.root();
    loop {
        if let Some(child) = at.first_child() {
            (at, depth) = (child, depth + 1);
            if depth > MAX_DEPTH {
                return true;
            }
            continue;
        }
        while at.next_sibling().is_none() {
            let Some(parent) = at.parent() else {
                return false;
            };
            (at, depth) = (parent, depth - 1);
        }
        let Some(sibling) = at.next_sibling() else {
            return false;
        };
        at = sibling;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_give_the_same_tree_as_the_whole() {
        let text = format!(
            "<title>속보</title>{}",
            "<p class=가>나 &amp; 다<br>".repeat(2_000)
        );
        let html = parse_html(&text).unwrap();
        assert_eq!(html.html(), Html::parse_document(&text).html());
    }

    #[test]
    fn deep_nesting_is_refused_and_wide_pages_are_not() {
        assert_eq!(
            parse_html(&"<div>".repeat(MAX_DEPTH)).unwrap_err(),
            ParseError::TooDeep
        );
        assert!(parse_html(&"<div></div>".repeat(MAX_DEPTH * 3)).is_ok());
    }

    #[test]
    fn data_is_no_page_whatever_charset_it_is_read_as() {
        let mut seed = 1_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed.to_be_bytes()[0]
        };
        let bytes: Vec<u8> = (0..40_000).map(|_| random()).collect();
        for charset in [
            None,
            Some("text/html; charset=euc-kr"),
            Some("text/html; charset=latin1"),
        ] {
            let decoded = crate::markup::decode(&bytes, charset, None);
            assert_eq!(parse_html(&decoded.text).unwrap_err(), ParseError::NoText);
        }
        let slip = format!("<p>\u{b}{}</p>", "속보입니다. ".repeat(30));
        assert!(parse_html(&slip).is_ok());
    }

    #[test]
    fn multiplying_elements_are_refused() {
        let open: String = (0..2_000).map(|n| format!("<b x={n}>")).collect();
        let text = format!("<p>{open}</p>{}", "<div>x</div>".repeat(3_000));
        assert!(parse_html(&text).is_err());
    }

    #[test]
    fn one_endless_tag_is_refused() {
        let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
        let text = format!("<div{attributes}><p>x</p></div>");
        assert_eq!(parse_html(&text).unwrap_err(), ParseError::TimeLimit);
    }

    #[test]
    fn script_and_foreign_elements_are_parsed_as_by_the_library() {
        let text = "<script>a<b</script><svg><![CDATA[x]]></svg><template><p>t</template><table>y";
        assert_eq!(
            parse_html(text).unwrap().html(),
            Html::parse_document(text).html()
        );
    }

    proptest! {
        #[test]
        fn any_text_parses(text in "\\PC{0,200}|(<[a-z!/]{0,3}[ =>가\"]{0,3}){0,40}") {
            prop_assert!(parse_html(&text).is_ok());
        }
    }
}
