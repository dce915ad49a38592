//! What stands above what, and what holds for whom.

use secrecy::ExposeSecret;

use super::*;

const FILE: &str = "[database]\nurl = \"postgresql://file/news\"\nmax_connections = 3\n";

fn database(config: &Config) -> &str {
    config
        .database
        .url
        .as_ref()
        .map_or("", |url| url.expose_secret())
}

#[test]
fn command_line_wins_over_database_url_over_sokbo_variables_over_the_file() {
    let folder = Folder::new(FILE, &[]);
    let own = ("SOKBO_DATABASE__URL", "postgresql://variable/news");
    let common = ("DATABASE_URL", "postgresql://common/news");
    let argument = Some("postgresql://argument/news");
    for (variables, argument, expected) in [
        (vec![], None, "postgresql://file/news"),
        (vec![own], None, "postgresql://variable/news"),
        (vec![own, common], None, "postgresql://common/news"),
        (vec![own, common], argument, "postgresql://argument/news"),
        (vec![("DATABASE_URL", "")], None, "postgresql://file/news"),
    ] {
        let config = folder.load_with(&variables, argument).unwrap();
        assert_eq!(database(&config), expected);
        assert_eq!(config.database.max_connections, 3);
    }
}

#[test]
fn variables_override_every_kind_of_value() {
    let folder = Folder::new("[crawler]\nconcurrency = \"broken\"\n", &[]);
    let config = folder
        .load_with(
            &[
                ("SOKBO_CRAWLER__CONCURRENCY", "7"),
                ("SOKBO_CRAWLER__CONTACT", "ops@example.org"),
                ("SOKBO_CRAWLER__LEASE", "5m"),
                ("SOKBO_ARCHIVE__RAW_HTML", "false"),
                ("SOKBO_FETCH__ALLOW_NETWORKS", "127.0.0.0/8, 10.1.2.3"),
                (
                    "SOKBO_FETCH__HOSTS",
                    "{ \"WWW.x.kr\" = \"127.0.0.1:8443\" }",
                ),
            ],
            None,
        )
        .unwrap();
    assert_eq!(config.crawler.concurrency, 7);
    assert_eq!(config.crawler.lease.as_secs(), 300);
    assert!(!config.archive.raw_html);
    assert_eq!(config.fetch.allow_networks.len(), 2);
    assert_eq!(config.fetch.hosts["www.x.kr"].port(), 8443);
    assert!(
        config
            .fetch
            .user_agent
            .as_str()
            .ends_with("(+ops@example.org)")
    );
}

#[test]
fn wrong_and_unknown_variables_are_named() {
    let folder = Folder::new("", &[]);
    for (name, value, complaint) in [
        (
            "SOKBO_CRAWLER__LEASE",
            "soon",
            "SOKBO_CRAWLER__LEASE: crawler.lease: \"soon\" is no duration; write \"30s\", \"5m\", \"1h\" or \"2d\"",
        ),
        (
            "SOKBO_CRAWLER__CONTAKT",
            "x",
            "SOKBO_CRAWLER__CONTAKT: crawler.contakt: unknown setting; did you mean SOKBO_CRAWLER__CONTACT?",
        ),
        (
            "SOKBO_DATABSE__URL",
            "x",
            "SOKBO_DATABSE__URL: databse.url: unknown table; did you mean SOKBO_DATABASE__…?",
        ),
    ] {
        let error = folder.load_with(&[(name, value)], None).unwrap_err();
        assert_eq!(error.to_string(), complaint);
    }
    let error = folder
        .load_with(&[], Some("nonsense"))
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("--database-url: database.url: this is no Postgres address"));
}

#[test]
fn database_address_may_come_from_a_file() {
    let folder = Folder::new("[database]\nurl_file = \"secret\"\n", &[]);
    let secret = folder.0.path().join("secret");
    let missing = folder.complaints();
    assert!(
        missing[0].starts_with("sokbo.toml:2:12: database.url_file: "),
        "{missing:?}"
    );
    assert!(missing[0].contains("cannot be read"), "{missing:?}");
    fs::write(&secret, "\n postgresql://me:pw@db/news \n").unwrap();
    assert_eq!(
        database(&folder.load().unwrap()),
        "postgresql://me:pw@db/news"
    );
    let own = [("SOKBO_DATABASE__URL", "postgresql://variable/news")];
    let config = folder.load_with(&own, None).unwrap();
    assert_eq!(database(&config), "postgresql://variable/news");
    let both = "[database]\nurl = \"postgresql://a/b\"\nurl_file = \"secret\"\n";
    assert_eq!(
        Folder::new(both, &[]).complaints(),
        ["sokbo.toml:3:12: database.url_file: is given beside database.url; keep one of the two"]
    );
}

#[test]
fn named_file_must_exist_and_sokbo_config_names_it_too() {
    let folder = Folder::new("[crawler]\nconcurrency = 1_009\n", &[]);
    let path = folder.service().display().to_string();
    let by_variable = load(
        &Overrides::default(),
        &environment(&[("SOKBO_CONFIG", &path)]),
    );
    let config = by_variable.unwrap();
    assert_eq!(config.crawler.concurrency, 1009);
    assert_eq!(config.path, Some(folder.service()));
    let overrides = Overrides {
        config: Some(PathBuf::from("/nonexistent/sokbo.toml")),
        database_url: None,
    };
    let error = load(&overrides, &environment(&[("SOKBO_CONFIG", &path)])).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("/nonexistent/sokbo.toml: cannot be read")
    );
}

