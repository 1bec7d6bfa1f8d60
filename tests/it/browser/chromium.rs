//! Chromium, driven over a pipe by its `DevTools` protocol.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Names the program has.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// It is given up on after this long; a busy machine may take its time.
const PATIENCE: Duration = Duration::from_secs(90);

/// A browser without a window.
pub(super) struct Browser {
    child: Child,
    to: File,
    from: Receiver<Value>,
    dir: PathBuf,
    next: u64,
}

/// A page that was opened.
pub(super) struct Tab<'a> {
    browser: &'a mut Browser,
    session: String,
    target: String,
    /// What was written to the console, and what the page was refused.
    pub(super) complaints: Vec<String>,
    /// What was asked of the network or the disk.
    pub(super) requests: Vec<String>,
}

impl Browser {
    /// Starts one; `None` if there is none on this machine. Where `SWATHE_BROWSER` is set,
    /// as `.ci/run` sets it, there must be one.
    pub(super) fn start() -> Option<Browser> {
        let Some(program) = find() else {
            let wanted = std::env::var_os("SWATHE_BROWSER").is_some();
            assert!(
                !wanted,
                "there is no Chromium: run scripts/install-chromium.sh"
            );
            return None;
        };
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let (in_pipe, out_pipe) = (dir.join("in"), dir.join("out"));
        let made = Command::new("mkfifo").args([&in_pipe, &out_pipe]).status();
        assert!(made.unwrap().success(), "mkfifo");
        // The protocol is spoken on descriptors 3 and 4, which a shell can give.
        let child = Command::new("sh")
            .args(["-c", r#"exec 3<"$IN" 4>"$OUT"; exec "$0" "$@""#])
            .arg(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", dir.join("profile").display()))
            .env("IN", &in_pipe)
            .env("OUT", &out_pipe)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let to = File::options().write(true).open(&in_pipe).unwrap();
        let out = File::open(&out_pipe).unwrap();
        Some(Browser {
            child,
            to,
            from: messages(out),
            dir,
            next: 0,
        })
    }

    /// Opens a file in a window as wide as this, and waits until it is there.
    pub(super) fn open(&mut self, path: &str, scripts: bool, width: u32) -> Tab<'_> {
        let target = self.ask(None, "Target.createTarget", &json!({"url": "about:blank"}));
        let target = target["targetId"].as_str().unwrap().to_string();
        let session = self.ask(
            None,
            "Target.attachToTarget",
            &json!({"targetId": target, "flatten": true}),
        );
        let mut tab = Tab {
            session: session["sessionId"].as_str().unwrap().to_string(),
            target,
            browser: self,
            complaints: Vec::new(),
            requests: Vec::new(),
        };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.ask(&format!("{domain}.enable"), &json!({}));
        }
        tab.ask(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        if !scripts {
            tab.ask(
                "Emulation.setScriptExecutionDisabled",
                &json!({"value": true}),
            );
        }
        let navigated = tab.ask("Page.navigate", &json!({"url": format!("file://{path}")}));
        assert!(navigated["errorText"].is_null(), "{navigated}");
        tab.wait("Page.loadEventFired");
        tab
    }

    fn send(&mut self, session: Option<&str>, method: &str, params: &Value) -> u64 {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        self.next
    }

    fn receive(&self) -> Value {
        let message = self.from.recv_timeout(PATIENCE);
        message.expect("the browser answers in time")
    }

    fn ask(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        let id = self.send(session, method, params);
        loop {
            let message = self.receive();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
        }
    }
}

impl Tab<'_> {
    /// The value of an expression.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", &asked);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        let session = self.session.clone();
        let id = self.browser.send(Some(&session), method, params);
        loop {
            let message = self.browser.receive();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.note(&message);
        }
    }

    fn wait(&mut self, event: &str) {
        loop {
            let message = self.browser.receive();
            if message["method"] == event {
                return;
            }
            self.note(&message);
        }
    }

    fn note(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded") => {
                self.complaints.push(params.to_string());
            }
            Some("Network.requestWillBeSent") => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_string());
            }
            _ => {}
        }
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        let target = json!({"targetId": self.target});
        self.browser.send(None, "Target.closeTarget", &target);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// What comes out of a pipe: JSON with a zero byte behind each message.
fn messages(pipe: File) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut bytes = Vec::new();
            let read = pipe.read_until(0, &mut bytes);
            if bytes.pop() != Some(0) || read.is_err() {
                return;
            }
            let Ok(message) = serde_json::from_slice(&bytes) else {
                return;
            };
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let there = |name: &str| dirs.iter().map(|dir| dir.join(name)).find(|p| p.is_file());
    NAMES.iter().find_map(|name| there(name))
}
