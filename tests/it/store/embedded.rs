//! The private server: started, shared, taken over after a crash.

use sokbo::store::{Access, EmbeddedError, EmbeddedServer, Settings, Store, StoreError};

use crate::support::server_dir;

fn private(data_dir: &std::path::Path) -> Settings {
    Settings {
        data_dir: data_dir.to_owned(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn private_server_starts_and_a_second_process_attaches() {
    let dir = server_dir();
    let owner = Store::open(&private(&dir), Access::Owner).await.unwrap();
    let guest = EmbeddedServer::open(&dir).await.unwrap();
    assert!(!guest.is_owned());
    guest.close().await;
    let guest = Store::open(&private(&dir), Access::Attach).await.unwrap();
    guest.close().await;
    assert!(owner.private_server().is_some());
    owner.close().await;
    assert!(!dir.join("postgres/cluster/postmaster.pid").exists());
    let again = Store::open(&private(&dir), Access::Attach).await.unwrap();
    again.close().await;
}

#[tokio::test]
async fn directory_of_a_killed_server_is_taken_over() {
    let dir = server_dir();
    let killed = EmbeddedServer::open(&dir).await.unwrap();
    let pid_file = dir.join("postgres/cluster/postmaster.pid");
    let text = std::fs::read_to_string(&pid_file).unwrap();
    let pid = text.lines().next().unwrap().parse().unwrap();
    let pid = nix::unistd::Pid::from_raw(pid);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
    drop(killed);
    let next = EmbeddedServer::open(&dir).await.unwrap();
    assert!(next.is_owned());
    next.close().await;
}

#[tokio::test]
async fn server_left_behind_by_its_owner_is_stopped_and_started_anew() {
    let dir = server_dir();
    // Dropped without close: told to stop, but nobody waits for its end.
    drop(EmbeddedServer::open(&dir).await.unwrap());
    let next = EmbeddedServer::open(&dir).await.unwrap();
    assert!(next.is_owned());
    next.close().await;
}

#[tokio::test]
async fn unfinished_cluster_is_made_again() {
    let dir = server_dir();
    let unfinished = dir.join("postgres/cluster.new");
    std::fs::create_dir_all(&unfinished).unwrap();
    std::fs::write(unfinished.join("PG_VERSION"), "15").unwrap();
    std::fs::write(dir.join("postgres/sokbo.lock"), "").unwrap();
    EmbeddedServer::open(&dir).await.unwrap().close().await;
    assert!(!unfinished.exists());
}

#[tokio::test]
async fn directory_that_is_not_ours_is_refused() {
    let dir = server_dir();
    std::fs::create_dir_all(dir.join("postgres")).unwrap();
    std::fs::write(dir.join("postgres/thesis.tex"), "years of work").unwrap();
    let error = Store::open(&private(&dir), Access::Owner)
        .await
        .unwrap_err();
    let StoreError::Embedded(EmbeddedError::NotOurs { .. }) = error else {
        panic!("{error}");
    };
}

#[tokio::test]
async fn data_of_a_version_that_is_not_installed_are_left_alone() {
    let dir = server_dir();
    let cluster = dir.join("postgres/cluster");
    std::fs::create_dir_all(&cluster).unwrap();
    std::fs::write(cluster.join("PG_VERSION"), "99\n").unwrap();
    std::fs::write(dir.join("postgres/sokbo.lock"), "").unwrap();
    let error = EmbeddedServer::open(&dir).await.unwrap_err();
    assert!(
        matches!(error, EmbeddedError::OtherVersion { wanted: 99, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn directory_is_made_where_it_is_missing_however_long_its_name_is() {
    // Too long for a socket: that lies in a short place then.
    let dir = server_dir().join("x".repeat(120)).join("data");
    let store = Store::open(&private(&dir), Access::Owner).await.unwrap();
    let access = store.private_server().unwrap();
    assert!(!access.socket_dir.starts_with(&dir));
    store.close().await;
    std::fs::remove_dir_all(access.socket_dir).unwrap();
}
