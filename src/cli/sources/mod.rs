//! `sokbo sources`: every source with its state, switched on and off, and rules of others turned into
//! ours.

mod ftr;
mod switch;
mod xpath;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::config::{Config, Overrides};
use crate::store::{Access, SourceState, Store};

use super::Failure;
use super::terminal::{local, print, table};

/// Arguments of `sokbo sources`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) action: Option<Action>,
}

/// What else is done with sources.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Visit sources from the next start on: sets `enabled = true` in their files
    Enable {
        /// Names of sources
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Visit sources no longer from the next start on: sets `enabled = false` in their files
    Disable {
        /// Names of sources
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Turn a file of ftr-site-config into an [[extract]] block for a source file
    ImportFtr {
        /// The file, such as example.com.txt
        file: PathBuf,
    },
}

/// Does what needs no database.
pub(super) fn act(action: &Action, overrides: &Overrides) -> Result<(), Failure> {
    match action {
        Action::Enable { names } => switch::set(names, true, overrides),
        Action::Disable { names } => switch::set(names, false, overrides),
        Action::ImportFtr { file } => ftr::import(file),
    }
}

pub(super) async fn list(config: Config) -> Result<(), Failure> {
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
