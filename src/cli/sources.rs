//! `sokbo sources`: every source with its state.

use crate::config::Config;
use crate::store::{Access, SourceState, Store};

use super::Failure;
use super::terminal::{local, print, table};

pub(super) async fn execute(config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Attach).await?;
    let states = store.source_states().await;
    store.close().await;
    let states = states?;
    if states.is_empty() {
        return print(
            "no source was visited yet: `sokbo run` visits those of config/sources/, and the README \
             shows how to write one",
        );
    }
    let head = [
        "source",
        "state",
        "articles 24 h",
        "waiting",
        "last success",
        "next visit",
    ];
    let mut rows = table(&head);
    for state in &states {
        rows.add_row(row(state));
    }
    print(&rows.to_string())
}

fn row(state: &SourceState) -> [String; 6] {
    let standing = match (state.is_active, state.last_success_at, &state.last_error) {
        (false, ..) => "off",
        (true, None, None) => "not visited yet",
        (true, None, Some(_)) => "failing",
        (true, Some(_), _) => "on",
    };
    [
        state.name.clone(),
        standing.to_owned(),
        state.articles_day.to_string(),
        state.waiting.to_string(),
        local(state.last_success_at),
        local(state.next_visit_at),
    ]
}
