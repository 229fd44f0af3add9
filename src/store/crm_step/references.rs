//! Rows that the rules ask about, read and locked.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryResult, QuerySelect as _, QueryTrait as _, Statement, Value,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::{deleted, row, step_order::LockedScenario};
use crate::{
    db::Engine,
    domain::{
        crm_step::{ReferencedIds, References},
        id::OrganizationId,
    },
    entity::{agent, change as change_table, crm_scenario, crm_step},
    store::{
        kit::{
            columns::{Columns, Readable as _},
            locks::Lock,
            tenant::{is_among, padded},
        },
        node,
        unit_of_work::UnitOfWork,
    },
};

/// The existing rows of the ids in the inputs of an organization. They exist until the transaction
/// ends, and no other transaction changes the order of the steps of these scenarios.
#[derive(Debug, Default)]
pub(in crate::store) struct ResolvedReferences {
    pub(in crate::store) references: References,
    pub(in crate::store) scenarios: HashMap<Uuid, LockedScenario>,
    pub(super) agents: HashMap<Uuid, agent::Model>,
}

/// The maximum number of memberships of one statement: a specification can refer to more than
/// `SQLite` takes parameters.
const MEMBERSHIPS_OF_STATEMENT: usize = 4_096;

/// Reads and locks which of these ids exist in the organization of the current call.
pub(in crate::store) async fn resolve_own(
    unit: &mut UnitOfWork,
    mut ids: ReferencedIds,
) -> Result<ResolvedReferences, DbErr> {
    let memberships: Vec<Uuid> = std::mem::take(&mut ids.memberships).into_iter().collect();
    let mut statements = memberships.chunks(MEMBERSHIPS_OF_STATEMENT);
    ids.memberships.extend(statements.next().unwrap_or_default());
    let mut found = resolve_once(unit, ids).await?;
    for memberships in statements {
        let memberships = memberships.iter().copied().collect();
        let ids = ReferencedIds { memberships, ..ReferencedIds::default() };
        let more = resolve_once(unit, ids).await?.references.memberships;
        found.references.memberships.extend(more);
    }
    Ok(found)
}

/// The same by one statement for the rows that it locks.
async fn resolve_once(
    unit: &mut UnitOfWork,
    ids: ReferencedIds,
) -> Result<ResolvedReferences, DbErr> {
    let organization = unit.organization();
    let ids = HashMap::from([(organization, ids)]);
    let found = resolve_references(unit, &ids, Vec::new()).await?.remove(&organization);
    Ok(found.unwrap_or_default())
}

/// Reads and locks which of these ids exist, for each organization, and takes the locks of `last`, which saves
/// the round trip in which they would be taken later.
///
/// Each change of a step or of the order of steps locks first the ids that clients chose, then the
/// scenarios in the order of their organizations and ids, then agents and memberships, then the key of a scenario,
/// then the history, so that there is no deadlock. Steps need no lock: those of a locked scenario stay, and a timer refers to
/// no others.
pub(super) async fn resolve_references(
    unit: &mut UnitOfWork,
    ids: &HashMap<OrganizationId, ReferencedIds>,
    last: impl IntoIterator<Item = i64>,
) -> Result<HashMap<OrganizationId, ResolvedReferences>, DbErr> {
    let of_all = |list| of_all(ids, list);
    let number = |(organization, id)| Lock::Id(id).number(OrganizationId(organization));
    unit.wait_for(of_all(|ids| &ids.chosen).into_iter().map(number)).await?;
    let engine = unit.engine();
    let mut read = LockingRead { engine, selects: Vec::new(), values: Vec::new() };
    read.add("crm_scenario", CRM_SCENARIO, "FOR UPDATE", &of_all(|ids| &ids.scenarios));
    read.add("agent", AGENT, "FOR KEY SHARE", &of_all(|ids| &ids.agents));
    read.add("membership", MEMBERSHIP, "FOR KEY SHARE", &of_all(|ids| &ids.memberships));
    let mut found: HashMap<OrganizationId, ResolvedReferences> = HashMap::new();
    if !read.selects.is_empty() {
        read.lock(unit.not_held(last));
        let backend = unit.transaction().get_database_backend();
        let sql = read.selects.join(" UNION ALL ");
        let statement = Statement::from_sql_and_values(backend, sql, read.values);
        for row in unit.transaction().query_all_raw(statement).await? {
            add(&mut found, &row)?;
        }
    }
    read_steps(unit, ids, &mut found).await?;
    for (organization, ids) in ids {
        let taken = taken(*organization, unit, &ids.chosen).await?;
        found.entry(*organization).or_default().references.taken = taken;
    }
    Ok(found)
}

