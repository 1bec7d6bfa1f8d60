//! What fields have in small logs of many programs, asked for by their names alone. The files
//! are in `fixtures/logs`.

use serde_json::Value;

use crate::logs::{ask, json, logs};

/// What fields have in each file, by their names alone: those of the known format that its
/// first lines show.
const FIELDS: &[(&str, &str, &str)] = &[
    (
        "alb.log",
        "status,method,agent",
        "200,GET,User 1.0: 1, 200,POST,User 1.0: 1, 502,GET,-: 1",
    ),
    (
        "apache_odd.log",
        "client,user,status,bytes --where status=200",
        "192.0.2.10,[bob],200,20: 1, 192.0.2.12,-,200,21: 1, 192.0.2.5,\"\",200,16153: 1, \
         192.0.2.6,-,200,8073: 1, 192.0.2.7,-,200,12: 1, 192.0.2.8,-,200,13: 1, \
         [2001:db8::7],-,200,361: 1",
    ),
    (
        "vhost.log",
        "vhost,client,user",
        "blog.example,::1,-: 1, shop.example,192.0.2.1,-: 1, shop.example,192.0.2.2,bob: 1",
    ),
    (
        "rfc5424.log",
        "message",
        "no data message: 1, the message: 1, two elements: 1",
    ),
    (
        "cloudfront.log",
        "sc-status,client,duration",
        "200,192.0.2.1,0.137: 1, 200,2001:db8::1,0.337: 1, 403,192.0.2.1,0.037: 1",
    ),
    (
        "journald_new.json",
        "message,host",
        "[104,105,13],box: 1, warned,box: 1",
    ),
    (
        "mongo.json",
        "component,message",
        "NETWORK,Listening on: 1, STORAGE,failed: 1",
    ),
    (
        "pgnohead.csv",
        "error_severity,user --record ^2026",
        "ERROR,app: 1, LOG,app: 1",
    ),
    (
        "winevent.csv",
        "Source",
        "Disk: 1, Service Control Manager: 1",
    ),
    (
        "upstream.log",
        "status,ut",
        "200,0.000, 0.021: 1, 200,0.001: 1, 200,0.001, 0.020 : 0.100: 1, 304,-: 1",
    ),
];

#[test]
fn fields_have_names() {
    let folder = logs("logs-fields");
    for (file, by, want) in FIELDS {
        let command = format!("top --format json --limit 100 --sort key --by {by} {file}");
        let answer = json(&folder, &command);
        let groups = answer["groups"].as_array().expect("groups");
        let group = |group: &Value| {
            let key = match &group["key"] {
                Value::Array(parts) => {
                    let parts = parts.iter().map(|part| part.as_str().unwrap_or("(none)"));
                    parts.collect::<Vec<_>>().join(",")
                }
                key => key.as_str().unwrap_or("(none)").to_string(),
            };
            format!("{key}: {}", group["count"])
        };
        let got: Vec<String> = groups.iter().map(group).collect();
        assert_eq!(got.join(", "), *want, "{file} {by}");
    }
}

/// Numbers with units, as `--where` and `values` read them.
#[test]
fn numbers_have_units() {
    let folder = logs("logs-units");
    for (command, want) in [
        ("search --where took>100ms -c  took.log", "2"),
        ("search --where mem>1GB -c  mem.log", "1"),
        ("search --where took=3720s -c  units.log", "1"),
        ("search --where took=1715.01s -c  units.log", "1"),
    ] {
        assert_eq!(ask(&folder, command).0.trim_end(), want, "{command}");
    }
    // A later line names other columns, which is said.
    let (_, said) = ask(&folder, "top --by status iis.log");
    assert!(said[0].contains("#Fields: names other columns"), "{said:?}");
}
