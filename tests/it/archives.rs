//! Members of archives, through the command line.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use tar::EntryType::{Directory, Regular};
use zip::CompressionMethod as M;

use crate::pack;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("swathe-ar-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command.current_dir(&self.0).args(arguments);
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// What is printed, what is said, the exit code.
    fn said(&self, arguments: &[&str]) -> (String, String, i32) {
        let Output {
            stdout,
            stderr,
            status,
        } = self.run(arguments);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(stdout), text(stderr), status.code().unwrap())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn header(kind: tar::EntryType, len: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(len as u64);
    header.set_mode(0o644);
    header
}

fn long_name() -> String {
    format!("{}/long.log", "directory/".repeat(20))
}

/// Two logs, one of them packed, and what is no file.
fn tar() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |kind, name: &str, content: &[u8]| {
        let mut header = header(kind, content.len());
        tar.append_data(&mut header, name, content).unwrap();
    };
    add(Directory, "logs/", b"");
    add(Regular, "logs/a.log", b"one error\ntwo\nthree error\n");
    add(Regular, "logs/b.log.gz", &pack::gzip(b"four error\n"));
    add(Regular, "empty", b"");
    add(Regular, &long_name(), b"error in a long name");
    add(Regular, "inner.tar.gz", b"not even a tar, error");
    let mut link = header(tar::EntryType::Symlink, 0);
    tar.append_link(&mut link, "link", "logs/a.log").unwrap();
    let mut up = header(Regular, 9);
    // Not through the library, which refuses such names.
    up.as_old_mut().name[..9].copy_from_slice(b"../up.log");
    up.set_cksum();
    tar.append(&up, &b"error up\n"[..]).unwrap();
    tar.into_inner().unwrap()
}

fn counts(archive: &str) -> String {
    [
        ("logs/a.log", 2),
        ("logs/b.log.gz", 1),
        (&long_name(), 1),
        ("../up.log", 1),
    ]
    .map(|(name, count)| format!("{archive}:{name}:{count}\n"))
    .concat()
}

const NESTED: &str = "inner.tar.gz: is an archive inside an archive";

#[test]
fn members_of_tar_are_files_whatever_packs_it() {
    let scratch = Scratch::new("tar");
    let tar = tar();
    for (name, packed) in [
        ("a.tar", tar.clone()),
        ("a.tgz", pack::gzip(&tar)),
        ("b.tar.gz", pack::bgzip(&tar)),
        ("a.tar.zst", pack::zstd(&tar)),
        ("a.tar.xz", pack::xz(&tar)),
        ("a.tar.bz2", pack::bzip2(&tar)),
    ] {
        scratch.write(name, packed);
        for more in [&["-j1"][..], &["-j3", "--chunk-size=7"]] {
            let arguments = [&["search", "--archives", "-c", "error", name], more].concat();
            let (out, said, code) = scratch.said(&arguments);
            assert_eq!(out, counts(name), "{name}: {said}");
            assert!(said.contains(NESTED) && said.lines().count() == 1, "{said}");
            assert_eq!(code, 2);
        }
    }
    assert_eq!(
        fs::read_dir(&scratch.0).unwrap().count(),
        6,
        "nothing is written"
    );
    let (out, ..) = scratch.said(&["search", "--archives", "-nI", "-m1", "error", "a.tgz"]);
    assert_eq!(
        out,
        "1:one error\n1:four error\n1:error in a long name\n1:error up\n"
    );
}

