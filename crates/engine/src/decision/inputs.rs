//! What a decision reads, as its model types it: a case keeps dates as text, FEEL compares dates.

use crate::feel::Scope;
use baton_formats::dmn::Model;
use dsntk_feel::values::Value as Feel;

/// Turns texts into dates, times and durations where the model's input data says so.
pub(super) fn type_inputs(model: &Model, scope: &mut Scope) {
    for input in &model.inputs {
        let typed = match (scope.get(&input.name), input.type_ref.as_deref()) {
            (Some(Feel::String(text)), Some(type_ref)) => typed(&text, type_ref),
            _ => None,
        };
        if let Some(value) = typed {
            scope.set(&input.name, value);
        }
    }
}

/// The text as a value of a type, if it is one.
fn typed(text: &str, type_ref: &str) -> Option<Feel> {
    let parse = match type_ref.rsplit(':').next()? {
        "date" => Feel::try_from_xsd_date,
        "time" => Feel::try_from_xsd_time,
        "dateTime" | "date and time" => Feel::try_from_xsd_date_time,
        "dayTimeDuration"
        | "days and time duration"
        | "yearMonthDuration"
        | "years and months duration" => Feel::try_from_xsd_duration,
        _ => return None,
    };
    parse(text).ok()
}