/// The ids of one kind, each with its organization.
fn of_all(
    ids: &HashMap<OrganizationId, ReferencedIds>,
    list: fn(&ReferencedIds) -> &BTreeSet<Uuid>,
) -> BTreeSet<(Uuid, Uuid)> {
    let of_one = |(organization, ids): (&OrganizationId, _)| {
        let organization = organization.0;
        list(ids).iter().map(move |id| (organization, *id))
    };
    ids.iter().flat_map(of_one).collect()
}

/// Reads which of the steps exist, and the positions of those around which steps are placed. Their
/// scenarios are locked before, by another statement: this one sees what was committed while that one
/// waited.
async fn read_steps(
    unit: &UnitOfWork,
    ids: &HashMap<OrganizationId, ReferencedIds>,
    found: &mut HashMap<OrganizationId, ResolvedReferences>,
) -> Result<(), DbErr> {
    use crm_step::Column;
    let organizations = || padded(ids.keys().map(|organization| organization.0));
    let neighbours = of_all(ids, |ids| &ids.neighbours);
    let mut steps = of_all(ids, |ids| &ids.steps);
    steps.extend(&neighbours);
    let mut around: BTreeSet<(Uuid, i32)> = of_all(ids, |ids| &ids.placed_first)
        .into_iter()
        .map(|(_, scenario)| (scenario, 0))
        .collect();
    if !steps.is_empty() {
        let filter = is_among(unit.engine(), [Column::OrganizationId, Column::Id], steps);
        for step in positions(unit, filter).await? {
            if neighbours.contains(&(step.organization_id, step.id)) {
                let indexes = step.index - 1..=step.index + 1;
                around.extend(indexes.map(|index| (step.scenario_id, index)));
            }
            add_step(found, &step);
        }
    }
    let keys: BTreeSet<(Uuid, String)> =
        ids.values().flat_map(|ids| ids.keys.iter().cloned()).collect();
    if !keys.is_empty() {
        let of_keys = crm_step::Entity::find()
            .select_only()
            .columns([Column::OrganizationId, Column::ScenarioId, Column::Key, Column::Id])
            .filter(Column::OrganizationId.is_in(organizations()))
            .filter(is_among(unit.engine(), [Column::ScenarioId, Column::Key], keys));
        let rows: Vec<(Uuid, Uuid, String, Uuid)> =
            of_keys.into_tuple().all(unit.transaction()).await?;
        for (organization, scenario, key, id) in rows {
            let found = found.entry(OrganizationId(organization)).or_default();
            found.references.keys.insert((scenario, key), id);
        }
    }
    if !around.is_empty() {
        let filter = Column::OrganizationId.is_in(organizations()).and(is_among(
            unit.engine(),
            [Column::ScenarioId, Column::Index],
            around,
        ));
        positions(unit, filter).await?.iter().for_each(|step| add_step(found, step));
    }
    Ok(())
}

/// The steps that match, with the columns that are never null.
pub(super) async fn positions(
    unit: &UnitOfWork,
    filter: Expr,
) -> Result<Vec<crm_step::Model>, DbErr> {
    let columns = Columns::of_steps([]);
    let select = crm_step::Entity::select(crm_step::Entity::find().filter(filter), columns);
    let rows = unit.transaction().query_all(select.as_query()).await?;
    rows.iter().map(|row| crm_step::Entity::read(row, columns)).collect()
}

/// Adds a step to what is found in its organization.
fn add_step(found: &mut HashMap<OrganizationId, ResolvedReferences>, step: &crm_step::Model) {
    let found = found.entry(OrganizationId(step.organization_id)).or_default();
    found.references.steps.insert(step.id, step.scenario_id);
    if let Some(scenario) = found.scenarios.get_mut(&step.scenario_id) {
        scenario.order.know(step.id, row::position(step));
    }
}

/// The columns of each table, in one order, with null for those of other tables.
const CRM_SCENARIO: &str = "organization_id, id, created_at, updated_at, version, name, name_folded, \
    name_caseless, description, key, revision, steps_updated_at, changed_at, step_count, last_rank, \
    rank_generation, CAST(NULL AS text) AS icon_url";
const AGENT: &str = "organization_id, id, created_at, updated_at, version, name, name_folded, \
    name_caseless, CAST(NULL AS text) AS description, CAST(NULL AS text) AS key, \
    CAST(NULL AS integer) AS revision, CAST(NULL AS timestamptz) AS steps_updated_at, \
    CAST(NULL AS timestamptz) AS changed_at, CAST(NULL AS integer) AS step_count, \
    CAST(NULL AS bigint) AS last_rank, CAST(NULL AS integer) AS rank_generation, icon_url";
const MEMBERSHIP: &str = "organization_id, id, created_at, updated_at, version, name, name_folded, \
    name_caseless, CAST(NULL AS text) AS description, CAST(NULL AS text) AS key, \
    CAST(NULL AS integer) AS revision, CAST(NULL AS timestamptz) AS steps_updated_at, \
    CAST(NULL AS timestamptz) AS changed_at, CAST(NULL AS integer) AS step_count, \
    CAST(NULL AS bigint) AS last_rank, CAST(NULL AS integer) AS rank_generation, \
    CAST(NULL AS text) AS icon_url";

