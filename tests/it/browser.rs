//! Pages of reports in a real browser: what they show with scripts and without,
//! and that nothing in a log becomes a part of the page.

mod chromium;

use std::{fs, path::Path};

use serde_json::Value;

use chromium::{Browser, Tab};

/// Lines that would be markup if they were not escaped.
const NASTY: &str = r#"2026-11-23T10:00:00Z ERROR web: <img src=x onerror="window.hit=1"> one
2026-11-23T10:00:01Z ERROR web: <script>window.hit=1</script> two
2026-11-23T10:00:02Z INFO web: </script><script>window.hit=1</script> three
2026-11-23T10:00:03Z INFO web: "'><svg onload=window.hit=1><!-- <b>&lt;b&gt; %3Cscript%3E
2026-11-23T10:00:04Z WARN web: javascript:window.hit=1 </title><style>*{display:none}</style>
"#;

/// Requests, some of which fail.
const ACCESS: &str = r#"192.0.2.1 - - [23/Nov/2026:10:00:00 +0000] "GET /a/long/path/to/some/thing?q=1 HTTP/1.1" 200 5253 "-" "curl" rt=0.012
192.0.2.2 - - [23/Nov/2026:10:01:00 +0000] "GET /b HTTP/1.1" 500 12 "-" "curl" rt=0.5
192.0.2.1 - - [23/Nov/2026:10:02:00 +0000] "POST /c HTTP/1.1" 404 99 "-" "curl" rt=0.013
"#;

const SPEC: &str = r#"
title = "</title><script>window.hit=1</script> & <b>bold</b>"
[[section]]
kind = "stats"
[[section]]
kind = "levels"
[[section]]
kind = "timeline"
title = "<img src=x onerror=window.hit=1>"
by = "level"
[[section]]
kind = "count"
name = ["<i>names</i>=web", "posts=POST|PUT"]
positions = 20
[[section]]
kind = "top"
regexp = ': (.*)$'
limit = 500
[[section]]
kind = "values"
regexp = 'latency=(\S+)|10:00:0(\d)'
[[section]]
kind = "templates"
"#;

/// A page of this log in a folder of its own.
fn page(name: &str, log: &[u8], arguments: &[&str]) -> String {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{name}"));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("a.log"), log).unwrap();
    fs::write(dir.join("r.toml"), SPEC).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(arguments)
        .args(["--format", "html", "--output", "page.html", "a.log"])
        .current_dir(&dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    dir.join("page.html").to_str().unwrap().to_string()
}

fn sample() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("bench-data/app.log")).unwrap()
}

/// What holds for every page: nothing was fetched, nothing was complained
/// about, and all of its charts can be seen.
fn check(tab: &mut Tab<'_>, path: &str) {
    assert_eq!(tab.complaints, Vec::<String>::new(), "{path}");
    assert_eq!(tab.requests, [format!("file://{path}")], "{path}");
    let hidden = tab.value(
        "Array.from(document.querySelectorAll('svg.chart')).filter(s => {
           const b = s.getBoundingClientRect();
           return b.width < 200 || b.height < 20 || !s.querySelector('rect,path');
         }).length",
    );
    assert_eq!(hidden, 0, "{path}: a chart cannot be seen");
    let outside = tab.value(
        "Array.from(document.querySelectorAll('main section,header,nav')).filter(s =>
           s.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length",
    );
    assert_eq!(outside, 0, "{path}: something is wider than the window");
}

#[test]
fn pages_in_a_browser() {
    let Some(mut browser) = Browser::start() else {
        #[allow(clippy::print_stdout, reason = "a test that cannot be run says so")]
        let () =
            println!("not tested: there is no Chromium; scripts/install-chromium.sh installs it");
        return;
    };
    let nasty = page("nasty", NASTY.as_bytes(), &["report", "--spec", "r.toml"]);
    let whole = page("sample", &sample(), &["report", "--spec", "r.toml"]);
    let plain = page("plain", &sample(), &["report"]);
    let empty = page("empty", b"", &["report"]);
    let web = page("web", ACCESS.as_bytes(), &["report"]);
    let times = page("times", &sample(), &["timeline", "--by", "level"]);
    let single = page(
        "single",
        &sample(),
        &["top", "--by", "field:4", "-k", "500"],
    );
    let spec = ["diff", "--spec", "r.toml", "--all", "--floor", "0"];
    let changed = page(
        "changed",
        NASTY.as_bytes(),
        &[&spec[..], &["r.toml"]].concat(),
    );
    for scripts in [true, false] {
        for path in [&nasty, &whole, &plain, &empty, &single, &changed] {
            let mut tab = browser.open(path, scripts, 1100);
            check(&mut tab, path);
            let charts = tab.value("document.querySelectorAll('svg.chart').length");
            let wanted = match path {
                path if path == &whole => 6,
                // It has no numbers.
                path if path == &nasty => 4,
                // The fields of its messages are asked unasked.
                path if path == &plain => 7,
                _ => 0,
            };
            assert_eq!(charts, wanted, "{path}");
            let tools = tab.value("getComputedStyle(document.querySelector('.js')).display");
            assert_eq!(tools == "none", !scripts, "{path}");
        }
    }
    for path in [&nasty, &whole, &plain, &web, &single, &changed, &times] {
        for scripts in [true, false] {
            fits_a_phone(&mut browser.open(path, scripts, 390), path);
        }
    }
    nothing_is_injected(&mut browser, &nasty);
    what_has_changed(&mut browser, &changed);
    tables_can_be_used(&mut browser, &single);
    the_page_holds_the_answer(&mut browser, &plain);
}

