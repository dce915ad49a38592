//! `sokbo sql`: a query's rows as a table, CSV or JSON lines, or psql on the database.

use std::ops::ControlFlow;

use clap::{Args as ClapArgs, ValueEnum};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::process::Command;

use crate::config::Config;
use crate::store::{Access, ColumnKind, QueryMode, ResultColumn, Store, StoreError};

use super::Failure;
use super::terminal::{print, table, write_out};

/// Rows of a table at most: a table is laid out in memory.
const MAX_TABLE_ROWS: usize = 10_000;

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    Table,
    /// Comma-separated values with a head line
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// Arguments of `sokbo sql`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The query; psql is opened when it is left out
    query: Option<String>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Let the query change data
    #[arg(long)]
    write: bool,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Attach).await?;
    let outcome = match &args.query {
        None => psql(&store, &config, args.write).await,
        Some(query) => answer(&store, query, &args).await,
    };
    store.close().await;
    outcome
}

async fn answer(store: &Store, query: &str, args: &Args) -> Result<(), Failure> {
    let mode = if args.write {
        QueryMode::Write
    } else {
        QueryMode::Read
    };
    let line: fn(&[ResultColumn], &[Option<String>]) -> String = match args.format {
        Format::Table => return print(&table_of(store, query, mode).await?),
        Format::Csv => |_, row| csv_line(row.iter().map(Option::as_deref)),
        Format::Jsonl => jsonl_line,
    };
    // Rows are printed as they come: an answer may be larger than memory.
    let mut printed = Ok(());
    let mut is_first = args.format == Format::Csv;
    let each = |columns: &[ResultColumn], row: Vec<Option<String>>| {
        let head = if std::mem::take(&mut is_first) {
            csv_head(columns)
        } else {
            String::new()
        };
        printed = write_out(&(head + &line(columns, &row)));
        if printed.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let columns = store
        .run_query(query, mode, None, each)
        .await
        .map_err(hint)?;
    printed.map_err(Failure::failed)?;
    if is_first {
        print(&csv_head(&columns))
    } else {
        Ok(())
    }
}

/// The answer to a query as a table for people.
pub(super) async fn table_of(
    store: &Store,
    query: &str,
    mode: QueryMode,
) -> Result<String, Failure> {
    let mut rows = Vec::new();
    let mut is_cut = false;
    let each = |_: &[ResultColumn], row: Vec<Option<String>>| {
        is_cut = rows.len() >= MAX_TABLE_ROWS;
        if is_cut {
            return ControlFlow::Break(());
        }
        rows.push(row);
        ControlFlow::Continue(())
    };
    let columns = store
        .run_query(query, mode, None, each)
        .await
        .map_err(hint)?;
    if columns.is_empty() {
        return Ok("done".to_owned());
    }
    let head: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut shown = table(&head);
    for row in &rows {
        shown.add_row(row.iter().map(|value| value.as_deref().unwrap_or("")));
    }
    let count = rows.len();
    let count = match (count, is_cut) {
        (_, true) => format!("the first {count} rows; --format csv or jsonl prints all"),
        (1, false) => "1 row".to_owned(),
        (_, false) => format!("{count} rows"),
    };
    Ok(format!("{shown}\n({count})"))
}

/// What is wrong with a query, in the server's words; a refused change is explained by the option
/// that allows it.
fn hint(error: StoreError) -> Failure {
    match error.server_message() {
        Some(message) if message.contains("read-only transaction") => Failure::failed(
            anyhow::anyhow!("queries may only read ({message}); --write lets this one change data"),
        ),
        Some(message) => Failure::failed(anyhow::anyhow!("the query failed: {message}")),
        None => error.into(),
    }
}

fn csv_head(columns: &[ResultColumn]) -> String {
    csv_line(columns.iter().map(|column| Some(column.name.as_str())))
}

/// One row as comma-separated values (RFC 4180), nulls empty.
fn csv_line<'a>(values: impl Iterator<Item = Option<&'a str>>) -> String {
    let quoted = values.map(|value| match value {
        None => String::new(),
        Some(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Some(text) => text.to_owned(),
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}

/// One row as a JSON object.
fn jsonl_line(columns: &[ResultColumn], row: &[Option<String>]) -> String {
    let fields = columns.iter().zip(row);
    let object = fields.map(|(column, value)| {
        (
            column.name.clone(),
            json_value(column.kind, value.as_deref()),
        )
    });
    Value::Object(object.collect()).to_string() + "\n"
}

/// Numbers, booleans and JSON stay what they are; everything else is a string.
fn json_value(kind: ColumnKind, value: Option<&str>) -> Value {
    let Some(text) = value else {
        return Value::Null;
    };
    let as_text = || Value::String(text.to_owned());
    match kind {
        ColumnKind::Boolean => Value::Bool(text == "t"),
        // `NaN` and numbers too large for JSON stay text.
        ColumnKind::Number | ColumnKind::Json => {
            serde_json::from_str(text).unwrap_or_else(|_| as_text())
        }
        ColumnKind::Text => as_text(),
    }
}

/// Opens psql on the database and waits for its end.
async fn psql(store: &Store, config: &Config, may_write: bool) -> Result<(), Failure> {
    let mut command = Command::new("psql");
    match (store.private_server(), &config.database.url) {
        (Some(server), _) => {
            command
                .env("PGHOST", &server.socket_dir)
                .env("PGPORT", server.port.to_string())
                .env("PGUSER", &server.user)
                .env("PGPASSWORD", &server.password)
                .env("PGDATABASE", &server.database);
        }
        (None, Some(url)) => {
            command.arg(url.expose_secret());
        }
        (None, None) => {}
    }
    if !may_write {
        command.env("PGOPTIONS", "-c default_transaction_read_only=on");
    }
    let status = command.status().await.map_err(|error| {
        Failure::failed(anyhow::anyhow!(
            "psql can't be started ({error}); install the Postgres client, or give a query"
        ))
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Reported)
    }
}
