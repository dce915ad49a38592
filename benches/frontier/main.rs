//! What the frontier and the article store cost beside raw statements of the same run, on a private
//! Postgres with durable commits: `cargo bench --bench frontier`, or `make bench-frontier`.
//!
//! Prints the table of figures for 10^4 and 10^6 known addresses; with `FULL=1` also for 10^7.
//! `SIZES=10000,1000000` chooses others, `PARTS=throughput,single,buffers,dominant,enqueue,articles`
//! some of the figures. Ratios are taken from slices that take turns, so that other load on the machine
//! slows both sides alike.

mod articles;
mod clients;
mod drive;
mod raw;
mod table;
mod world;

use std::time::Duration;

use anyhow::Result;

use articles::ArticleWriter;
use clients::{Enqueuer, LeaseFinish, NoLease};
use drive::Load;
use raw::{RawCopy, RawPair, RawSelect, RawUpdate};
use table::{LINK, Table, Target};
use world::{LISTINGS, Shape, World};

const SLICE: Duration = Duration::from_secs(1);
const ROUNDS: usize = 3;
/// Calls after which a connection keeps the plans of its statements.
const PLANNED: usize = 6;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Result<()> {
    let mut sizes = vec![10_000, 1_000_000];
    if setting("FULL").is_some_and(|full| full == "1") {
        sizes.push(10_000_000);
    }
    if let Some(list) = setting("SIZES") {
        sizes = list.split(',').map(str::parse).collect::<Result<_, _>>()?;
    }
    let mut table = Table::new(sizes.clone());
    for size in sizes {
        let world = World::start(size).await?;
        let outcome = measure(&world, &mut table).await;
        world.stop().await;
        outcome?;
    }
    table.print();
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is no part of the service"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn measure(world: &World, table: &mut Table) -> Result<()> {
    world.fill().await?;
    let parts = setting("PARTS");
    let is_wanted = |part| parts.as_ref().is_none_or(|parts| parts.contains(part));
    if is_wanted("throughput") {
        throughput(world, table).await?;
    }
    if is_wanted("single") {
        one_at_a_time(world, table).await?;
    }
    if is_wanted("buffers") {
        buffers(world, table).await?;
    }
    if is_wanted("dominant") {
        dominant_host(world, table).await?;
    }
    if is_wanted("enqueue") {
        enqueue(world, table).await?;
    }
    if is_wanted("articles") {
        articles(world, table).await?;
    }
    Ok(())
}

/// Few jobs are gone soon: more slices.
fn rounds(world: &World) -> usize {
    if world.size <= 10_000 {
        4 * ROUNDS
    } else {
        ROUNDS
    }
}

/// Lease 10 hosts with 10 jobs each and finish them, beside raw selects and the design without leases.
async fn throughput(world: &World, table: &mut Table) -> Result<()> {
    for (clients, goal) in [(4, 0.25), (16, 0.7)] {
        let mut raw = RawSelect::connect(world, clients).await?;
        let mut ours = LeaseFinish::connect(world, clients).await?;
        let mut sums = (Load::default(), Load::default());
        world.fill_jobs(Shape::Articles).await?;
        drive::warm(&mut ours, PLANNED).await?;
        for _ in 0..rounds(world) {
            world.fill_jobs(Shape::Articles).await?;
            drive::warm(&mut ours, 1).await?;
            sums.0 += drive::run(&mut raw, SLICE).await?;
            sums.1 += drive::run(&mut ours, SLICE).await?;
        }
        if clients == 4 {
            table.note("raw selects/s, 4 clients", sums.0.rate());
            table.note("URLs leased and finished/s, 4 clients", sums.1.rate());
            world.fill_jobs(Shape::Articles).await?;
            let cpu = world.cpu_per_item("sokbo", &mut ours, SLICE).await?;
            table.note("CPU of a URL leased and finished, us", cpu);
        }
        clients::close(ours).await;
        let name = format!("lease 10x10 + finish, URLs/s : raw select/s, {clients} clients");
        table.add(&name, sums.1.rate() / sums.0.rate(), Target::AtLeast(goal));
    }
    let mut bare = NoLease::connect(world, 4).await?;
    let mut ours = LeaseFinish::connect(world, 4).await?;
    let mut sums = (Load::default(), Load::default());
    world.fill_jobs(Shape::Articles).await?;
    drive::warm(&mut bare, PLANNED).await?;
    drive::warm(&mut ours, PLANNED).await?;
    for _ in 0..rounds(world) {
        world.fill_jobs(Shape::Articles).await?;
        drive::warm(&mut bare, 1).await?;
        sums.0 += drive::run(&mut bare, SLICE).await?;
        world.fill_jobs(Shape::Articles).await?;
        drive::warm(&mut ours, 1).await?;
        sums.1 += drive::run(&mut ours, SLICE).await?;
    }
    clients::close(ours).await;
    let ratio = sums.1.rate() / sums.0.rate();
    table.add(
        "the same : design without leases, 4 clients",
        ratio,
        Target::AtLeast(0.6),
    );
    Ok(())
}

/// Lease 10 hosts with one listing each and put the listings off.
async fn one_at_a_time(world: &World, table: &mut Table) -> Result<()> {
    world.fill_jobs(Shape::Listings).await?;
    let mut raw = RawUpdate::connect(world, 4).await?;
    let mut ours = LeaseFinish::connect(world, 4).await?;
    let mut pairs = RawPair::connect(world, 4).await?;
    drive::warm(&mut ours, PLANNED).await?;
    let mut sums = [Load::default(); 3];
    for _ in 0..ROUNDS {
        sums[0] += drive::run(&mut raw, SLICE).await?;
        sums[1] += drive::run(&mut pairs, SLICE).await?;
        sums[2] += drive::run(&mut ours, SLICE).await?;
    }
    let [raw, pairs, ours] = sums.map(|load| load.calls_per_second());
    table.note("raw updates/s, 4 clients", raw);
    table.note("two raw updates of 10 rows : raw update/s", pairs / raw);
    table.note(
        "lease 10x1 + finish : two raw updates of 10 rows",
        ours / pairs,
    );
    table.add(
        "lease 10x1 + finish, batches/s : raw update/s, 4 clients",
        ours / raw,
        Target::AtLeast(0.25),
    );
    Ok(())
}

