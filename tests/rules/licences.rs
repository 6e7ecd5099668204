//! What we build on has terms that we accept and comes from crates.io: `deny.toml`, checked without
//! cargo-deny, which takes longer to build than everything else here.

use std::process::Command;

use serde_json::Value;

use crate::{forbid, tree};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Whether a licence expression can be met with the allowed licences alone.
///
/// `AND` binds closer than `OR`; an old `/` means `OR`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at, allowed) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut is_met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        is_met |= all_of(words, at, allowed);
    }
    is_met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut is_met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        is_met &= one(words, at, allowed);
    }
    is_met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let is_met = any_of(words, at, allowed);
        *at += 1;
        return is_met;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&name)
}

/// The strings of `key = [ … ]` in deny.toml.
fn list(text: &str, key: &str) -> Vec<String> {
    let begin =
        text.find(&format!("\n{key} = [")).unwrap_or_else(|| panic!("deny.toml has no {key}"));
    let body = text[begin..].split(']').next().unwrap_or_default();
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The crates that deny.toml forbids to everybody.
fn banned(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.contains("wrappers"))
        .filter_map(|line| line.trim().strip_prefix("{ crate = \"")?.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// What a `[[licenses.clarify]]` of deny.toml says about a crate that names no licence itself.
fn clarified(text: &str, krate: &str) -> Option<String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    text.split("[[licenses.clarify]]")
        .skip(1)
        .filter_map(|block| block.split("\n[").next())
        .find(|block| value(block, "crate").as_deref() == Some(krate))
        .and_then(|block| value(block, "expression"))
}

fn complaints(packages: &[Value], deny: &str) -> Vec<String> {
    let (allowed, banned) = (list(deny, "allow"), banned(deny));
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| !package["source"].is_null()) {
        let name = package["name"].as_str().unwrap_or_default();
        let own = package["license"].as_str().map(str::to_owned);
        let licence = own.or_else(|| clarified(deny, name)).unwrap_or_default();
        if !is_met(&licence, &allowed) {
            found.push(format!("{name}: its licence is “{licence}”"));
        }
        if package["source"] != REGISTRY {
            found.push(format!("{name}: it comes from {}", package["source"]));
        }
        if banned.iter().any(|banned| banned == name) {
            found.push(format!("{name}: deny.toml forbids it and says why"));
        }
    }
    found
}

/// Every package of this system's build, from the lock file.
fn packages() -> Vec<Value> {
    let cargo = || Command::new(env!("CARGO"));
    let verbose = cargo().arg("-vV").output().unwrap_or_else(|error| panic!("cargo: {error}"));
    let verbose = String::from_utf8_lossy(&verbose.stdout).into_owned();
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(tree::root())
        .output()
        .unwrap_or_else(|error| panic!("cargo metadata: {error}"));
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let all: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    all["packages"].as_array().cloned().unwrap_or_default()
}

#[test]
fn everything_we_build_on_may_be_shipped_with_us() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/GPL-3.0",
        "(MIT OR GPL-3.0) AND Apache-2.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(is_met(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH X", "GPL-3.0 AND (MIT OR Apache-2.0)"] {
        assert!(!is_met(bad, &allowed), "{bad}");
    }
    let deny = "[licenses]\nallow = [\n  \"MIT\",\n]\n  { crate = \"bad\", reason = \"x\" },\n";
    let package = |name: &str, licence: &str, source: &str| serde_json::json!({ "name": name, "license": licence, "source": source });
    assert!(complaints(&[package("good", "MIT", REGISTRY)], deny).is_empty());
    assert_eq!(complaints(&[package("bad", "MIT", REGISTRY)], deny).len(), 1);
    assert_eq!(complaints(&[package("a", "LGPL-3.0", REGISTRY)], deny).len(), 1);
    assert_eq!(complaints(&[package("a", "MIT", "git+https://example.org/a")], deny).len(), 1);
    let silent = serde_json::json!({ "name": "b", "license": null, "source": REGISTRY });
    assert_eq!(complaints(std::slice::from_ref(&silent), deny).len(), 1);
    let clear = |licence: &str| {
        format!("{deny}[[licenses.clarify]]\ncrate = \"b\"\nexpression = \"{licence}\"\n\n[bans]\n")
    };
    assert!(complaints(std::slice::from_ref(&silent), &clear("MIT")).is_empty());
    assert_eq!(complaints(&[silent], &clear("GPL-3.0")).len(), 1);

    let deny =
        tree::files().iter().find(|file| file.path == "deny.toml").map_or("", |file| &file.text);
    let packages = packages();
    assert!(packages.len() > 100, "cargo metadata names only {} packages", packages.len());
    forbid(
        &complaints(&packages, deny),
        "choose another library; or, if its terms are fine for a program that is given away, allow them \
         in deny.toml",
    );
}
