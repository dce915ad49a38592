//! Tables of data, row by row: the cells of a row become one line. Tables that only lay out a page
//! stay as they are.

use std::ops::Range;

use super::{Block, Item};

/// What stands between two cells of a row.
const SEPARATOR: &str = " | ";
/// A cell with more text is a part of a page, not a datum.
const MAX_CELL: usize = 300;
const MAX_LINES: usize = 6;

/// What is known of a table.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    /// One past the last item inside.
    end: usize,
    rows: usize,
    cells: usize,
    /// Whether something in it is no datum.
    is_layout: bool,
}

impl Shape {
    fn is_data(self) -> bool {
        !self.is_layout && self.rows >= 2 && self.cells >= self.rows * 2
    }
}

/// A row: its item and its blocks.
type Row = (usize, Range<usize>);

/// Joins the cells of each row of a table of data.
pub(super) fn join_rows(items: &mut [Item<'_>], blocks: &mut Vec<Block>) {
    let rows = data_rows(items, blocks);
    if rows.is_empty() {
        return;
    }
    let mut rows = rows.into_iter().peekable();
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    // Where each block is afterwards, by its number before.
    let mut places: Vec<usize> = Vec::with_capacity(blocks.len() + 1);
    let mut row_end = 0;
    for (at, mut block) in std::mem::take(blocks).into_iter().enumerate() {
        match joined.last_mut().filter(|_| at < row_end) {
            Some(line) => append(line, &block),
            None => {
                if let Some((row, range)) = rows.next_if(|(_, range)| range.start == at) {
                    row_end = range.end;
                    block.item = row;
                }
                joined.push(block);
            }
        }
        places.push(joined.len() - 1);
    }
    places.push(joined.len());
    let last = joined.len();
    *blocks = joined;
    for item in items {
        let place = |at: usize| places.get(at).copied().unwrap_or(last);
        item.blocks = place(item.blocks.start)..place(item.blocks.end);
    }
}

/// The rows with two cells of text or more, in order.
fn data_rows(items: &[Item<'_>], blocks: &[Block]) -> Vec<Row> {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rows: Vec<(usize, Row)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        while open
            .pop_if(|table| shapes.get(*table).is_none_or(|s| s.end <= at))
            .is_some()
        {}
        let tag = item.element.name();
        if let Some(shape) = open.last().and_then(|table| shapes.get_mut(*table)) {
            shape.rows += usize::from(tag == "tr");
            shape.cells += usize::from(matches!(tag, "td" | "th"));
            shape.is_layout |= !fits(item, blocks);
        }
        match (tag, open.last()) {
            ("table", _) => {
                open.push(shapes.len());
                let is_layout = matches!(item.element.attr("role"), Some("presentation" | "none"));
                shapes.push(Shape {
                    end: item.end,
                    is_layout,
                    ..Shape::default()
                });
            }
            ("tr", Some(table)) if item.blocks.len() >= 2 => {
                rows.push((*table, (at, item.blocks.clone())));
            }
            _ => {}
        }
    }
    rows.retain(|(table, _)| shapes.get(*table).is_some_and(|s| s.is_data()));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Whether an element can stand in a table of data.
fn fits(item: &Item<'_>, blocks: &[Block]) -> bool {
    let cell = || blocks.get(item.blocks.clone()).unwrap_or_default();
    match item.element.name() {
        "table" | "form" | "h1" | "article" => false,
        "td" | "th" => {
            item.blocks.len() <= MAX_LINES
                && cell().iter().map(|b| b.weight).sum::<usize>() <= MAX_CELL
        }
        _ => true,
    }
}

fn append(line: &mut Block, cell: &Block) {
    line.text.push_str(SEPARATOR);
    line.text.push_str(&cell.text);
    line.weight += cell.weight;
    line.link_weight += cell.link_weight;
    line.is_broken = cell.is_broken;
}

#[cfg(test)]
mod tests {
    use crate::extract::outline::Outline;

    fn lines(markup: &str) -> Vec<String> {
        let html = crate::markup::parse_html(markup).unwrap();
        let outline = Outline::of(&html);
        for item in &outline.items {
            assert!(item.blocks.start <= item.blocks.end);
            assert!(item.blocks.end <= outline.blocks.len());
        }
        outline.blocks.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn rows_of_data_become_lines() {
        let table = "<p>Before</p><table><tr><th>Boat<th>Time<tr><td>Gull<td>6:02<tr><td><a href=x>Tern</a>\
                     <td>6:04<br>(late)</table><p>After</p>";
        assert_eq!(
            lines(table),
            [
                "Before",
                "Boat | Time",
                "Gull | 6:02",
                "Tern | 6:04 | (late)",
                "After"
            ]
        );
    }

    #[test]
    fn tables_that_lay_out_a_page_stay_as_they_are() {
        let long = "far too long for a datum, ".repeat(20);
        for (table, count) in [
            (
                format!("<table><tr><td>Menu<td>{long}<tr><td>Foot<td>Note</table>"),
                4,
            ),
            (
                "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>".to_owned(),
                4,
            ),
            ("<table><tr><td>a<td>b</table>".to_owned(), 2),
            (
                "<table><tr><td>Picture<tr><td>Its caption</table>".to_owned(),
                2,
            ),
            (
                "<table><tr><td>a<td><form>b</form><tr><td>c<td>d</table>".to_owned(),
                4,
            ),
        ] {
            assert_eq!(lines(&table).len(), count, "{table}");
        }
    }

    #[test]
    fn table_inside_a_layout_is_joined_alone() {
        let page = "<table><tr><td>Menu<td><table><tr><td>a<td>b<tr><td>c<td>d</table>text<tr><td>x<td>y</table>";
        assert_eq!(lines(page), ["Menu", "a | b", "c | d", "text", "x", "y"]);
    }
}
