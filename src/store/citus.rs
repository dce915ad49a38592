//! The bulk tables spread over the servers of a Citus cluster, where the database has that
//! extension (docs/SCALING.md). The frontier stays whole on the coordinator, so that leases and
//! enqueues run as they do on one server. Nothing happens where the extension is missing.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{Store, StoreError};

/// What is spread, by fingerprint; the others lie beside the first, row by row.
const BULK: [&str; 6] = [
    "crawl.articles",
    "crawl.revisions",
    "crawl.images",
    "crawl.raw_pages",
    "crawl.fetches",
    "crawl.polls",
];

/// What every server has a copy of.
const REFERENCE: &str = "crawl.sources";

/// Two to four a server that is ever expected; partitions times shards are all real tables.
const SHARDS: u32 = 8;

/// Number of the lock that keeps two nodes from spreading the tables at once.
const LOCK: i64 = 0x736f_6b62_6f01;

/// What there is of a cluster.
#[derive(Debug, Default)]
struct Cluster {
    database: String,
    /// Tables that are spread or copied already.
    known: BTreeSet<String>,
    /// Tables with a foreign key to the reference table, and its name. Such a table would become
    /// one of the extension's own, where inserts that leave out an identity column once failed.
    foreign_keys: Vec<(String, String)>,
    has_reader: bool,
}

/// Statements of one transaction.
type Step = Vec<String>;

impl Store {
    /// Spreads the bulk tables that are not yet, on a cluster, and sees to the rights of readers;
    /// answers with the names of the tables. What they hold is moved, and who writes to them waits
    /// meanwhile.
    ///
    /// # Errors
    /// When the database fails; what was spread by then stays so, and a repetition goes on there.
    pub async fn spread(&self) -> Result<Vec<&'static str>, StoreError> {
        if !self.is_cluster() {
            return Ok(Vec::new());
        }
        let failed = StoreError::during("spread tables over the cluster");
        // A transaction of its own holds the lock: a pooler keeps no session.
        let mut guard = PgConnection::connect_with(&self.pool.connect_options())
            .await
            .map_err(StoreError::Connect)?;
        let mut locked = guard.begin().await.map_err(&failed)?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(&mut *locked)
            .await
            .map_err(&failed)?;
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let cluster = Cluster::look(&mut connection).await.map_err(&failed)?;
        for steps in [cluster.steps(), cluster.rights()] {
            run(&mut connection, &steps).await.map_err(&failed)?;
        }
        locked.commit().await.map_err(&failed)?;
        Ok(cluster.missing().collect())
    }

    /// On a cluster gives readers their rights on the servers again, which a new one has from the
    /// coordinator, and finishes what a lost connection left half committed.
    pub(super) async fn renew_rights(&self) -> Result<(), StoreError> {
        if !self.is_cluster() {
            return Ok(());
        }
        let failed = StoreError::during("give readers their rights on the cluster");
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let cluster = Cluster::look(&mut connection).await.map_err(&failed)?;
        run(&mut connection, &cluster.rights())
            .await
            .map_err(&failed)
    }
}

/// Whether the database has the extension.
pub(super) async fn has_extension(connection: &mut PgConnection) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus') AS "is_there!"
        "#
    )
    .fetch_one(connection)
    .await
    .map_err(StoreError::during("list its extensions"))
}

/// Asks the servers what became of transactions whose second phase they did not hear of. One that
/// is away answers later, and the extension asks by itself every minute.
pub(super) async fn recover(connection: &mut PgConnection) {
    let asked = sqlx::query("SELECT recover_prepared_transactions()").execute(connection);
    if let Err(error) = asked.await {
        tracing::debug!(%error, "prepared transactions of the cluster wait");
    }
}

