//! People's own SQL, for `sokbo sql`: one statement, read-only unless told otherwise.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgColumn, PgRow};
use sqlx::{AssertSqlSafe, Column, Executor, PgConnection, Row, SqlSafeStr, TypeInfo, ValueRef};

use super::{Store, StoreError};

/// What a query may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryMode {
    /// Only read.
    Read,
    /// Also change data.
    Write,
}

/// What the text of a column's values stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// `t` or `f`.
    Boolean,
    /// A number.
    Number,
    /// A JSON document.
    Json,
    /// Anything else.
    Text,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

impl ResultColumn {
    fn of(column: &PgColumn) -> Self {
        let kind = match column.type_info().name() {
            "BOOL" => ColumnKind::Boolean,
            "INT2" | "INT4" | "INT8" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "OID" => {
                ColumnKind::Number
            }
            "JSON" | "JSONB" => ColumnKind::Json,
            _ => ColumnKind::Text,
        };
        Self {
            name: column.name().to_owned(),
            kind,
        }
    }
}

impl Store {
    /// Runs one statement in a transaction of its own, with `news` first in the search path. Each
    /// row goes to `each` with the columns, as text, `None` for null, until it breaks; the columns are the
    /// answer.
    ///
    /// # Errors
    /// When the statement is wrong, not a single one, forbidden in this mode, or takes longer than
    /// `limit`.
    pub async fn run_query(
        &self,
        query: &str,
        mode: QueryMode,
        limit: Option<Duration>,
        mut each: impl FnMut(&[ResultColumn], Vec<Option<String>>) -> ControlFlow<()> + Send,
    ) -> Result<Vec<ResultColumn>, StoreError> {
        let failed = StoreError::during("run the query");
        let mut transaction = self.pool.begin().await.map_err(&failed)?;
        prepare(&mut transaction, mode, limit)
            .await
            .map_err(&failed)?;
        // Describing refuses several statements in one text, and names the columns of no rows.
        let described = (&mut *transaction)
            .describe(AssertSqlSafe(query).into_sql_str())
            .await
            .map_err(&failed)?;
        let columns: Vec<ResultColumn> = described.columns().iter().map(ResultColumn::of).collect();
        // The simple protocol gives every type as the text that psql shows.
        let mut rows = sqlx::raw_sql(AssertSqlSafe(query)).fetch(&mut *transaction);
        while let Some(row) = rows.try_next().await.map_err(&failed)? {
            if each(&columns, texts(&row).map_err(&failed)?).is_break() {
                break;
            }
        }
        drop(rows);
        match mode {
            QueryMode::Read => transaction.rollback().await,
            QueryMode::Write => transaction.commit().await,
        }
        .map_err(&failed)?;
        Ok(columns)
    }
}

async fn prepare(
    connection: &mut PgConnection,
    mode: QueryMode,
    limit: Option<Duration>,
) -> Result<(), sqlx::Error> {
    if mode == QueryMode::Read {
        sqlx::query("SET TRANSACTION READ ONLY")
            .execute(&mut *connection)
            .await?;
    }
    let limit_ms = limit.map_or(0, |limit| limit.as_millis().max(1));
    sqlx::query!(
        "SELECT set_config('search_path', 'news, public', true) AS search_path,
                set_config('statement_timeout', $1, true) AS statement_timeout",
        limit_ms.to_string(),
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

fn texts(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    let text = |index| {
        let value = row.try_get_raw(index)?;
        if value.is_null() {
            return Ok(None);
        }
        let text = value.as_str().map_err(sqlx::Error::Decode)?;
        Ok(Some(text.to_owned()))
    };
    (0..row.len()).map(text).collect()
}
