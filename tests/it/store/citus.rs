//! What a Citus cluster is sent: against a database that pretends to be one. Its functions only
//! write down that they were called; that Citus itself agrees is tried elsewhere.

use secrecy::ExposeSecret;
use sokbo::store::{Access, Settings, Store};
use sqlx::PgPool;

use crate::support::empty_database;

/// The extension's row in the catalog, and those of its functions that we call.
const CLUSTER: &str = r#"
    SET allow_system_table_mods = on;
    INSERT INTO pg_catalog.pg_extension
           (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    VALUES (99999, 'citus', 10, 11, false, '13.2-1');
    RESET allow_system_table_mods;
    CREATE TABLE public.calls (id serial, call text, shards text);
    CREATE TABLE public.citus_tables (table_name regclass PRIMARY KEY);
    CREATE FUNCTION public.create_reference_table(t regclass) RETURNS void LANGUAGE sql AS $$
        INSERT INTO public.calls (call) VALUES ('copy ' || t::text);
        INSERT INTO public.citus_tables VALUES (t) $$;
    CREATE FUNCTION public.create_distributed_table(t regclass, by text, colocate_with text)
    RETURNS void LANGUAGE sql AS $$
        INSERT INTO public.calls (call, shards)
        VALUES ('spread ' || t::text || ' by ' || by || ' beside ' || colocate_with,
                current_setting('citus.shard_count'));
        INSERT INTO public.citus_tables VALUES (t) $$;
    CREATE FUNCTION public.truncate_local_data_after_distributing_table(t regclass)
    RETURNS void LANGUAGE sql AS $$ INSERT INTO public.calls (call) VALUES ('empty ' || t::text) $$;
    CREATE FUNCTION public.recover_prepared_transactions() RETURNS integer LANGUAGE sql AS $$
        INSERT INTO public.calls (call) VALUES ('recover') RETURNING 1 $$;
"#;

async fn cluster() -> (Settings, PgPool) {
    let settings = empty_database().await;
    let pool = PgPool::connect(settings.url.as_ref().unwrap().expose_secret())
        .await
        .unwrap();
    sqlx::raw_sql(CLUSTER).execute(&pool).await.unwrap();
    (settings, pool)
}

async fn calls(pool: &PgPool, like: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT call FROM public.calls WHERE call LIKE $1 ORDER BY id")
        .bind(like)
        .fetch_all(pool)
        .await
        .unwrap()
}

/// Whether the reader may use `crawl`, and may read its articles and its raw pages.
async fn rights(pool: &PgPool) -> (bool, bool, bool) {
    sqlx::query_as(
        "SELECT has_schema_privilege('news_reader', 'crawl', 'usage'),
                has_table_privilege('news_reader', 'crawl.articles', 'select'),
                has_table_privilege('news_reader', 'crawl.raw_pages', 'select')",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn bulk_tables_are_spread_once_and_the_reader_gets_its_rights_at_each_start() {
    let (settings, pool) = cluster().await;
    let store = Store::open(&settings, Access::Owner).await.unwrap();
    let spread = calls(&pool, "spread %").await;
    assert_eq!(
        spread,
        [
            "spread crawl.articles by fingerprint beside none",
            "spread crawl.revisions by fingerprint beside crawl.articles",
            "spread crawl.images by fingerprint beside crawl.articles",
            "spread crawl.raw_pages by fingerprint beside crawl.articles",
            "spread crawl.fetches by fingerprint beside crawl.articles",
            "spread crawl.polls by fingerprint beside crawl.articles",
        ]
    );
    assert_eq!(calls(&pool, "copy %").await, ["copy crawl.sources"]);
    assert_eq!(calls(&pool, "empty %").await.len(), 6);
    let shards: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT shards FROM public.calls WHERE shards IS NOT NULL")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(shards, ["8"]);
    assert_eq!(rights(&pool).await, (false, true, false));
    assert!(store.spread().await.unwrap().is_empty());
    assert_eq!(store.batching().visits, 500);
    store.close().await;

    sqlx::query("REVOKE SELECT ON crawl.articles FROM news_reader")
        .execute(&pool)
        .await
        .unwrap();
    let settings = Settings {
        migrate: false,
        ..settings
    };
    let store = Store::open(&settings, Access::Owner).await.unwrap();
    assert_eq!(rights(&pool).await, (false, true, false));
    assert_eq!(calls(&pool, "spread %").await, spread);
    store.close().await;
}

#[tokio::test]
async fn table_that_a_broken_run_left_out_is_spread_later() {
    let (settings, pool) = cluster().await;
    let store = Store::open(&settings, Access::Owner).await.unwrap();
    sqlx::query("DELETE FROM public.citus_tables WHERE table_name = 'crawl.images'::regclass")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(store.spread().await.unwrap(), ["crawl.images"]);
    // No table of ours is left with a foreign key to one that is copied to all servers.
    let keys: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_constraint
          WHERE contype = 'f' AND confrelid = 'crawl.sources'::regclass",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(keys, 0);
    store.close().await;
}
