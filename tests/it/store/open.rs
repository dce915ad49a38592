//! Which databases are taken, and which are refused.

use secrecy::ExposeSecret;
use sokbo::store::{Access, Settings, Store, StoreError};
use sqlx::PgPool;

use crate::support::{bare_database, database, empty_database};

async fn refusal(settings: &Settings, access: Access) -> StoreError {
    match Store::open(settings, access).await {
        Ok(_) => panic!("the database was taken"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn empty_database_is_migrated_once() {
    let settings = empty_database().await;
    let unmigrated = refusal(&settings, Access::Attach).await;
    assert!(matches!(unmigrated, StoreError::NotMigrated { missing } if missing > 0));
    let store = Store::open(&settings, Access::Owner).await.unwrap();
    assert!(store.migrate().await.unwrap().is_empty());
    store.close().await;
    Store::open(&settings, Access::Attach)
        .await
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn migration_can_be_left_to_a_command() {
    let mut settings = empty_database().await;
    settings.migrate = false;
    let error = refusal(&settings, Access::Owner).await;
    assert!(error.to_string().contains("sokbo migrate"), "{error}");
}

#[tokio::test]
async fn foreign_schema_is_refused() {
    let settings = empty_database().await;
    let pool = PgPool::connect(settings.url.as_ref().unwrap().expose_secret())
        .await
        .unwrap();
    sqlx::query("CREATE SCHEMA news")
        .execute(&pool)
        .await
        .unwrap();
    let error = refusal(&settings, Access::Owner).await;
    assert!(matches!(&error, StoreError::ForeignSchema { schema } if schema == "news"));
    let is_touched: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'crawl')")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(!is_touched);
}

#[tokio::test]
async fn database_that_knows_no_hangul_is_refused() {
    let options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'";
    let error = refusal(&bare_database(options).await, Access::Owner).await;
    assert!(matches!(error, StoreError::Locale { .. }), "{error}");
    let options = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'";
    let error = refusal(&bare_database(options).await, Access::Owner).await;
    assert!(matches!(error, StoreError::Encoding { .. }), "{error}");
}

#[tokio::test]
async fn address_that_is_none_and_server_that_is_not_there_are_told_apart() {
    let at = |url: &str| Settings {
        url: Some(url.to_owned().into()),
        ..Settings::default()
    };
    let error = refusal(&at("mysql://localhost/x"), Access::Attach).await;
    assert!(matches!(error, StoreError::Url(_)), "{error:?}");
    let error = refusal(&at("postgresql:///x?host=/nowhere"), Access::Attach).await;
    assert!(matches!(error, StoreError::Connect(_)), "{error:?}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn everything_in_news_is_commented() {
    let database = database().await;
    let silent: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname || coalesce('.' || a.attname, '')
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'news'
           LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          WHERE col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL",
    )
    .fetch_all(&database.pool)
    .await
    .unwrap();
    assert_eq!(silent, Vec::<String>::new());
}

#[tokio::test]
async fn reader_sees_news_and_nothing_else() {
    let database = database().await;
    let mut connection = database.pool.acquire().await.unwrap();
    sqlx::query("SET ROLE news_reader")
        .execute(&mut *connection)
        .await
        .unwrap();
    sqlx::query("SELECT * FROM news.articles")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let refused = sqlx::query("SELECT * FROM crawl.articles")
        .fetch_all(&mut *connection)
        .await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn nodes_that_start_together_migrate_once() {
    let settings = empty_database().await;
    let open = || Store::open(&settings, Access::Owner);
    let (one, two, three) = tokio::join!(open(), open(), open());
    for store in [one, two, three] {
        let store = store.unwrap();
        assert!(store.migrate().await.unwrap().is_empty());
        store.close().await;
    }
}
