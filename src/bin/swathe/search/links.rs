//! The links that were asked for, with the name of this machine in them.

use std::{path::Path, process::Stdio};

use swathe::print::Links;

use super::low::HyperlinkArgs;

/// The links, if there are to be any.
pub(super) fn links(asked: &HyperlinkArgs) -> Option<Links> {
    if asked.format.is_empty() {
        return None;
    }
    let named = asked.hostname_bin.as_deref().and_then(hostname_of);
    let host = named.or_else(|| grep_cli::hostname().ok()?.into_string().ok());
    let wsl_prefix = std::env::var("WSL_DISTRO_NAME").ok();
    let wsl_prefix = wsl_prefix.map(|name| format!("wsl$/{name}"));
    Links::new(&asked.format, host, wsl_prefix).ok().flatten()
}

/// What a program says the name of this machine is; nothing if it does not.
fn hostname_of(program: &Path) -> Option<String> {
    let program = grep_cli::resolve_binary(program).ok()?;
    let mut command = std::process::Command::new(program);
    let output = command.stdin(Stdio::null()).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?;
    let name = name.trim();
    (output.status.success() && !name.is_empty()).then(|| name.to_string())
}
