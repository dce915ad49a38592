//! Poolers that hand out another server connection for each transaction. Some mix up the prepared
//! statements of their clients, and then rows of another client's query come back without an error.

use sqlx::PgConnection;

use super::StoreError;

/// Statements that each of two connections tries side by side; half of them find such a pooler out.
const TRIES: i32 = 20;

/// Whether two connections go through a pooler; refuses one that mixes up prepared statements.
///
/// # Errors
/// [`StoreError::Pooler`], or what went wrong with a connection.
pub(super) async fn probe(
    one: &mut PgConnection,
    other: &mut PgConnection,
) -> Result<bool, StoreError> {
    if !is_pooled(one, other).await.map_err(StoreError::Connect)? {
        return Ok(false);
    }
    // The driver gives both statements the same name, each on what it takes for its own server.
    let (here, there) = tokio::join!(
        are_right(one, "SELECT $1::integer", |number| number),
        are_right(other, "SELECT 1 - $1::integer", |number| 1 - number),
    );
    if here && there {
        Ok(true)
    } else {
        Err(StoreError::Pooler)
    }
}

/// Whether two connections share a process of the server, or one changes between statements.
async fn is_pooled(one: &mut PgConnection, other: &mut PgConnection) -> sqlx::Result<bool> {
    let before = process(one).await?;
    let between = process(other).await?;
    let after = process(one).await?;
    Ok(before == between || before != after)
}

/// The process behind a connection, asked without a prepared statement.
async fn process(connection: &mut PgConnection) -> sqlx::Result<i32> {
    let row = sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection);
    sqlx::Row::try_get(&row.await?, 0)
}

/// Whether a prepared statement answers as it should, again and again.
async fn are_right(
    connection: &mut PgConnection,
    statement: &'static str,
    answer: impl Fn(i32) -> i32,
) -> bool {
    for number in 0..TRIES {
        let found = sqlx::query_scalar::<_, i32>(statement).bind(number);
        match found.fetch_one(&mut *connection).await {
            Ok(found) if found == answer(number) => {}
            _ => return false,
        }
    }
    true
}
