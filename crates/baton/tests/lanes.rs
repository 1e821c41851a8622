//! The allocation page over HTTP: who may see it, who may change a lane, effects before the act, what is
//! refused and how it is said, and a change that meets another.

mod support;

use support::Answer;
use support::stage::Stage;

const MANAGER: &str = "mara.linden";

/// The version a preview was drawn from.
fn epoch(page: &Answer) -> String {
    let field = page.body.split("name=\"epoch\" value=\"").nth(1);
    let value = field.and_then(|rest| rest.split('"').next());
    value.expect("the lane's version").to_string()
}

/// Looks at a change, then makes it.
fn change(stage: &Stage, ask: &str, reason: &str) -> Answer {
    let page = stage.get(MANAGER, &format!("/allocation?{ask}"));
    assert_eq!(page.status, 200, "{ask}");
    assert!(page.body.contains("nothing has changed yet"), "{ask}");
    stage.post(
        MANAGER,
        "/allocation",
        &format!("{ask}&epoch={}&reason={reason}", epoch(&page)),
    )
}

#[test]
fn a_lane_is_shared_paused_and_stepped_in_for_on_the_page() {
    let stage = Stage::set("lanes");
    let lane = stage.get(MANAGER, "/allocation?lane=resolve");
    assert_eq!(lane.status, 200);
    assert!(lane.body.contains("Kestrel"), "the party that runs it");

    let ask = "lane=resolve&act=share&share.KS=70&share.LV=30&in_flight=split";
    assert_eq!(change(&stage, ask, "own+team+learns").status, 303);
    let shown = stage.get(MANAGER, "/allocation?lane=resolve");
    assert!(shown.body.contains("KS 70 %, LV 30 %"), "the new shares");
    assert!(
        shown.body.contains("shared: own team learns"),
        "in its history"
    );

    let ask = "lane=resolve&act=pause&party=KS&in_flight=hand_over";
    let preview = stage.get(MANAGER, &format!("/allocation?{ask}"));
    assert!(
        preview.body.contains("New cases to Kestrel"),
        "effects come first"
    );
    assert!(
        preview.body.contains("Open items of Kestrel"),
        "and what is in flight"
    );
    assert_eq!(change(&stage, ask, "site+closed").status, 303);
    let back = "lane=resolve&act=resume&party=KS";
    assert_eq!(change(&stage, back, "open+again").status, 303);
    let step = "lane=resolve&act=step_in&party=LV&in_flight=finish";
    assert_eq!(change(&stage, step, "storm").status, 303);
    let now = stage.get(MANAGER, "/allocation?lane=resolve");
    assert!(now.body.contains("LV 100 %"));
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_changed() {
    let stage = Stage::set("lanes-refused");
    let page = stage.get(MANAGER, "/allocation?lane=resolve&act=pause&party=KS");
    assert!(
        page.body.contains("nobody would run the lane"),
        "said before"
    );
    let version = epoch(&page);
    for (form, status, said) in [
        ("act=pause&party=KS&reason=x", 422, "nobody would run"),
        ("act=pause&party=TO&reason=x", 422, "has no part"),
        ("act=resume&party=KS&reason=x", 422, "is not paused"),
        ("act=step_in&party=LV&reason=+", 422, "say why"),
        (
            "act=share&share.KS=70&share.LV=20&reason=x",
            422,
            "add up to 90 %",
        ),
        ("act=share&share.KS=x&reason=x", 422, "is no percentage"),
        ("act=share&share.ZZ=100&reason=x", 422, "has no site"),
        ("act=burn&reason=x", 422, "there is no change"),
    ] {
        let form = format!("lane=resolve&epoch={version}&{form}");
        let answer = stage.post(MANAGER, "/allocation", &form);
        assert_eq!(answer.status, status, "{form}");
        assert!(answer.body.contains(said), "{form}: {}", answer.body);
    }
    let form = "lane=nowhere&epoch=1&act=pause&party=KS&reason=x";
    assert_eq!(stage.post(MANAGER, "/allocation", form).status, 404);
    let late = "lane=resolve&epoch=77&act=step_in&party=LV&reason=x";
    let late = stage.post(MANAGER, "/allocation", late);
    assert_eq!(late.status, 409);
    assert!(
        late.body.contains("was changed since"),
        "a change meets another"
    );
    let still = epoch(&stage.get(MANAGER, "/allocation?lane=resolve&act=step_in&party=LV"));
    assert_eq!(still, version, "nothing was changed");
}

#[test]
fn only_the_client_sees_it_and_only_a_vendor_manager_changes_it() {
    let stage = Stage::set("lanes-who");
    let outside = stage.get("agnieszka.wrona", "/allocation");
    assert_eq!(
        outside.status, 404,
        "a provider does not see other parties' shares"
    );
    let inside = stage.get("tom.harms", "/allocation?lane=resolve");
    assert_eq!(inside.status, 200);
    assert!(!inside.body.contains("Pause…"), "to be read only");
    let form = "lane=resolve&epoch=1&act=step_in&party=LV&reason=x";
    for worker in ["tom.harms", "agnieszka.wrona"] {
        let refused = stage.post(worker, "/allocation", form);
        assert!(
            matches!(refused.status, 403 | 404),
            "{worker}: {}",
            refused.status
        );
    }
}
