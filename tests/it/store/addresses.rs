//! Turns at server addresses.

use std::net::IpAddr;
use std::time::Duration;

use sokbo::store::{AddressTurn, Store, TurnNumber};

use crate::support::database;

const HOLD: Duration = Duration::from_secs(30);

async fn ask(store: &Store, delay: Duration, hold: Duration) -> AddressTurn {
    let address = IpAddr::from([203, 0, 113, 9]);
    store.take_address(address, delay, hold).await.unwrap()
}

async fn end(store: &Store, turn: TurnNumber) {
    let address = IpAddr::from([203, 0, 113, 9]);
    store.end_turn(address, turn).await.unwrap();
}

fn taken(turn: AddressTurn) -> TurnNumber {
    match turn {
        AddressTurn::Taken(number) => number,
        AddressTurn::In(wait) => panic!("to be asked for again in {wait:?}"),
    }
}

fn wait(turn: AddressTurn) -> Duration {
    match turn {
        AddressTurn::In(wait) => wait,
        AddressTurn::Taken(_) => panic!("the turn was taken"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_at_a_time_goes_to_an_address() {
    let database = database().await;
    let store = &database.store;
    let first = taken(ask(store, Duration::ZERO, HOLD).await);
    assert!(wait(ask(store, Duration::ZERO, HOLD).await) < Duration::from_secs(1));
    end(store, first).await;
    let second = taken(ask(store, Duration::ZERO, HOLD).await);
    end(store, first).await;
    wait(ask(store, Duration::ZERO, HOLD).await);
    end(store, second).await;
    taken(ask(store, Duration::ZERO, HOLD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn delay_of_an_address_counts_from_start_to_start() {
    let database = database().await;
    let store = &database.store;
    let delay = Duration::from_secs(3600);
    let first = taken(ask(store, delay, HOLD).await);
    end(store, first).await;
    let wait = wait(ask(store, delay, HOLD).await);
    assert!(wait > delay / 2 && wait <= delay, "{wait:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn turn_that_nobody_ends_is_over_by_itself() {
    let database = database().await;
    let store = &database.store;
    taken(ask(store, Duration::ZERO, Duration::ZERO).await);
    taken(ask(store, Duration::ZERO, HOLD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_ask_at_once_one_is_given_the_turn() {
    let database = database().await;
    let store = &database.store;
    let asked = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { ask(&store, Duration::ZERO, HOLD).await })
    });
    let mut count = 0;
    for turn in asked.collect::<Vec<_>>() {
        count += usize::from(matches!(turn.await.unwrap(), AddressTurn::Taken(_)));
    }
    assert_eq!(count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_addresses_are_forgotten() {
    let database = database().await;
    let store = &database.store;
    let delay = Duration::from_secs(3600);
    end(store, taken(ask(store, delay, HOLD).await)).await;
    store.drop_addresses(Duration::ZERO).await.unwrap();
    wait(ask(store, delay, HOLD).await);
}