async fn run(connection: &mut PgConnection, steps: &[Step]) -> Result<(), sqlx::Error> {
    for step in steps {
        let mut transaction = connection.begin().await?;
        for statement in step {
            sqlx::raw_sql(AssertSqlSafe(statement.as_str()))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

impl Cluster {
    // Unchecked statements: the view is the extension's.
    async fn look(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let tables = "SELECT format('%s.%s', n.nspname, c.relname) FROM citus_tables t
                        JOIN pg_catalog.pg_class c ON c.oid = t.table_name::oid
                        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";
        let known: Vec<String> = sqlx::query_scalar(tables)
            .fetch_all(&mut *connection)
            .await?;
        let links = "SELECT conrelid::regclass::text, quote_ident(conname)
                       FROM pg_catalog.pg_constraint
                      WHERE contype = 'f' AND confrelid = 'crawl.sources'::regclass
                      ORDER BY 1, 2";
        let foreign_keys = sqlx::query_as(links).fetch_all(&mut *connection).await?;
        let facts = "SELECT quote_ident(current_database()), EXISTS (
                            SELECT FROM pg_catalog.pg_roles WHERE rolname = 'news_reader')";
        let (database, has_reader) = sqlx::query_as(facts).fetch_one(connection).await?;
        Ok(Self {
            database,
            known: known.into_iter().collect(),
            foreign_keys,
            has_reader,
        })
    }

    fn missing(&self) -> impl Iterator<Item = &'static str> {
        let is_missing = |table: &&str| !self.known.contains(*table);
        [REFERENCE].into_iter().chain(BULK).filter(is_missing)
    }

    /// What spreads the tables, each step small enough to be repeated alone. Changes of tables and
    /// moves of rows don't go into one transaction there.
    fn steps(&self) -> Vec<Step> {
        let [articles, ..] = BULK;
        let mut steps: Vec<Step> = Vec::new();
        for table in self.missing() {
            if table == REFERENCE {
                let drop = |(table, name)| format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
                steps.extend(self.foreign_keys.iter().map(|(t, n)| vec![drop((t, n))]));
                steps.push(vec![format!("SELECT create_reference_table('{table}')")]);
                continue;
            }
            let beside = if table == articles { "none" } else { articles };
            steps.push(vec![
                format!("SET LOCAL citus.shard_count = {SHARDS}"),
                format!(
                    "SELECT create_distributed_table('{table}', 'fingerprint', \
                     colocate_with => '{beside}')"
                ),
            ]);
            steps.push(vec![format!(
                "SELECT truncate_local_data_after_distributing_table('{table}')"
            )]);
        }
        if self.missing().any(|table| table == articles) {
            // Without kept connections a batch of articles costs four times as much.
            steps.push(vec![format!(
                "ALTER DATABASE {} SET citus.max_cached_conns_per_worker = 64",
                self.database
            )]);
        }
        steps
    }

    /// A view runs with its owner's rights on the coordinator only; on the other servers the reader
    /// meets the tables under its own name. On the coordinator, where people connect, it is kept
    /// out of the schema.
    fn rights(&self) -> Vec<Step> {
        if !self.has_reader {
            return Vec::new();
        }
        let tables: Vec<&str> = BULK
            .into_iter()
            .chain([REFERENCE])
            .filter(|table| *table != "crawl.raw_pages")
            .collect();
        vec![
            vec![format!(
                "GRANT SELECT ON {} TO news_reader",
                tables.join(", ")
            )],
            vec!["GRANT USAGE ON SCHEMA crawl TO news_reader".to_owned()],
            vec![
                "SET LOCAL citus.enable_ddl_propagation = off".to_owned(),
                "REVOKE USAGE ON SCHEMA crawl FROM news_reader".to_owned(),
            ],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(steps: Vec<Step>) -> Vec<String> {
        steps.into_iter().flatten().collect()
    }

    #[test]
    fn all_is_spread_by_fingerprint_beside_the_articles() {
        let cluster = Cluster {
            database: "news".to_owned(),
            foreign_keys: vec![("crawl.sections".to_owned(), "a_fkey".to_owned())],
            ..Cluster::default()
        };
        let sent = texts(cluster.steps());
        assert_eq!(
            sent.get(..5).unwrap(),
            [
                "ALTER TABLE crawl.sections DROP CONSTRAINT a_fkey",
                "SELECT create_reference_table('crawl.sources')",
                "SET LOCAL citus.shard_count = 8",
                "SELECT create_distributed_table('crawl.articles', 'fingerprint', colocate_with => 'none')",
                "SELECT truncate_local_data_after_distributing_table('crawl.articles')",
            ]
        );
        for table in ["revisions", "images", "raw_pages", "fetches", "polls"] {
            let beside = format!(
                "SELECT create_distributed_table('crawl.{table}', 'fingerprint', colocate_with => 'crawl.articles')"
            );
            assert!(sent.contains(&beside), "{beside}");
        }
        assert_eq!(
            sent.last().unwrap(),
            "ALTER DATABASE news SET citus.max_cached_conns_per_worker = 64"
        );
    }

    #[test]
    fn interrupted_spreading_goes_on_where_it_stopped() {
        let known = ["crawl.sources", "crawl.articles", "crawl.revisions"];
        let cluster = Cluster {
            known: known.map(str::to_owned).into(),
            ..Cluster::default()
        };
        let missing: Vec<&str> = cluster.missing().collect();
        assert_eq!(
            missing,
            [
                "crawl.images",
                "crawl.raw_pages",
                "crawl.fetches",
                "crawl.polls"
            ]
        );
        let sent = texts(cluster.steps());
        let moved = |table: &str| sent.iter().any(|s| s.contains(&format!("table('{table}'")));
        assert!(!known.into_iter().any(moved), "{sent:?}");
        assert!(missing.into_iter().all(moved), "{sent:?}");
        let all = [REFERENCE].into_iter().chain(BULK);
        let done = Cluster {
            known: all.map(str::to_owned).collect(),
            ..Cluster::default()
        };
        assert!(done.steps().is_empty());
    }

    #[test]
    fn reader_gets_no_raw_pages_and_nothing_of_the_machinery_where_people_connect() {
        let cluster = Cluster {
            has_reader: true,
            ..Cluster::default()
        };
        let sent = texts(cluster.rights());
        assert!(
            sent.iter()
                .all(|statement| !statement.contains("raw_pages"))
        );
        assert_eq!(
            sent.last().unwrap(),
            "REVOKE USAGE ON SCHEMA crawl FROM news_reader"
        );
        assert!(texts(Cluster::default().rights()).is_empty());
    }
}