/// Nothing is wider than a phone but what scrolls in a table, and there the keys stay in
/// sight.
fn fits_a_phone(tab: &mut Tab<'_>, path: &str) {
    check(tab, path);
    let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(tab.value(wide), 0, "{path}: the page scrolls to the side");
    let hidden = tab.value(
        "Array.from(document.querySelectorAll('details')).forEach(d => d.open = true);
         const right = document.documentElement.clientWidth;
         Array.from(document.querySelectorAll('.scroll')).forEach(s => s.scrollLeft = 9999);
         Array.from(document.querySelectorAll('tbody th')).filter(th => {
           const b = th.getBoundingClientRect();
           return b.width > 0 && (b.left < 0 || b.right > right || b.width < 60);
         }).length",
    );
    assert_eq!(hidden, 0, "{path}: keys are out of sight");
    let cut = tab.value(
        "Array.from(document.querySelectorAll('svg.chart:not(.named)')).filter(s => {
           const b = s.getBoundingClientRect();
           return b.left < 0 || b.right > document.documentElement.clientWidth;
         }).length",
    );
    assert_eq!(cut, 0, "{path}: a chart is cut");
}

fn nothing_is_injected(browser: &mut Browser, path: &str) {
    for scripts in [true, false] {
        let mut tab = browser.open(path, scripts, 1100);
        let made = tab.value(
            "document.querySelectorAll('img,iframe,object,link,b>b,i,section style,section script,[onerror],[onload]').length",
        );
        assert_eq!(made, 0);
        assert_eq!(tab.value("document.querySelectorAll('script').length"), 2);
        assert_eq!(tab.value("document.querySelectorAll('style').length"), 1);
        assert_eq!(tab.value("window.hit === undefined"), true);
        let title = "</title><script>window.hit=1</script> & <b>bold</b>";
        assert_eq!(tab.value("document.title"), title);
        assert_eq!(tab.value("document.querySelector('h1').textContent"), title);
        let text = tab.value("document.body.textContent");
        let text = text.as_str().unwrap();
        assert!(
            text.contains("%3Cscript%3E"),
            "what is encoded stays encoded"
        );
        assert!(
            text.contains("<!-- <b>&lt;b&gt;"),
            "text is shown as it was written"
        );
    }
}

fn what_has_changed(browser: &mut Browser, path: &str) {
    let mut tab = browser.open(path, true, 1100);
    let made = tab.value("document.querySelectorAll('img,[onerror],[onload]').length");
    assert_eq!(made, 0);
    let seen = tab.value("document.querySelector('.card .value').textContent");
    assert_ne!(seen, "0", "there is something new");
}

fn tables_can_be_used(browser: &mut Browser, path: &str) {
    let mut tab = browser.open(path, true, 1100);
    let first = "Array.from(document.querySelector('tbody').rows).map(r => +r.querySelector('.n').dataset.v)";
    let numbers = |value: &Value| -> Vec<u64> {
        let all = value.as_array().unwrap().iter();
        all.map(|n| n.as_u64().unwrap()).collect()
    };
    let before = numbers(&tab.value(first));
    assert!(before.len() > 8 && before.is_sorted_by(|a, b| a >= b));
    // The greatest first, then the least.
    let click = "document.querySelectorAll('thead th.n button')[0].click()";
    tab.value(click);
    tab.value(click);
    let mut ascending = before.clone();
    ascending.sort_unstable();
    assert_eq!(numbers(&tab.value(first)), ascending);
    let by_name = "document.querySelector('thead th button').click();
        Array.from(document.querySelector('tbody').rows).map(r => r.cells[0].textContent)";
    let names = tab.value(by_name);
    let names: Vec<&str> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_str().unwrap())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    let filter = |what: &str| {
        format!(
            "(() => {{ const i = document.querySelector('input[type=search]'); i.value = '{what}';
               i.dispatchEvent(new Event('input'));
               return Array.from(document.querySelector('tbody').rows).filter(r => !r.hidden).length }})()"
        )
    };
    let of_gateway = names.iter().filter(|name| name.contains("gateway")).count();
    assert!(0 < of_gateway && of_gateway < names.len());
    assert_eq!(tab.value(&filter("GATEWAY")), of_gateway);
    assert_eq!(tab.value(&filter("no such service")), 0);
    assert_eq!(tab.value(&filter("")), before.len());
    let dark = "document.getElementById('theme').click(); document.documentElement.dataset.theme";
    let (one, other) = (tab.value(dark), tab.value(dark));
    assert!(one != other && [&one, &other].iter().all(|t| *t == "dark" || *t == "light"));
}

fn the_page_holds_the_answer(browser: &mut Browser, path: &str) {
    let mut tab = browser.open(path, true, 1100);
    let lines = "JSON.parse(document.getElementById('answer').textContent).sections.find(s => s.kind === 'stats').total.lines";
    let lines = tab.value(lines).as_u64().unwrap();
    let seen = tab.value(
        "Array.from(document.querySelectorAll('.card'))
           .find(card => card.querySelector('.label').textContent === 'Lines')
           .querySelector('.value').textContent",
    );
    assert_eq!(seen.as_str().unwrap().replace(',', ""), lines.to_string());
}