#[test]
fn an_archive_is_bytes_unless_asked_for() {
    let scratch = Scratch::new("bytes");
    scratch.write("a.tar", tar());
    scratch.write("a.tgz", pack::gzip(&tar()));
    for (name, pattern, want, code) in [
        ("a.tar", "error up", "1\n", 0),
        ("a.tgz", "error up", "1\n", 0),
        ("a.tar", "nowhere", "", 1),
    ] {
        let (out, said, got) = scratch.said(&["search", "-c", pattern, name]);
        assert_eq!((&*out, got), (want, code), "{name}: {said}");
        assert_eq!(
            said,
            format!(
                "swathe: {name} is an archive and was searched as the bytes it is; --archives \
                 searches its members\n"
            )
        );
        let (out, said, got) = scratch.said(&["search", "-c", "--no-archives", pattern, name]);
        assert_eq!((&*out, &*said, got), (want, "", code), "{name}");
    }
    let (_, said, _) = scratch.said(&["search", "-c", "error", "a.tar", "a.tgz"]);
    assert!(
        said.starts_with("swathe: a.tar and 1 other inputs are archives"),
        "{said}"
    );
    // One that nobody named is what it is for ripgrep.
    let (_, said, _) = scratch.said(&["search", "-c", "error", "."]);
    assert_eq!(said, "");
    // And what is no archive is what it always is.
    scratch.write("a.log", "error\n");
    scratch.write("b.gz", pack::gzip(b"error\n"));
    let (out, said, code) = scratch.said(&["search", "--archives", "-c", "error", "a.log", "b.gz"]);
    assert_eq!((&*out, &*said, code), ("a.log:1\nb.gz:1\n", "", 0));
}

#[test]
fn archives_come_through_pipes() {
    let scratch = Scratch::new("pipe");
    for input in [tar(), pack::gzip(&tar()), pack::zstd(&tar())] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command.args(["search", "--archives", "-c", "error", "-"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let feeder = std::thread::spawn(move || stdin.write_all(&input).unwrap());
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), counts("<stdin>"));
    }
    drop(scratch);
}

#[test]
fn statistics_count_members() {
    let scratch = Scratch::new("stat");
    scratch.write("a.tar.gz", pack::gzip(&tar()));
    let (out, said, code) = scratch.said(&["stats", "--archives", "--wc", "-l", "a.tar.gz"]);
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0], ["3", "a.tar.gz:logs/a.log"], "{out}{said}");
    assert_eq!(rows[1], ["1", "a.tar.gz:logs/b.log.gz"], "{out}");
    assert_eq!(code, 2);
    for command in ["count", "top"] {
        let all = [command, "--archives", "--format=json", "error", "a.tar.gz"];
        let (out, ..) = scratch.said(&all);
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        let found = match command {
            "count" => &answer["patterns"][0]["lines"],
            _ => &answer["matched"],
        };
        assert_eq!(*found, 5, "{out}");
    }
}

