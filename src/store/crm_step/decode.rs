//! Steps, decoded from the rows of a page.
//!
//! SeaORM looks each column up by its name, checks its type, and makes a sentence of each null:
//! with it, decoding was a third of all that answering a list took. Here the columns come one after
//! the other, and those that nobody asked for not at all.

use std::slice;

use chrono::{DateTime, Utc};
use sea_orm::{
    DbErr, Iterable as _, QueryResult, QuerySelect as _, RuntimeErr, Select, SqlxError,
    sqlx::{
        ColumnIndex, Decode, Row,
        error::{BoxDynError, UnexpectedNullError},
        types::Json,
    },
};
use uuid::Uuid;

use crate::{
    entity::{
        JsonText,
        crm_step::{Column, ContactData, Entity, Model, Tags},
    },
    store::kit::columns::Readable,
};

impl Readable for Entity {
    fn select(select: Select<Self>, wanted: &[bool]) -> Select<Self> {
        let columns =
            Column::iter().zip(wanted).filter_map(|(column, wanted)| wanted.then_some(column));
        select.select_only().columns(columns)
    }

    fn read(row: &QueryResult, wanted: &[bool]) -> Result<Model, DbErr> {
        let wanted = wanted.iter();
        let read = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => decode(Cells { row, wanted, position: 0 }),
            (_, Some(row)) => decode(Cells { row, wanted, position: 0 }),
            (None, None) => return Err(DbErr::Type("a row of no database that is known".into())),
        };
        read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }
}

/// The cells of a row, from left to right.
struct Cells<'r, R> {
    row: &'r R,
    /// Of the table's columns that are left, which are in the row.
    wanted: slice::Iter<'r, bool>,
    position: usize,
}

impl<'r, R: Row> Cells<'r, R>
where
    usize: ColumnIndex<R>,
{
    /// What is in the table's next column, if that is wanted and not null.
    fn optional<T: Decode<'r, R::Database>>(&mut self) -> Result<Option<T>, SqlxError> {
        if self.wanted.next() != Some(&true) {
            return Ok(None);
        }
        let position = self.position;
        self.position += 1;
        // The migrations say what the columns hold.
        self.row.try_get_unchecked(position)
    }

    /// What is in the table's next column, which is never null.
    fn next<T: Decode<'r, R::Database>>(&mut self) -> Result<T, SqlxError> {
        self.optional()?.ok_or_else(|| SqlxError::Decode(Box::new(UnexpectedNullError)))
    }

    /// What the text in the table's next column stands for, if that is wanted and not null.
    fn parsed<T, E: Into<BoxDynError>>(
        &mut self,
        make: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, SqlxError>
    where
        &'r str: Decode<'r, R::Database>,
    {
        let text = self.optional::<&str>()?;
        text.map(make).transpose().map_err(|error| SqlxError::Decode(error.into()))
    }
}

/// The fields stand in the order of the table's columns.
fn decode<'r, R: Row>(mut cells: Cells<'r, R>) -> Result<Model, SqlxError>
where
    usize: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database>,
    DateTime<Utc>: Decode<'r, R::Database>,
    i32: Decode<'r, R::Database>,
    i64: Decode<'r, R::Database>,
    bool: Decode<'r, R::Database>,
    String: Decode<'r, R::Database>,
    &'r str: Decode<'r, R::Database>,
    Json<Tags>: Decode<'r, R::Database>,
    Json<ContactData>: Decode<'r, R::Database>,
{
    Ok(Model {
        organization_id: cells.next()?,
        id: cells.next()?,
        created_at: cells.next()?,
        updated_at: cells.next()?,
        version: cells.next()?,
        scenario_id: cells.next()?,
        index: cells.next()?,
        rank: cells.next()?,
        name: cells.next()?,
        name_folded: cells.next()?,
        name_caseless: cells.optional()?,
        agent_id: cells.optional()?,
        trigger: cells.optional()?,
        prompt: cells.optional()?,
        initial_message: cells.optional()?,
        auto_next_step_id: cells.optional()?,
        auto_next_time: cells.optional()?,
        auto_next_time_unit: cells.parsed(str::parse)?,
        default_status: cells.parsed(str::parse)?,
        default_priority: cells.parsed(str::parse)?,
        default_ai_control: cells.optional()?,
        assignee_logic_type: cells.parsed(str::parse)?,
        assignee_count: cells.optional()?,
        is_required: cells.optional()?,
        is_conversation_removal_step: cells.optional()?,
        default_tags: cells.optional::<Json<_>>()?.map(|json| json.0),
        default_tags_to_remove: cells.optional::<Json<_>>()?.map(|json| json.0),
        request_contact: cells.optional::<Json<_>>()?.map(|json| json.0),
        zapi_agent_id: cells.optional()?,
        zapi_phone_number: cells.optional()?,
        zapi_message: cells.optional()?,
        whatsapp_template_agent_id: cells.optional()?,
        whatsapp_template_name: cells.optional()?,
        whatsapp_template_language_code: cells.optional()?,
        whatsapp_template_text: cells.optional()?,
        webhook_url: cells.optional()?,
        webhook_header: cells.parsed(|text| serde_json::from_str(text).map(JsonText))?,
    })
}
