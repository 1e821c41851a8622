//! The DMN compatibility kit's cases, apart for tables and other logic. Says how many pass
//! and fails when fewer do than before.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test, helpers and all
use baton_engine::Models;
use baton_formats::dmn::{Logic, parse};
use baton_formats::xml;
use baton_model::{Micros, Value};
use std::path::{Path, PathBuf};

/// Cases of table decisions, and of other logic, that pass today; raise it when more do.
const PASSING: (usize, usize) = (30, 1_169);

fn fixtures() -> Option<PathBuf> {
    let root = std::env::var_os("BATON_FIXTURES").map(PathBuf::from);
    let root = root
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"));
    Some(root.join("dmn-tck")).filter(|path| path.is_dir())
}

#[test]
fn tables_of_the_compatibility_kit() {
    let Some(root) = fixtures() else {
        println!("skipped: no fixtures");
        return;
    };
    let run = move || {
        let mut all = Tally::default();
        for level in ["compliance-level-2", "compliance-level-3"] {
            let mut tally = Tally::default();
            let mut folders: Vec<_> = std::fs::read_dir(root.join(level))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            folders.sort();
            folders.iter().for_each(|folder| tally.folder(folder));
            println!(
                "{level}: tables {} of {} pass; other logic {} of {}",
                tally.tables.0, tally.tables.1, tally.others.0, tally.others.1
            );
            all.tables.0 += tally.tables.0;
            all.others.0 += tally.others.0;
        }
        let passing = (all.tables.0, all.others.0);
        assert!(
            passing.0 >= PASSING.0 && passing.1 >= PASSING.1,
            "{passing:?} cases pass, {PASSING:?} did before"
        );
    };
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

#[derive(Default)]
struct Tally {
    tables: (usize, usize),
    others: (usize, usize),
}

impl Tally {
    fn folder(&mut self, folder: &Path) {
        let files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        let ends = |path: &PathBuf, end: &str| path.to_string_lossy().ends_with(end);
        let Some(model) = files.iter().find(|path| ends(path, ".dmn")) else {
            return;
        };
        let text = std::fs::read_to_string(model).unwrap();
        for tests in files.iter().filter(|path| ends(path, ".xml")) {
            self.file(folder, &text, &std::fs::read(tests).unwrap());
        }
    }

    fn file(&mut self, folder: &Path, model: &str, tests: &[u8]) {
        let tests = xml::parse(tests).unwrap();
        for case in tests
            .root_element()
            .children()
            .filter(|node| node.has_tag_name((NS, "testCase")))
        {
            for result in case
                .children()
                .filter(|node| node.has_tag_name((NS, "resultNode")))
            {
                let name = result.attribute("name").unwrap_or_default();
                let table = parse(model.as_bytes()).ok().is_some_and(|model| {
                    matches!(
                        model
                            .decision(name)
                            .and_then(|decision| decision.logic.as_ref()),
                        Some(Logic::Table(_))
                    )
                });
                let passed = outcome(model, case, result, name);
                let count = if table {
                    &mut self.tables
                } else {
                    &mut self.others
                };
                count.1 += 1;
                match passed {
                    Ok(()) => count.0 += 1,
                    Err(why) if table || std::env::var_os("BATON_TCK_ALL").is_some() => {
                        let id = case.attribute("id").unwrap_or_default();
                        println!(
                            "  {} {id} {name}: {why}",
                            folder.file_name().unwrap().to_string_lossy()
                        );
                    }
                    Err(_) => {}
                }
            }
        }
    }
}

const NS: &str = "http://www.omg.org/spec/DMN/20160719/testcase";

fn outcome(
    model: &str,
    case: xml::Node<'_, '_>,
    result: xml::Node<'_, '_>,
    name: &str,
) -> Result<(), String> {
    let inputs = case
        .children()
        .filter(|node| node.has_tag_name((NS, "inputNode")));
    let context =
        Value::map(inputs.map(|node| (node.attribute("name").unwrap_or_default(), value(node))));
    let expected = child(result, "expected").map_or(Value::Null, value);
    let models = Models::read(&[model]).map_err(|findings| findings[0].1.to_string())?;
    let made = models.decide(name, &context, Micros(0), "UTC");
    match made {
        Ok(made) if same(&made.value, &expected) => Ok(()),
        Ok(made) => Err(format!("{:?} is not {expected:?}", made.value)),
        Err(_) if expected == Value::Null => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            (one.num - other.num).abs() < "0.00000001".parse().unwrap()
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        (one, other) => one == other,
    }
}

fn child<'a, 'b>(node: xml::Node<'a, 'b>, name: &str) -> Option<xml::Node<'a, 'b>> {
    node.children().find(|child| child.has_tag_name((NS, name)))
}

fn value(node: xml::Node<'_, '_>) -> Value {
    if let Some(list) = child(node, "list") {
        return Value::List(
            list.children()
                .filter(|item| item.is_element())
                .map(value)
                .collect(),
        );
    }
    if child(node, "component").is_some() {
        let parts = node
            .children()
            .filter(|part| part.has_tag_name((NS, "component")));
        return Value::map(
            parts.map(|part| (part.attribute("name").unwrap_or_default(), value(part))),
        );
    }
    let Some(value) = child(node, "value") else {
        return Value::Null;
    };
    let kind = value
        .attribute(("http://www.w3.org/2001/XMLSchema-instance", "type"))
        .unwrap_or_default();
    let nil = value.attribute(("http://www.w3.org/2001/XMLSchema-instance", "nil")) == Some("true");
    let text = value.text().unwrap_or_default();
    match kind.rsplit(':').next().unwrap_or_default() {
        _ if nil => Value::Null,
        "decimal" | "double" | "integer" | "int" => text
            .trim()
            .parse::<baton_model::Decimal>()
            .map_or(Value::Null, Value::number),
        "boolean" => Value::Bool(text.trim() == "true"),
        _ => Value::text(text),
    }
}