/// A statement that reads rows of several tables and locks them until the transaction ends, in the
/// order of the tables and of their ids.
///
/// One statement, as each is a round trip to PostgreSQL; and text, as building it by `SeaQuery` took
/// 8 % of the instructions of a create.
struct LockingRead {
    engine: Engine,
    selects: Vec<String>,
    values: Vec<Value>,
}

impl LockingRead {
    /// Adds the rows of a table with these organizations and ids. `FOR KEY SHARE` is the lock that a
    /// foreign key takes as well; on PostgreSQL it prevents deletion.
    fn add(&mut self, table: &str, columns: &str, lock: &str, ids: &BTreeSet<(Uuid, Uuid)>) {
        if ids.is_empty() {
            return;
        }
        let rows = match self.engine {
            Engine::Sqlite => {
                let ids = padded(ids.iter().copied());
                self.values.extend(ids.iter().flat_map(|(of, id)| [*of, *id].map(Value::from)));
                let ids = vec!["(?, ?)"; ids.len()].join(", ");
                format!("(VALUES {ids}) JOIN {table} ON organization_id = column1 AND id = column2")
            }
            // Any number of ids is the same statement.
            Engine::Postgres => {
                let (organizations, ids): (Vec<Uuid>, Vec<Uuid>) = ids.iter().copied().unzip();
                let ids = self.unnest([organizations, ids]);
                format!(
                    "(SELECT * FROM {table} WHERE (organization_id, id) IN (SELECT * FROM {ids}) \
                     ORDER BY organization_id, id {lock}) AS found"
                )
            }
        };
        self.selects.push(format!("SELECT '{table}' AS source, {columns} FROM {rows}"));
    }

    /// Takes these advisory locks of PostgreSQL, in their order, after the rows are locked.
    fn lock(&mut self, numbers: Vec<i64>) {
        if !numbers.is_empty() {
            let numbers = self.unnest([numbers]);
            let nulls = ["NULL"; 17].join(", ");
            self.selects.push(format!(
                "SELECT NULL, {nulls} FROM \
                 (SELECT pg_advisory_xact_lock(number) FROM {numbers} AS number) AS taken"
            ));
        }
    }

    /// The SQL that makes a table of these columns.
    fn unnest<T>(&mut self, columns: impl IntoIterator<Item = Vec<T>>) -> String
    where
        Vec<T>: Into<Value>,
    {
        let mut numbers = Vec::new();
        for column in columns {
            self.values.push(column.into());
            numbers.push(format!("${}", self.values.len()));
        }
        format!("unnest({})", numbers.join(", "))
    }
}

/// Adds a row to what is found in its organization.
fn add(
    found: &mut HashMap<OrganizationId, ResolvedReferences>,
    row: &QueryResult,
) -> Result<(), DbErr> {
    let organization: Option<Uuid> = row.try_get("", "organization_id")?;
    let Some(organization) = organization else { return Ok(()) };
    let found = found.entry(OrganizationId(organization)).or_default();
    let id: Uuid = row.try_get("", "id")?;
    let source: String = row.try_get("", "source")?;
    match source.as_str() {
        "crm_scenario" => {
            let scenario = crm_scenario::Model::from_query_result(row, "")?;
            found.references.scenarios.insert(id);
            let step_count = usize::try_from(scenario.step_count).unwrap_or(0);
            found.references.step_counts.insert(id, step_count);
            found.scenarios.insert(id, LockedScenario::new(scenario));
        }
        "agent" => {
            found.references.agents.insert(id);
            found.agents.insert(id, agent::Model::from_query_result(row, "")?);
        }
        _ => {
            found.references.memberships.insert(id);
        }
    }
    Ok(())
}

/// The ids that clients chose and that are or were in use.
async fn taken(
    organization: OrganizationId,
    unit: &UnitOfWork,
    chosen: &BTreeSet<Uuid>,
) -> Result<HashSet<Uuid>, DbErr> {
    if chosen.is_empty() {
        return Ok(HashSet::new());
    }
    let ids = padded(chosen.iter().copied());
    let was_something = change_table::Entity::find()
        .select_only()
        .column(change_table::Column::SubjectId)
        .distinct()
        .filter(change_table::Column::OrganizationId.eq(organization.0))
        .filter(change_table::Column::SubjectId.is_in(ids.iter().copied()))
        .into_tuple::<Uuid>()
        .all(unit.transaction())
        .await?;
    // The history of what can be restored may be purged. These are read before what exists, where a
    // restore that is committed meanwhile puts them.
    let can_be_restored = deleted::among(organization, unit.transaction(), &ids).await?;
    let is_something = node::find(organization, unit.transaction(), &ids).await?;
    Ok(was_something.into_iter().chain(can_be_restored).chain(is_something.into_keys()).collect())
}
