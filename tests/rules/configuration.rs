//! The window's locks: `tauri.conf.json` says exactly this, and nothing opens another way in.

use serde_json::{Value, json};

use crate::{
    forbid,
    tree::{self, File},
};

/// What the pages may ask: our own few commands, and to listen.
const PERMISSIONS: &[&str] = &[
    "allow-call",
    "allow-choose-folder",
    "allow-choose-file",
    "allow-open-quick-note",
    "allow-close-quick-note",
    "allow-ready",
    "core:event:allow-listen",
    "core:event:allow-unlisten",
];

/// The only addresses in the policy: Tauri's own bridge.
const CONNECT: &str = "ipc: http://ipc.localhost";

fn expected() -> Vec<(&'static str, Value)> {
    vec![
        ("/app/withGlobalTauri", json!(false)),
        ("/app/macOSPrivateApi", json!(false)),
        ("/app/security/freezePrototype", json!(true)),
        ("/app/security/assetProtocol", json!({ "enable": false, "scope": [] })),
        ("/app/security/dangerousDisableAssetCspModification", json!(["style-src"])),
        ("/app/security/csp/default-src", json!("'none'")),
        ("/app/security/csp/script-src", json!("'self'")),
        ("/app/security/csp/connect-src", json!(CONNECT)),
        ("/app/security/csp/img-src", json!("'self'")),
        ("/app/security/csp/object-src", json!("'none'")),
        ("/app/security/csp/base-uri", json!("'none'")),
        ("/app/security/csp/form-action", json!("'none'")),
        ("/app/security/csp/frame-ancestors", json!("'none'")),
        ("/app/security/csp/worker-src", json!("'none'")),
        ("/build/removeUnusedCommands", json!(true)),
    ]
}

fn open_locks(config: &Value) -> Vec<String> {
    let mut found: Vec<String> = expected()
        .into_iter()
        .filter(|(key, value)| config.pointer(key) != Some(value))
        .map(|(key, value)| {
            let is = config.pointer(key).map_or("absent".to_owned(), Value::to_string);
            format!("{key} is {is}, but has to be {value}")
        })
        .collect();
    found.extend(remote_in_policy(&config["app"]["security"]["csp"]));
    found.extend(capabilities(&config["app"]["security"]["capabilities"]));
    for key in ["devCsp", "pattern", "dangerousUseHttpScheme"] {
        if config["app"]["security"].get(key).is_some() {
            found.push(format!("/app/security/{key} is set"));
        }
    }
    for window in config["app"]["windows"].as_array().into_iter().flatten() {
        if window["devtools"] == json!(true) {
            found.push(format!("the window {} opens the developer tools", window["label"]));
        }
        if window["url"].as_str().is_some_and(|url| url.contains("://")) {
            found.push(format!("the window {} shows {}", window["label"], window["url"]));
        }
    }
    found
}

fn remote_in_policy(csp: &Value) -> Vec<String> {
    let Some(directives) = csp.as_object() else { return vec!["there is no policy (csp)".into()] };
    let mut found = Vec::new();
    for (name, value) in directives {
        let value = value.as_str().unwrap_or_default();
        for word in value.split_whitespace().filter(|_| value != CONNECT) {
            let is_open = word.contains(':') || word.contains('*') || word == "'unsafe-eval'";
            let is_inline_script = name == "script-src" && word == "'unsafe-inline'";
            if is_open || is_inline_script {
                found.push(format!("the policy's {name} lets in {word}"));
            }
        }
    }
    found
}

fn capabilities(list: &Value) -> Vec<String> {
    let Some(list) = list.as_array().filter(|list| !list.is_empty()) else {
        // An empty list makes every capability file of the folder active.
        return vec!["there are no capabilities in tauri.conf.json".into()];
    };
    let mut found = Vec::new();
    for capability in list {
        if !capability.is_object() {
            found
                .push(format!("the capability {capability} is not written out in tauri.conf.json"));
        }
        if capability.get("remote").is_some() {
            found.push(format!("the capability {} lets in remote pages", capability["identifier"]));
        }
        for permission in capability["permissions"].as_array().into_iter().flatten() {
            if !permission.as_str().is_some_and(|permission| PERMISSIONS.contains(&permission)) {
                found.push(format!("the permission {permission} is not one of {PERMISSIONS:?}"));
            }
        }
    }
    found
}

fn other_ways_in(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| {
            let name = file.path.as_str();
            name.contains("capabilities/")
                || (name != "tauri.conf.json"
                    && name.contains("tauri.")
                    && name.contains(".conf.json"))
                || name.ends_with("Tauri.toml")
        })
        .map(|file| file.path.clone())
        .collect()
}

fn plugins_in_pages(package: &str) -> Vec<String> {
    let package: Value = serde_json::from_str(package).unwrap_or_default();
    ["dependencies", "devDependencies"]
        .iter()
        .filter_map(|key| package[key].as_object())
        .flat_map(|packages| packages.keys())
        .filter(|name| name.starts_with("@tauri-apps/plugin-"))
        .cloned()
        .collect()
}

fn text(path: &str) -> &'static str {
    let file = tree::files().iter().find(|file| file.path == path);
    file.map_or_else(|| panic!("{path} is missing"), |file| file.text.as_str())
}

#[test]
fn the_window_is_locked() {
    let config: Value =
        serde_json::from_str(text("tauri.conf.json")).unwrap_or_else(|error| panic!("{error}"));
    let broken = |key: &str, value: Value| {
        let mut config = config.clone();
        let slot = config.pointer_mut(key).unwrap_or_else(|| panic!("{key} is not there"));
        *slot = value;
        open_locks(&config)
    };
    for (key, value) in [
        ("/app/withGlobalTauri", json!(true)),
        ("/app/security/csp", json!(null)),
        ("/app/security/csp/connect-src", json!("ipc: http://ipc.localhost https://example.org")),
        ("/app/security/csp/font-src", json!("'self' https://fonts.example.org")),
        ("/app/security/csp/script-src", json!("'self' 'unsafe-inline'")),
        ("/app/security/assetProtocol", json!({ "enable": true, "scope": ["**"] })),
        ("/app/security/capabilities", json!([])),
        ("/app/security/capabilities", json!(["main"])),
        ("/app/security/capabilities/0/permissions", json!(["core:default"])),
        ("/app/security/capabilities/0", json!({ "remote": { "urls": ["https://example.org"] } })),
        ("/app/windows", json!([{ "label": "main", "devtools": true }])),
    ] {
        assert!(!broken(key, value.clone()).is_empty(), "{key} = {value} passes");
    }

    forbid(
        &open_locks(&config),
        "put it back; if the window really needs more, change the rule together with an ADR that says why",
    );
}

#[test]
fn there_is_one_configuration_and_no_other_way_in() {
    for path in ["src-tauri/capabilities/main.json", "tauri.linux.conf.json", "Tauri.toml"] {
        assert_eq!(other_ways_in(&[File::sample(path, "")]).len(), 1, "{path}");
    }
    let sample = r#"{ "dependencies": { "@tauri-apps/plugin-shell": "2" } }"#;
    assert_eq!(plugins_in_pages(sample).len(), 1);

    forbid(&other_ways_in(tree::files()), "say it in tauri.conf.json: a reviewer reads one file");
    forbid(
        &plugins_in_pages(text("ui/package.json")),
        "call the plugin from Rust, behind a command of ours: the command list is all that can be attacked",
    );
}
