//! Parameters of a query's text. SQLite numbers them by first appearance, PostgreSQL by their digits:
//! only where both agree does a text mean the same everywhere.

/// Checks that the text's parameters are `$1` to the number given, in the order of their appearance;
/// says what is wrong with it.
pub(super) fn check(sql: &str, given: usize) -> Result<(), String> {
    let mut most = 0;
    for parameter in parameters(sql) {
        match parameter {
            Some(number) if number >= 1 && number <= most + 1 => most = most.max(number),
            Some(number) => {
                let next = most + 1;
                return Err(format!(
                    "parameter {next} is written `${number}`, not `${next}`"
                ));
            }
            None => return Err("a parameter is written `?`, not `$1`".into()),
        }
    }
    if most == given {
        return Ok(());
    }
    Err(format!(
        "the text has {most} parameters, {given} were given"
    ))
}

/// The numbers behind `$`, in order; nothing for a `?`. What stands in quotes is no parameter.
fn parameters(sql: &str) -> Vec<Option<usize>> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '?', '\'', '"']) {
        let (sign, behind) = rest[at..].split_at(1);
        rest = behind;
        match sign {
            "?" => found.push(None),
            "$" => {
                let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
                found.push(Some(behind[..digits].parse().unwrap_or(0)));
                rest = &behind[digits..];
            }
            quote => rest = behind.split_once(quote).map_or("", |(_, behind)| behind),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn parameters_in_order_pass() {
        for (sql, given) in [
            ("select 1", 0),
            ("select $1, $2, $1", 2),
            ("select '?', '$7', \"a$9\", 'it''s ?', $1", 1),
            ("select $1 limit $2", 2),
        ] {
            assert_eq!(check(sql, given), Ok(()), "{sql}");
        }
    }

    #[test]
    fn others_are_told() {
        for (sql, given, told) in [
            ("select $2, $1", 2, "parameter 1 is written `$2`"),
            ("select $1, $3", 2, "parameter 2 is written `$3`"),
            ("select $0", 0, "parameter 1 is written `$0`"),
            ("select $1", 0, "the text has 1 parameters, 0 were given"),
            ("select 1", 1, "the text has 0 parameters, 1 were given"),
            ("select ?", 1, "written `?`"),
            ("select '?' || ?", 1, "written `?`"),
        ] {
            let found = check(sql, given).expect_err(sql);
            assert!(found.contains(told), "{sql}: {found}");
        }
    }
}
