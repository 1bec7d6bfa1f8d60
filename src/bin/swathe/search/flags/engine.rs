//! Which engine searches.

use swathe::pattern::Engine;

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::Low,
    session::{self, Exit},
};

/// What to do without PCRE2.
const MISSING: &str = "this build has no PCRE2; build it with \
    cargo install --path . --features pcre2, or do without look-around and back references: \
    --and and --not often do it";

pub(super) fn flags() -> Vec<Flag<Low>> {
    let all = [
        Flag::setting("pcre2", "", "Search with PCRE2", |low: &mut Low, value| {
            low.engine = match value {
                Some(_) => pcre2()?,
                None => Engine::Default,
            };
            Ok(())
        })
        .switch_like()
        .short('P')
        .no("no-pcre2")
        .more(
            "For look-around and back references. Needs a build with the feature pcre2. A line \
             that PCRE2 gives up on counts as not matching, which is said, with exit status 2.",
        ),
        Flag::value(
            "engine",
            "ENGINE",
            "The regex engine: default, pcre2, auto",
            |low: &mut Low, v| {
                low.engine = match value::text(v)? {
                    "default" => Engine::Default,
                    "auto" => Engine::Auto,
                    "pcre2" => pcre2()?,
                    other => {
                        return Err(format!(
                            "'{}' is not an engine; choose default, pcre2 or auto",
                            value::shown(other)
                        ));
                    }
                };
                Ok(())
            },
        )
        .more(
            "auto takes PCRE2 where the default engine cannot read the pattern, if there is one.",
        ),
        Flag::switch(
            "auto-hybrid-regex",
            "The same as --engine auto",
            |low: &mut Low, on| {
                low.engine = if on { Engine::Auto } else { Engine::Default };
            },
        )
        .no("no-auto-hybrid-regex"),
        Flag::switch(
            "pcre2-version",
            "Show which PCRE2 there is",
            |low: &mut Low, _| {
                low.pcre2_version = true;
            },
        ),
    ];
    Flag::grouped(Group::Matching, all)
}

fn pcre2() -> Result<Engine, String> {
    if cfg!(feature = "pcre2") {
        Ok(Engine::Pcre2)
    } else {
        Err(MISSING.to_string())
    }
}

/// Prints which PCRE2 there is.
pub(crate) fn pcre2_version() -> Exit {
    #[cfg(feature = "pcre2")]
    {
        let (major, minor) = grep_pcre2::version();
        let jit = if grep_pcre2::is_jit_available() {
            "is"
        } else {
            "is not"
        };
        session::print(&format!(
            "PCRE2 {major}.{minor} is available (JIT {jit} available)\n"
        ))
    }
    #[cfg(not(feature = "pcre2"))]
    match session::print("PCRE2 is not available in this build of swathe.\n") {
        Exit::Success => Exit::NoMatch,
        other => other,
    }
}