#[test]
fn data_goes_where_the_environment_or_the_file_says() {
    let folder = Folder::new("", &[]);
    let config = folder.load_with(&[("HOME", "/home/kim")], None).unwrap();
    assert_eq!(
        config.data_dir,
        PathBuf::from("/home/kim/.local/share/sokbo")
    );
    assert_eq!(config.database.data_dir, config.data_dir);
    let folder = Folder::new("[crawler]\ndata_dir = \"data\"\n", &[]);
    assert_eq!(
        folder.load().unwrap().data_dir,
        folder.0.path().join("data")
    );
}

#[test]
fn hosts_of_ones_own_need_no_delay_and_no_contact() {
    let service = "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nper_host_concurrency = 8\n\
                   [fetch]\nallow_networks = [\"127.0.0.0/8\", \"::1\"]\n\
                   hosts = { \"www.saesol.example\" = \"127.0.0.1:8080\" }\n";
    let literal = "name = \"literal\"\nhome = \"http://[::1]:8000/\"\nfeeds = [\"http://127.0.0.9/f\"]\ndelay = \"0s\"\n";
    let own = Folder::new(
        service,
        &[("saesol", &source("saesol", "")), ("literal", literal)],
    );
    let config = own.load().unwrap();
    assert_eq!(config.warnings, Vec::<String>::new());
    config.require_contact().unwrap();

    let foreign = source("foreign", "");
    let mixed = Folder::new(
        service,
        &[("saesol", &source("saesol", "")), ("foreign", &foreign)],
    );
    let complaints = mixed.complaints();
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(
        complaints[0].starts_with("sokbo.toml:2:18: crawler.per_host_delay"),
        "{complaints:?}"
    );
    assert!(
        complaints[1].starts_with("sokbo.toml:3:19: crawler.max_crawl_delay"),
        "{complaints:?}"
    );
}

#[test]
fn public_sources_need_a_contact_unless_they_are_disabled() {
    let folder = Folder::new("", &[("saesol", &source("saesol", ""))]);
    let error = folder
        .load()
        .unwrap()
        .require_contact()
        .unwrap_err()
        .to_string();
    for part in [
        "sokbo.toml: crawler.contact: is not set",
        "(saesol)",
        "SOKBO_CRAWLER__CONTACT",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let reachable = [("SOKBO_CRAWLER__CONTACT", "https://example.org/bot")];
    folder
        .load_with(&reachable, None)
        .unwrap()
        .require_contact()
        .unwrap();
    let off = Folder::new("", &[("saesol", &source("saesol", "enabled = false"))]);
    off.load().unwrap().require_contact().unwrap();
}

#[test]
fn keys_without_effect_are_judged_and_remarked_on() {
    let service = "[alert]\ncommand = \"x\"\n[http]\nlisten = \"127.0.0.1:8650\"\n[retention]\nbodies = \"30d\"\n\
                   [database]\nsearch_body = true\n";
    let more = "budget = \"2000/day\"\nproxy = \"http://127.0.0.1:3128\"\nheaders = { Accept-Language = \"ko\" }\n";
    let folder = Folder::new(service, &[("saesol", &source("saesol", more))]);
    let config = folder.load().unwrap();
    let keys = ["database.search_body", "alert.command", "proxy"];
    assert_eq!(config.warnings.len(), keys.len(), "{:#?}", config.warnings);
    for (warning, key) in config.warnings.iter().zip(keys) {
        assert!(
            warning.contains(&format!(": {key} is accepted but has no effect")),
            "{warning}"
        );
    }
    let spacing = config.sources[0]
        .spacing()
        .map(|spacing| spacing.as_secs_f64());
    assert_eq!(spacing, Some(43.2), "2000 a day");
    assert_eq!(config.sources[0].headers["accept-language"], "ko");
    assert_eq!(
        config.retention.bodies.map(|kept| kept.as_secs()),
        Some(30 * 86_400)
    );
}

#[test]
fn settings_that_don_t_do_what_they_seem_to_are_remarked_on() {
    let service = "[crawler]\nper_host_concurrency = 4\ncontact = \"ops@example.org\"\nuser_agent = \"Own/1.0\"\n";
    let more = "store = \"metadata\"\n";
    let folder = Folder::new(service, &[("saesol", &source("saesol", more))]);
    let warnings = folder.load().unwrap().warnings;
    let parts = [
        "doesn't name the contact",
        "say in `terms` why",
        "fetched one at a time",
    ];
    assert_eq!(warnings.len(), parts.len(), "{warnings:#?}");
    for (warning, part) in warnings.iter().zip(parts) {
        assert!(warning.contains(part), "{warning}");
    }
}

#[test]
fn shorter_timeout_pulls_the_first_byte_timeout_along() {
    let config = Folder::new("[fetch]\ntimeout = \"5s\"\n", &[])
        .load()
        .unwrap();
    assert_eq!(config.fetch.first_byte_timeout.as_secs(), 5);
    let both = "[fetch]\ntimeout = \"5s\"\nfirst_byte_timeout = \"6s\"\n";
    assert_eq!(
        Folder::new(both, &[]).complaints(),
        [
            "sokbo.toml:3:22: fetch.first_byte_timeout: is longer than fetch.timeout; write at most that"
        ]
    );
}