/// By their bytes, whatever they are called and however they come.
#[test]
fn statistics_open_archives_unasked() {
    let scratch = Scratch::new("unasked");
    let members = zip(&[M::Stored, M::Deflated]);
    fs::create_dir(scratch.0.join("d")).unwrap();
    for (name, bytes) in [
        ("a.zip", members.clone()),
        ("a.docx", members.clone()),
        (
            "a",
            pack::gzip(&{
                let mut tar = tar::Builder::new(Vec::new());
                for name in ["logs/0.log", "logs/1.log"] {
                    let text = &b"one error\ntwo\nthree error\n"[..];
                    tar.append_data(&mut header(Regular, text.len()), name, text)
                        .unwrap();
                }
                tar.into_inner().unwrap()
            }),
        ),
    ] {
        scratch.write("d/x", &bytes);
        scratch.write(name, bytes);
        for (command, path, want) in [
            ("count error", "/patterns/0/lines", 4),
            ("stats", "/total/lines", 6),
            ("top --by line", "/matched", 6),
            ("values --of line", "/matched", 6),
            ("timeline", "/unparsed_lines", 6),
            ("templates", "/records", 6),
        ] {
            let words: Vec<&str> = command.split(' ').chain(["--format=json"]).collect();
            let lines = |output: &Output| -> serde_json::Value {
                let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                answer.pointer(path).unwrap().clone()
            };
            let bytes = fs::read(scratch.0.join(name)).unwrap();
            for way in [&["-j1"][..], &["-j3", "--chunk-size=7"], &["--archives"]] {
                for file in [name, "d", "-", "<"] {
                    let mut process = Command::new(env!("CARGO_BIN_EXE_swathe"));
                    process.current_dir(&scratch.0).args(&words).args(way);
                    process.stdin(Stdio::null());
                    process.stdout(Stdio::piped()).stderr(Stdio::piped());
                    match file {
                        "-" => process.arg("-").stdin(Stdio::piped()),
                        "<" => process.stdin(fs::File::open(scratch.0.join(name)).unwrap()),
                        file => process.arg(file),
                    };
                    let mut child = process.spawn().unwrap();
                    if let Some(mut pipe) = child.stdin.take() {
                        pipe.write_all(&bytes).unwrap();
                    }
                    let output = child.wait_with_output().unwrap();
                    assert_eq!(lines(&output), want, "{command} {way:?} {file} of {name}");
                }
            }
            let output = scratch.run(&[&words[..], &["--no-archives", name]].concat());
            // The text of a tar has its lines.
            let same = name == "a" && command == "count error";
            assert_eq!(lines(&output) == want, same, "{command} of {name}");
        }
        let report = scratch.run(&["report", "--format=json", name]);
        let report = String::from_utf8(report.stdout).unwrap().replace(' ', "");
        assert!(report.contains("\"lines\":6"), "{report}");
    }
    let (_, said, code) = scratch.said(&["count", "error", "--resume", "s", "a.zip"]);
    assert!(said.contains("a.zip is an archive") && code == 2, "{said}");
    let (_, said, code) = scratch.said(&["templates", "--assign", "a.zip"]);
    assert!(said.contains("members of archives") && code == 2, "{said}");
}

#[test]
fn of_a_damaged_tar_what_comes_before_is_read() {
    let scratch = Scratch::new("cut");
    let text = pack::text(20_000);
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["a", "b"] {
        let mut header = header(Regular, text.len());
        tar.append_data(&mut header, name, &text[..]).unwrap();
    }
    let whole = tar.into_inner().unwrap();
    let middle = whole.len() / 2 + 10_000;
    let member = 512 + text.len().next_multiple_of(512);
    let mut flipped = whole.clone();
    flipped[member + 3] ^= 0x10;
    let rows: [(&str, Vec<u8>, &str, &str); 7] = [
        ("whole", whole.clone(), "t:a:20000\nt:b:20000\n", ""),
        (
            "joined",
            whole.repeat(2),
            "t:a:20000\nt:b:20000\nt:a:20000\nt:b:20000\n",
            "",
        ),
        (
            "cut",
            whole[..middle].to_vec(),
            "t:a:20000\nt:b:",
            "the archive is cut off inside",
        ),
        (
            "between",
            whole[..member].to_vec(),
            "t:a:20000\n",
            "without its end mark",
        ),
        (
            "in a header",
            whole[..member + 100].to_vec(),
            "t:a:20000\n",
            "damaged or cut off",
        ),
        (
            "flipped",
            flipped,
            "t:a:20000\n",
            "damaged or cut off near byte",
        ),
        (
            "followed",
            [&whole[..], &[b'x'; 600]].concat(),
            "t:a:20000\nt:b:20000\n",
            "damaged",
        ),
    ];
    for (how, bytes, want, says) in rows {
        scratch.write("t", &bytes);
        let (out, said, code) = scratch.said(&["search", "--archives", "-c", "", "t"]);
        assert!(out.starts_with(want), "{how}: {out}{said}");
        assert_eq!(code, if says.is_empty() { 0 } else { 2 }, "{how}: {said}");
        assert!(
            said.contains(says) && said.lines().count() < 3,
            "{how}: {said}"
        );
    }
}

