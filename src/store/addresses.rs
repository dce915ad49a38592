//! Turns at server addresses, shared by all nodes.

use std::net::IpAddr;
use std::time::Duration;

use super::rows::duration;
use super::{Store, StoreError};

/// While another request is under way its end is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The number of a turn at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnNumber(i64);

/// What came of asking for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressTurn {
    /// It is ours: the request may start now.
    Taken(TurnNumber),
    /// Not yet; to be asked for again after this time.
    In(Duration),
}

impl Store {
    /// Takes a turn at `address`, if no other is under way and the delay of the last is over. The
    /// next one starts `delay` later at the earliest, and not before this one was ended or `hold`
    /// is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_address(
        &self,
        address: IpAddr,
        delay: Duration,
        hold: Duration,
    ) -> Result<AddressTurn, StoreError> {
        let row = sqlx::query!(
            r#"
            WITH taken AS (
                INSERT INTO crawl.addresses AS a (address, turn, free_at, held_until)
                VALUES ($1, 1, now() + make_interval(secs => $2), now() + make_interval(secs => $3))
                ON CONFLICT (address) DO UPDATE
                   SET turn = a.turn + 1, free_at = excluded.free_at, held_until = excluded.held_until
                 WHERE greatest(a.free_at, a.held_until) <= now()
                RETURNING turn)
            SELECT (SELECT turn FROM taken) AS turn,
                   (SELECT extract(epoch FROM greatest(
                               a.free_at - now(),
                               least(a.held_until - now(), make_interval(secs => $4))))::float8
                      FROM crawl.addresses a WHERE a.address = $1) AS "wait"
            "#,
            address.to_string(),
            delay.as_secs_f64(),
            hold.as_secs_f64(),
            LOOK_AGAIN.as_secs_f64(),
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("take a turn at an address"))?;
        // Without a wait somebody else's first turn began just now.
        let wait = || row.wait.map_or(LOOK_AGAIN, duration);
        Ok(row.turn.map_or_else(
            || AddressTurn::In(wait()),
            |turn| AddressTurn::Taken(TurnNumber(turn)),
        ))
    }

    /// Ends a turn: its answer was read. Nothing happens where it had ended by itself.
    ///
    /// # Errors
    /// When the database fails; the turn then ends by itself.
    pub async fn end_turn(&self, address: IpAddr, turn: TurnNumber) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE crawl.addresses SET held_until = now() WHERE address = $1 AND turn = $2",
            address.to_string(),
            turn.0,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("end a turn at an address"))?;
        Ok(())
    }

    /// Forgets addresses that had no turn for `life`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_addresses(&self, life: Duration) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            DELETE FROM crawl.addresses
             WHERE greatest(free_at, held_until) < now() - make_interval(secs => $1)
            "#,
            life.as_secs_f64(),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("forget idle addresses"))?;
        Ok(())
    }
}
