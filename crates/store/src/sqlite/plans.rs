//! What SQLite's planner is told of the tables, so that it plans as for a large tenant.
//!
//! Without figures it takes every index's first column for a selective one. Ours is the tenant, which most
//! databases hold one of: it would rather go through a table's whole key than seek in an index by three
//! columns. Figures gathered from the rows (`analyze`) would change with them, and plans too; these stand
//! still: a million rows, and each column of an index leaves a tenth of what the one before it left.

use rusqlite::Connection;

/// How many rows a table is taken to have.
const ROWS: u64 = 1_000_000;

const INDEXES: &str = "select t.name, i.name, i.origin, \
    (select count(*) from pragma_index_info(i.name)) \
    from sqlite_schema t, pragma_index_list(t.name) i \
    where t.type = 'table' and t.name not like 'sqlite_%'";

/// Writes the figures of all tables and indexes, where they are not the ones that stand.
pub(super) fn tell(connection: &Connection) -> rusqlite::Result<()> {
    let there = "select exists (select 1 from sqlite_schema where name = 'sqlite_stat1')";
    if !connection.query_row(there, [], |row| row.get::<_, bool>(0))? {
        // Makes the table of figures, which cannot be made by name.
        connection.execute_batch("analyze view_version")?;
    }
    let wanted = figures(connection)?;
    if standing(connection)? == wanted {
        return Ok(());
    }
    connection.execute("delete from sqlite_stat1", [])?;
    let text = "insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)";
    let mut insert = connection.prepare(text)?;
    for figure in &wanted {
        insert.execute((&figure.0, &figure.1, &figure.2))?;
    }
    drop(insert);
    // Has this connection read them; others do when they open.
    connection.execute_batch("analyze sqlite_schema")
}

/// Table, index, and how many rows it has, and has for each first column, each first two, and so on.
type Figure = (String, String, String);

fn figures(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let mut statement = connection.prepare(INDEXES)?;
    let figures = statement.query_map([], |row| {
        let (table, index): (String, String) = (row.get(0)?, row.get(1)?);
        let (origin, columns): (String, u32) = (row.get(2)?, row.get(3)?);
        Ok((table, index, figure(columns, origin != "c")))
    })?;
    let mut figures = figures.collect::<rusqlite::Result<Vec<Figure>>>()?;
    for (table, index, _) in &mut figures {
        // The key of a table without row ids goes by the table's name.
        if is_own_key(connection, table, index)? {
            index.clone_from(table);
        }
    }
    figures.sort();
    Ok(figures)
}

fn is_own_key(connection: &Connection, table: &str, index: &str) -> rusqlite::Result<bool> {
    if !index.starts_with("sqlite_autoindex_") {
        return Ok(false);
    }
    let text = "select exists (select 1 from sqlite_schema where name = $1)";
    // An index that is the table itself has no line of its own.
    let apart: bool = connection.query_row(text, [index], |row| row.get(0))?;
    Ok(!apart && !table.is_empty())
}

fn figure(columns: u32, unique: bool) -> String {
    let mut figures = vec![ROWS];
    figures.extend((1..=columns).map(|place| (ROWS / 10_u64.pow(place)).max(2)));
    if let Some(last) = figures.last_mut().filter(|_| unique) {
        *last = 1;
    }
    let words: Vec<String> = figures.iter().map(ToString::to_string).collect();
    words.join(" ")
}

fn standing(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let text = "select tbl, idx, stat from sqlite_stat1 order by tbl, idx, stat";
    let mut statement = connection.prepare(text)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::tell;
    use rusqlite::Connection;

    const TABLES: &str = "
        create table view_version (tenant text primary key) without rowid;
        create table hop (tenant text, case_id text, number integer, lane text,
          primary key (tenant, case_id, number)) without rowid;
        create table item (tenant text, item text, case_id text, lane text, name text,
          primary key (tenant, item)) without rowid;
        create index item_0 on item (tenant, lane);
        create index item_1 on item (tenant, case_id, lane);";

    fn plan(connection: &Connection) -> String {
        let text = "explain query plan select i.name from hop h cross join item i \
            where h.tenant = $1 and i.tenant = h.tenant and i.case_id = h.case_id and i.lane = h.lane";
        let mut statement = connection.prepare(text).expect("a query");
        let lines = statement.query_map(["t"], |row| row.get::<_, String>(3));
        let lines: Result<Vec<_>, _> = lines.expect("a plan").collect();
        lines.expect("lines").join("\n")
    }

    #[test]
    fn a_join_goes_by_the_index_with_most_columns() {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch(TABLES).expect("tables");
        assert!(
            !plan(&connection).contains("item_1"),
            "else it need not be told"
        );
        tell(&connection).expect("figures");
        let told = plan(&connection);
        let wanted = "i USING INDEX item_1 (tenant=? AND case_id=? AND lane=?)";
        assert!(told.contains(wanted), "{told}");
        tell(&connection).expect("again");
        assert_eq!(plan(&connection), told);
    }
}
