//! The committed schema is the server's own.

#[test]
fn schema_graphql_is_what_the_server_serves() {
    let committed = include_str!("../../schema.graphql");
    assert!(
        committed == crm_steps::graphql::sdl(),
        "schema.graphql is not the server's schema any more. Refresh it with:\n\n    \
         cargo run -q -- schema > schema.graphql\n"
    );
}

/// Every type, field, argument and enum value is described.
#[test]
fn everything_in_the_schema_is_described() {
    let sdl = crm_steps::graphql::sdl();
    let mut undescribed = vec![];
    let mut is_described = false;
    let mut in_description = false;
    for line in sdl.lines().map(str::trim) {
        let quotes = line.matches("\"\"\"").count();
        if quotes > 0 || in_description {
            in_description ^= quotes % 2 == 1;
            is_described = true;
            continue;
        }
        let is_thing = !matches!(line, "" | "{" | "}" | "schema {")
            && !line.starts_with(')')
            && !line.starts_with("directive ")
            && !["query:", "mutation:"].iter().any(|root| line.starts_with(root));
        if is_thing && !is_described {
            undescribed.push(line);
        }
        is_described = false;
    }
    assert_eq!(undescribed, Vec::<&str>::new());
}