#[test]
fn of_a_tar_in_damaged_gzip_too() {
    let scratch = Scratch::new("cut-gzip");
    let text = pack::text(20_000);
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = header(Regular, text.len());
    tar.append_data(&mut header, "a", &text[..]).unwrap();
    let packed = pack::gzip(&tar.into_inner().unwrap());
    scratch.write("t", &packed[..packed.len() / 2]);
    let (out, said, code) = scratch.said(&["search", "--archives", "-c", "", "t"]);
    assert!(out.starts_with("t:a:") && code == 2, "{out}{said}");
    assert!(said.contains("the gzip data is cut off at byte"), "{said}");
    // Nobody reads as far as the damage, but what follows it is missing.
    let (_, said, code) = scratch.said(&["search", "--archives", "-m1", "", "t"]);
    assert!(
        said.contains("cannot be read behind its member a") && code == 2,
        "{said}"
    );
}

fn zip(methods: &[M]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, &method) in methods.iter().enumerate() {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(format!("logs/{i}.log"), options).unwrap();
        zip.write_all(b"one error\ntwo\nthree error\n").unwrap();
    }
    zip.add_directory("logs/more", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn members_of_zip_are_files() {
    let scratch = Scratch::new("zip");
    let whole = zip(&[M::Stored, M::Deflated, M::Zstd, M::Bzip2]);
    let row = |i| format!("a.zip:logs/{i}.log:2\n");
    let all: String = (0..4).map(row).collect();
    scratch.write("a.zip", &whole);
    let search = ["search", "--archives", "-c", "error", "a.zip"];
    let (out, said, code) = scratch.said(&search);
    assert_eq!((&*out, &*said, code), (&*all, "", 0));

    // The first member is encrypted, as both its headers say.
    let mut locked = whole.clone();
    locked[6] |= 1;
    let index = whole
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    locked[index + 8] |= 1;
    scratch.write("a.zip", &locked);
    let (out, said, code) = scratch.said(&search);
    assert_eq!((out, code), ((1..4).map(row).collect(), 2));
    assert!(
        said.starts_with("swathe: a.zip:logs/0.log: is encrypted"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");

    // Without its index, what can be found is read.
    scratch.write("a.zip", &whole[..index]);
    let (out, said, code) = scratch.said(&search);
    assert_eq!((out, code), (all, 2), "{said}");
    assert!(said.contains("the index of the zip archive"), "{said}");

    // The first member does not hold what its checksum says.
    let mut flipped = whole;
    let at = flipped
        .windows(9)
        .position(|nine| nine == b"one error")
        .unwrap();
    flipped[at] ^= 1;
    scratch.write("a.zip", &flipped);
    let (out, said, code) = scratch.said(&search);
    assert!(
        out.ends_with(&(1..4).map(row).collect::<String>()) && code == 2,
        "{out}"
    );
    assert!(
        said.contains("logs/0.log: this member of the zip archive is damaged"),
        "{said}"
    );
}

#[test]
fn a_walk_finds_members_among_files() {
    let scratch = Scratch::new("walk");
    fs::create_dir(scratch.0.join("d")).unwrap();
    for i in 0..40 {
        scratch.write(&format!("d/plain{i:02}"), "error\nno\n");
    }
    scratch.write("d/plain19.tar", tar());
    scratch.write("d/plain20.zip", zip(&[M::Deflated]));
    scratch.write("d/plain21.gz", pack::gzip(b"error\n"));
    let row = |i| {
        let behind = match i {
            19 => counts("d/plain19.tar"),
            20 => "d/plain20.zip:logs/0.log:2\n".to_string(),
            21 => "d/plain21.gz:1\n".to_string(),
            _ => String::new(),
        };
        format!("d/plain{i:02}:1\n{behind}")
    };
    let want = (0..40).map(row).collect::<Vec<_>>().concat();
    for more in [&["-j1"][..], &["-j4"], &["-j2", "--chunk-size=9"]] {
        let arguments = [&["search", "--archives", "-c", "error", "d"], more].concat();
        let (out, said, code) = scratch.said(&arguments);
        assert_eq!(out, want, "{more:?}: {said}");
        assert_eq!((said.lines().count(), code), (1, 2), "{said}");
    }
}
