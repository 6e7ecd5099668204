//! Rules about the window's pages.

use regex::Regex;

use crate::{
    forbid,
    tree::{self, File},
};

const PAGES: &[&str] = &["ts", "svelte", "js"];

/// Every import of a page's file: where from, as written.
fn imports(file: &File) -> Vec<String> {
    let pattern = Regex::new(r#"(?:\bfrom|\bimport|\bimport\s*\()\s*['"]([^'"]+)['"]"#)
        .unwrap_or_else(|error| panic!("{error}"));
    pattern.captures_iter(&file.text).map(|found| found[1].to_owned()).collect()
}

fn pages(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.starts_with("ui/src/") && file.has_ending(PAGES))
}

/// The path from the root that an import means; packages stay as they are.
fn resolve(file: &str, import: &str) -> String {
    if !import.starts_with('.') {
        return import.to_owned();
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The view that a path belongs to: the first name below `views/`, without its ending.
fn view(path: &str) -> Option<&str> {
    let (_, below) = path.split_once("views/")?;
    let name = below.split('/').next()?;
    Some(name.split('.').next().unwrap_or(name))
}

fn views_in_views(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in pages(files) {
        let Some(own) = view(&file.path) else { continue };
        for import in imports(file) {
            let target = resolve(&file.path, &import);
            if view(&target).is_some_and(|other| other != own) {
                found.push(format!("{} imports {import}", file.path));
            }
        }
    }
    found
}

fn doors(files: &[File]) -> Vec<String> {
    pages(files)
        .filter(|file| !file.path.starts_with("ui/src/host/"))
        .flat_map(|file| {
            let outward =
                imports(file).into_iter().filter(|import| import.starts_with("@tauri-apps"));
            outward.map(|import| format!("{} imports {import}", file.path))
        })
        .collect()
}

/// Calls that would leave the machine, or go around the door.
fn outward_calls(files: &[File]) -> Vec<String> {
    let call = Regex::new(r"\b(?:fetch\(|XMLHttpRequest|WebSocket\(|EventSource\(|__TAURI)")
        .unwrap_or_else(|error| panic!("{error}"));
    let mut found = Vec::new();
    for file in pages(files).filter(|file| !file.path.starts_with("ui/src/host/")) {
        for (n, line) in file.text.lines().enumerate() {
            if call.is_match(line) {
                found.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn no_view_imports_another_view() {
    let of = |path: &str, text: &str| views_in_views(&[File::sample(path, text)]);
    assert_eq!(
        of("ui/src/views/mood/Mood.svelte", "import X from '../timeline/Rail.svelte'").len(),
        1
    );
    assert_eq!(of("ui/src/views/Mood.svelte", "import X from './Timeline.svelte'").len(), 1);
    assert!(of("ui/src/views/mood/Mood.svelte", "import X from './Year.svelte'").is_empty());
    assert!(of("ui/src/views/Mood.svelte", "import X from '../parts/Rail.svelte'").is_empty());
    assert!(of("ui/src/App.svelte", "import X from './views/Mood.svelte'").is_empty());

    forbid(&views_in_views(tree::files()), "move what both views need to ui/src/parts");
}

#[test]
fn the_host_is_the_only_door_outward() {
    let of = |path: &str, text: &str| doors(&[File::sample(path, text)]);
    assert_eq!(
        of("ui/src/views/Mood.svelte", "import { invoke } from '@tauri-apps/api/core'").len(),
        1
    );
    assert_eq!(
        of("ui/src/App.svelte", "const x = await import(\"@tauri-apps/api/event\")").len(),
        1
    );
    assert!(of("ui/src/host/tauri.ts", "import { invoke } from '@tauri-apps/api/core'").is_empty());

    forbid(
        &doors(tree::files()),
        "ask ui/src/host: it can be faked, and is all that has to be trusted",
    );
}

#[test]
fn no_page_calls_the_network() {
    let sample = [File::sample("ui/src/views/Mood.svelte", "const r = await fetch(url)")];
    assert_eq!(outward_calls(&sample).len(), 1);

    forbid(
        &outward_calls(tree::files()),
        "nothing leaves this machine: ask the core through ui/src/host",
    );
}
