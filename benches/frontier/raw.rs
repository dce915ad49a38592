//! The raw statements that figures are compared with.

use std::collections::BTreeSet;

use anyhow::Result;
use sqlx::{PgConnection, Row};

use crate::articles::article;
use crate::clients::{Dice, dice};
use crate::drive::Client;
use crate::world::{World, page};

/// Clients over a connection each, with dice of their own and the number of rows.
async fn connect<C>(
    world: &World,
    clients: u64,
    client: fn(PgConnection, Dice, u64) -> C,
) -> Result<Vec<C>> {
    let mut all = Vec::new();
    for n in 0..clients {
        all.push(client(world.connect().await?, dice(n), world.raw_rows()));
    }
    Ok(all)
}

/// One row by its primary key.
pub(crate) struct RawSelect(PgConnection, Dice, u64);

impl RawSelect {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        connect(world, clients, Self).await
    }
}

impl Client for RawSelect {
    async fn call(&mut self) -> Result<u64> {
        let key = self.1.key(self.2)?;
        let row = sqlx::query("SELECT payload FROM bench.rows WHERE id = $1")
            .bind(key)
            .fetch_one(&mut self.0)
            .await?;
        Ok(u64::from(!row.is_empty()))
    }
}

/// One durable update of one row.
pub(crate) struct RawUpdate(PgConnection, Dice, u64);

impl RawUpdate {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        connect(world, clients, Self).await
    }
}

impl Client for RawUpdate {
    async fn call(&mut self) -> Result<u64> {
        let key = self.1.key(self.2)?;
        let done = sqlx::query("UPDATE bench.rows SET n = n + 1 WHERE id = $1")
            .bind(key)
            .execute(&mut self.0)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Two durable updates of ten rows each: what a lease and a settlement must write at the least.
pub(crate) struct RawPair(PgConnection, Dice, u64);

impl RawPair {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        connect(world, clients, Self).await
    }
}

impl Client for RawPair {
    async fn call(&mut self) -> Result<u64> {
        // Sorted: two clients that lock the same rows never wait for each other.
        let keys: Result<BTreeSet<i64>> = (0..10).map(|_| self.1.key(self.2)).collect();
        let keys: Vec<i64> = keys?.into_iter().collect();
        for _ in 0..2 {
            sqlx::query("UPDATE bench.rows SET n = n + 1 WHERE id = ANY ($1)")
                .bind(&keys)
                .execute(&mut self.0)
                .await?;
        }
        Ok(10)
    }
}

/// A thousand articles into a table without an index.
pub(crate) struct RawCopy(PgConnection, String);

impl RawCopy {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            let mut rows = String::new();
            for k in 0..1000 {
                let url = page(k, world.hosts)?;
                let key = url.fingerprint().as_uuid();
                let article = article(n * 1000 + k);
                let hash = article.content_hash().as_uuid();
                let (title, lead) = (&article.title, article.lead());
                let body = article.body_text().replace('\n', "\\n");
                rows.push_str(&format!(
                    "{key}\tnow\t1\t{url}\t{title}\t{{}}\t{{}}\t{lead}\t{body}\t800\t[]\t{hash}\t{k}\t1\tnow\n"
                ));
            }
            all.push(Self(world.connect().await?, rows));
        }
        Ok(all)
    }
}

impl Client for RawCopy {
    async fn call(&mut self) -> Result<u64> {
        let mut copy = self.0.copy_in_raw("COPY bench.copied FROM STDIN").await?;
        copy.send(self.1.as_bytes()).await?;
        Ok(copy.finish().await?)
    }
}
