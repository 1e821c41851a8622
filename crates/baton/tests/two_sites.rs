//! A party whose site in a lane changes while a case is there: two open hops of one case, lane and party. The
//! lists of work show each item once, under its own hop.

mod support;

use baton_app::views::work::Filter;
use baton_app::views::{Reader, floor, queue, work};
use baton_journal::setup::{InFlight, Share};
use baton_journal::{Actor, Command};
use baton_model::{Cell, LaneId, PartyId, ProcessId, Record, SiteId, Value};
use std::path::Path;
use support::Temporary;
use support::house::House;

const MODEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:baton="urn:baton:bpmn:1" id="two_sites" targetNamespace="urn:baton:pack:two-sites">
  <bpmn:process id="two-lanes" name="Two sites" isExecutable="true">
    <bpmn:laneSet id="lanes"><bpmn:lane id="l1" name="First">
      <bpmn:flowNodeRef>begun</bpmn:flowNodeRef><bpmn:flowNodeRef>fork</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>first</bpmn:flowNodeRef><bpmn:flowNodeRef>other</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>second</bpmn:flowNodeRef><bpmn:flowNodeRef>over</bpmn:flowNodeRef>
    </bpmn:lane><bpmn:lane id="l2" name="Second"><bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="begun"/>
    <bpmn:parallelGateway id="fork"/>
    <bpmn:userTask id="first" name="First"><bpmn:extensionElements><baton:task form="done"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:userTask id="other" name="Other"><bpmn:extensionElements><baton:task form="done"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:userTask id="second" name="Second"><bpmn:extensionElements><baton:task form="done"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:endEvent id="over"/><bpmn:endEvent id="done"/>
    <bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="fork"/>
    <bpmn:sequenceFlow id="b" sourceRef="fork" targetRef="first"/>
    <bpmn:sequenceFlow id="c" sourceRef="fork" targetRef="other"/>
    <bpmn:sequenceFlow id="d" sourceRef="first" targetRef="second"/>
    <bpmn:sequenceFlow id="e" sourceRef="second" targetRef="over"/>
    <bpmn:sequenceFlow id="f" sourceRef="other" targetRef="done"/>
  </bpmn:process>
</bpmn:definitions>
"#;

const SITE: &str =
    "\n[[site]]\nid = \"kestrel-lodz\"\nparty = \"KS\"\nname = \"Łódź\"\ncalendar = \"always\"\n";

fn house() -> House {
    let folder = Temporary::new("two-sites-pack");
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/two-lanes");
    support::copy(&pack, folder.path());
    std::fs::write(folder.path().join("two-lanes.bpmn"), MODEL).expect("the model");
    let pack = folder.path().join("pack.toml");
    let text = std::fs::read_to_string(&pack).expect("the pack");
    std::fs::write(&pack, text + SITE).expect("the pack");
    House::found("two-sites", &folder.path().display().to_string())
}

#[test]
fn an_item_is_listed_once_where_its_party_holds_the_case_at_two_sites() {
    let house = house();
    let answer = Cell::clear(Value::text("on"));
    let answer = Record::from([("done.answer".to_owned(), answer)]);
    let (process, record) = (ProcessId::new("two-lanes"), Record::new());
    let start = Command::StartCase { process, record };
    let started = house.submit(Actor::System, start).expect("a case");
    let case = started.events.iter().find_map(|event| event.case());
    let case = case.expect("a case").to_string();
    let moved = Command::SetShares {
        lane: LaneId::new("l1"),
        shares: vec![Share {
            party: PartyId::new("KS"),
            site: SiteId::new("kestrel-lodz"),
            basis_points: 10_000,
            when: None,
            takes: Default::default(),
        }],
        in_flight: InFlight::Finish,
        reason: "the team moves".into(),
    };
    house.submit(Actor::System, moved).expect("moved");
    house.done(&case, "first", "jana", answer).expect("done");

    let viewer = house.viewer("jana");
    let (reader, scope) = (Reader::of(&house.app, &viewer.scope), &viewer.scope);
    let hops = house.times(&viewer, &case).hops;
    let open = hops.iter().filter(|hop| hop.until.is_none());
    assert_eq!(open.count(), 2, "a hop at each site: {hops:?}");
    let listed = work::list(&reader, scope, &Filter::default(), 50).expect("the list");
    let ids: Vec<&str> = listed.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert_ne!(ids[0], ids[1]);
    let page = queue::page(&reader, scope, &queue::Filter::default(), None, 50).expect("a page");
    assert_eq!(page.len(), 2);
    let free = queue::free(&reader, scope, &LaneId::new("l1"), 50).expect("the free ones");
    assert_eq!(free.len(), 2);
    // Each under its own hop: the later one is due later.
    let second = work::one(&reader, scope, &listed[1].id)
        .expect("read")
        .expect("there");
    assert_eq!(second.due, listed[1].due);
    assert!(listed[0].due < listed[1].due, "{listed:?}");
    let aside = Command::Pause {
        item: listed[1].id.clone(),
        case: listed[1].case.clone(),
        reason: "break".into(),
    };
    let claim = Command::Claim {
        item: listed[1].id.clone(),
        case: listed[1].case.clone(),
    };
    house.submit(viewer.actor(), claim).expect("claimed");
    house.submit(viewer.actor(), aside).expect("set aside");
    let floor = floor::open(&reader, scope, house.app.now()).expect("the floor");
    let last = floor.iter().find(|item| item.item == listed[1].id.as_str());
    let last = last.expect("on the floor");
    assert_eq!(last.due, listed[1].due);
    assert!(!last.paused, "who sets an item aside stops no clock");
}