/// Pages read by the server, with autovacuum off: the product vacuums its hot tables itself.
async fn buffers(world: &World, table: &mut Table) -> Result<()> {
    world.set_autovacuum(false).await?;
    world.fill_jobs(Shape::Articles).await?;
    let pages = world.pages_per_item(2 * SLICE).await?;
    table.add("buffers per URL, 10x10", pages, Target::AtMost(25.0));
    world.fill_jobs(Shape::Listings).await?;
    let free = world.pages_per_item(4 * SLICE).await?;
    world.fill_jobs(Shape::Listings).await?;
    let holder = world.hold_horizon().await?;
    let held_for = if table.is_full() { 60 } else { 12 };
    let (_, leases) = world.pages_of(held_for * SLICE).await?;
    let held = world.pages_per_item(4 * SLICE).await?;
    drop(holder);
    table.note("buffers per URL, 10x1", free);
    table.note("buffers per URL, 10x1, horizon held", held);
    table.note("leases of each host meanwhile", leases / LISTINGS as f64);
    let name = format!("buffers with the horizon held for {held_for} s : free, 10x1");
    table.add(&name, held / free, Target::AtMost(2.0));
    world.set_autovacuum(true).await
}

/// One host owns nine tenths of the jobs and may not be asked.
async fn dominant_host(world: &World, table: &mut Table) -> Result<()> {
    let mut ours = LeaseFinish::connect(world, 4).await?;
    let mut sums = (Load::default(), Load::default());
    for _ in 0..ROUNDS {
        world.fill_jobs(Shape::Listings).await?;
        sums.0 += drive::run(&mut ours, SLICE).await?;
        world.fill_jobs(Shape::Dominated).await?;
        sums.1 += drive::run(&mut ours, SLICE).await?;
    }
    clients::close(ours).await;
    let ratio = sums.1.rate() / sums.0.rate();
    table.add(
        "one resting host with 90 % of the jobs : none, URLs/s",
        ratio,
        Target::AtLeast(0.8),
    );
    Ok(())
}

async fn enqueue(world: &World, table: &mut Table) -> Result<()> {
    world.fill_jobs(Shape::Articles).await?;
    let mut raw = RawSelect::connect(world, 4).await?;
    let mut ours = Enqueuer::connect(world, 4, 5).await?;
    drive::run(&mut ours, SLICE / 4).await?;
    let (mut select, mut links) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        select += world.cpu_per_item("raw", &mut raw, SLICE).await?;
        links += world.cpu_per_item("sokbo", &mut ours, SLICE).await?;
    }
    clients::close(ours).await;
    let rounds = f64::from(u32::try_from(ROUNDS)?);
    table.note("CPU of a raw select, us", select / rounds);
    table.note("CPU of a link, 5 % new, us", links / rounds);
    table.add(LINK, links / select, Target::AtMost(1.0));
    let mut new = Enqueuer::connect(world, 4, 100).await?;
    let before = world.wal_bytes().await?;
    let load = drive::run(&mut new, 2 * SLICE).await?;
    let bytes = world.wal_bytes().await? - before;
    clients::close(new).await;
    table.add(
        "enqueue, all new: WAL bytes of a link",
        bytes / load.items(),
        Target::AtMost(1229.0),
    );
    Ok(())
}

/// Articles of 5 KB stored with their revision and the end of their job, beside COPY of the same rows.
async fn articles(world: &World, table: &mut Table) -> Result<()> {
    let mut raw = RawCopy::connect(world, 4).await?;
    for (batch, goal, name) in [
        (
            50,
            0.25,
            "article upsert by 50, title and lead full text : raw COPY",
        ),
        (50, 0.4, "article upsert by 50, basic indexes : raw COPY"),
        (200, 0.55, "article upsert by 200, basic indexes : raw COPY"),
    ] {
        let mut ours = ArticleWriter::connect(world, 4, batch).await?;
        let mut sums = (Load::default(), Load::default());
        for _ in 0..ROUNDS {
            world.fill_jobs(Shape::Articles).await?;
            sums.0 += drive::run(&mut raw, SLICE).await?;
            sums.1 += drive::run(&mut ours, 2 * SLICE).await?;
            world.empty("bench.copied").await?;
        }
        if batch == 50 {
            world.fill_jobs(Shape::Articles).await?;
            let copied = world.cpu_per_item("raw", &mut raw, SLICE).await?;
            let settled = world.cpu_per_item("sokbo", &mut ours, SLICE).await?;
            let what = if goal < 0.3 {
                "full text"
            } else {
                "basic indexes"
            };
            table.note(
                &format!("CPU of an article settled, {what} : of a row copied"),
                settled / copied,
            );
            world.empty("bench.copied").await?;
        }
        clients::close(ours).await;
        if goal < 0.3 {
            table.note("rows copied/s, 4 clients", sums.0.rate());
            table.note("articles settled/s by 50, 4 clients", sums.1.rate());
            world.drop_full_text().await?;
        }
        table.add(name, sums.1.rate() / sums.0.rate(), Target::AtLeast(goal));
    }
    Ok(())
}
