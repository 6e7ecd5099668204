//! The decisions in `docs/adr/` are numbered without gaps and all in the index.

use crate::{
    forbid,
    tree::{self, File},
};

const FOLDER: &str = "docs/adr/";

fn disorder(files: &[File]) -> Vec<String> {
    let index = files
        .iter()
        .find(|file| file.path == "docs/adr/README.md")
        .map_or("", |file| file.text.as_str());
    let mut found = Vec::new();
    let mut expected = 1;
    let decisions = files.iter().filter_map(|file| {
        let name = file.path.strip_prefix(FOLDER)?;
        (name != "README.md").then_some((name, file))
    });
    for (name, file) in decisions {
        let number = name.split('-').next().and_then(|number| number.parse::<u32>().ok());
        if number != Some(expected) {
            found.push(format!("{name}: its number should be {expected:04}"));
        }
        expected = number.unwrap_or(expected) + 1;
        if !index.contains(&format!("({name})")) {
            found.push(format!("{name}: docs/adr/README.md has no link to it"));
        }
        let title = file.text.lines().next().unwrap_or_default();
        let is_titled = number.is_some_and(|number| title.starts_with(&format!("# {number}. ")));
        if !is_titled {
            found.push(format!("{name}: its title should begin with its number, but is “{title}”"));
        }
    }
    found
}

#[test]
fn every_decision_is_numbered_and_in_the_index() {
    let adr = |name: &str, text: &str| File::sample(&format!("{FOLDER}{name}"), text);
    let good = [adr("0001-a.md", "# 1. A"), adr("README.md", "[A](0001-a.md)")];
    assert!(disorder(&good).is_empty());
    let gap = [
        adr("0001-a.md", "# 1. A"),
        adr("0003-c.md", "# 3. C"),
        adr("README.md", "(0001-a.md) (0003-c.md)"),
    ];
    assert_eq!(disorder(&gap).len(), 1);
    assert_eq!(disorder(&[adr("0001-a.md", "# 1. A"), adr("README.md", "")]).len(), 1);
    assert_eq!(disorder(&[adr("0001-a.md", "# A"), adr("README.md", "(0001-a.md)")]).len(), 1);

    let files = tree::files();
    assert!(
        files.iter().any(|file| file.path.starts_with("docs/adr/0001-")),
        "there are no decisions"
    );
    forbid(&disorder(files), "give it the next free number and a line in docs/adr/README.md");
}
