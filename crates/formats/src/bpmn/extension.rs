//! Extensions: Baton's own, and the common ones of Zeebe and Camunda that say the same.

use super::{EXTENSIONS, name};
use crate::xml::Node as Xml;

const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";
const CAMUNDA: &str = "http://camunda.org/schema/1.0/bpmn";

/// What the extensions of a node say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// A user task's form.
    pub form: Option<String>,
    /// A user task's target, in ISO 8601, as working time on the holder's calendar.
    pub target: Option<String>,
    /// The role a worker needs.
    pub role: Option<String>,
    /// The case field that holds the worker who may not do the task.
    pub exclude: Option<String>,
    /// A service task's service.
    pub service: Option<String>,
    /// The field that takes the result of a service, script or decision.
    pub result: Option<String>,
    /// A business rule task's decision, by name or id.
    pub decision: Option<String>,
    /// The list for each of whose elements the decision is made.
    pub each: Option<String>,
    /// What an element is called in the decision.
    pub element: Option<String>,
    /// A catching event's correlation key, in FEEL.
    pub key: Option<String>,
    /// What an end event calls the outcome.
    pub outcome: Option<String>,
    /// A script in FEEL, of an extension.
    pub script: Option<String>,
    /// Attributes and elements in Baton's namespace that mean nothing here.
    pub unknown: Vec<String>,
}

/// Reads the extensions of a node.
pub(super) fn read(node: Xml<'_, '_>) -> Extension {
    let mut read = Extension {
        form: node.attribute((CAMUNDA, "formKey")).map(str::to_owned),
        ..Extension::default()
    };
    read.decision = node.attribute((CAMUNDA, "decisionRef")).map(str::to_owned);
    read.result = node
        .attribute((CAMUNDA, "resultVariable"))
        .map(str::to_owned);
    let holders = node
        .children()
        .filter(|child| name(*child) == "extensionElements");
    for element in holders
        .flat_map(|holder| holder.children())
        .filter(Xml::is_element)
    {
        match element.tag_name().namespace() {
            Some(EXTENSIONS) => read.baton(element),
            Some(ZEEBE) => read.zeebe(element),
            _ => {}
        }
    }
    read
}

impl Extension {
    fn baton(&mut self, element: Xml<'_, '_>) {
        for attribute in element
            .attributes()
            .filter(|attribute| attribute.namespace().is_none())
        {
            let value = Some(attribute.value().to_owned());
            match (name(element), attribute.name()) {
                ("task", "form") => self.form = value,
                ("task", "target") => self.target = value,
                ("task", "role") => self.role = value,
                ("task", "exclude") => self.exclude = value,
                ("service", "name") => self.service = value,
                ("service" | "decision" | "script", "result") => self.result = value,
                ("decision", "ref") => self.decision = value,
                ("decision", "each") => self.each = value,
                ("decision", "as") => self.element = value,
                ("subscription", "key") => self.key = value.as_deref().map(without_equals),
                ("outcome", "name") => self.outcome = value,
                (element, attribute) => self.unknown.push(format!("baton:{element} {attribute}")),
            }
        }
    }

    fn zeebe(&mut self, element: Xml<'_, '_>) {
        let attribute = |name: &str| element.attribute(name).map(str::to_owned);
        match name(element) {
            "formDefinition" => self.form = attribute("formId").or(attribute("formKey")),
            "taskDefinition" => self.service = attribute("type"),
            "subscription" => self.key = attribute("correlationKey").as_deref().map(without_equals),
            "calledDecision" => {
                self.decision = attribute("decisionId");
                self.result = attribute("resultVariable");
            }
            "script" => {
                self.script = attribute("expression").as_deref().map(without_equals);
                self.result = attribute("resultVariable");
            }
            _ => {}
        }
    }
}

/// An expression without the `=` that marks one in Zeebe's models.
pub(super) fn without_equals(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('=').unwrap_or(text).trim().to_owned()
}
