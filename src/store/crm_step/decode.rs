//! Decodes the steps of a page.
//!
//! SeaORM looks each column up by its name, checks its type, and formats a sentence for each null:
//! that was a third of the instructions of a list. Here a row is decoded by position, from the same
//! list that selects its columns.

use std::{str::FromStr, sync::LazyLock};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, DbErr, IdenStatic, QueryResult, QuerySelect as _, RuntimeErr, Select,
    SqlxError,
    sqlx::{
        ColumnIndex, Decode, Row,
        error::{BoxDynError, UnexpectedNullError},
        types::Json,
    },
};
use uuid::Uuid;

use crate::{
    entity::crm_step::{Column, ContactData, Entity, Model, Tags},
    store::kit::columns::{Columns, Readable},
};

/// Lists the fields of the model, which are named like their columns, each with the method of
/// [`Cells`] that decodes it. A field that is missing here does not compile.
macro_rules! table {
    ($($field:ident $decode:ident,)*) => {
        /// The columns, in the order in which rows are selected.
        static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
            let column = |field: &str| field.parse().expect("each field of the model has a column");
            [$(stringify!($field),)*].into_iter().map(column).collect()
        });

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
                $($field: cells.$decode()?,)*
            })
        }
    };
}

table! {
    organization_id required,
    id required,
    created_at required,
    updated_at required,
    version required,
    scenario_id required,
    index required,
    rank_generation required,
    rank required,
    rank_suffix required,
    name required,
    name_folded required,
    name_caseless optional,
    texts_caseless optional,
    key optional,
    agent_id optional,
    auto_next_step_id optional,
    auto_next_time optional,
    auto_next_time_unit parsed,
    default_status parsed,
    default_priority parsed,
    default_ai_control optional,
    assignee_logic_type parsed,
    assignee_count optional,
    is_required optional,
    is_conversation_removal_step optional,
    default_tags json,
    default_tags_to_remove json,
    request_contact json,
    zapi_agent_id optional,
    zapi_phone_number optional,
    whatsapp_template_agent_id optional,
    whatsapp_template_name optional,
    whatsapp_template_language_code optional,
    webhook_url optional,
    trigger optional,
    prompt optional,
    initial_message optional,
    zapi_message optional,
    whatsapp_template_text optional,
    webhook_header parsed,
}

/// The columns that are never null, which are read with any others.
static REQUIRED: LazyLock<Columns> = LazyLock::new(|| {
    let required = COLUMNS.iter().enumerate().filter(|(_, column)| !column.def().is_null());
    required.fold(Columns::NONE, |all, (position, _)| all | Columns::at(position))
});

impl Columns {
    /// The columns of steps with these names, in the form of the API or of the table; all columns if
    /// one of the names is unknown.
    pub fn of_steps<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let column = |name: &str| {
            let name = name.parse::<Column>().ok()?.as_str();
            COLUMNS.iter().position(|column| column.as_str() == name).map(Self::at)
        };
        names.into_iter().fold(*REQUIRED, |all, name| all | column(name).unwrap_or(Self::ALL))
    }
}

impl Readable for Entity {
    fn select(select: Select<Self>, columns: Columns) -> Select<Self> {
        let selected = COLUMNS.iter().enumerate().filter(|(at, _)| columns.contains(*at));
        select.select_only().columns(selected.map(|(_, column)| *column))
    }

    fn read(row: &QueryResult, columns: Columns) -> Result<Model, DbErr> {
        let read = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => decode(Cells { row, columns, column: 0, position: 0 }),
            (_, Some(row)) => decode(Cells { row, columns, column: 0, position: 0 }),
            (None, None) => return Err(DbErr::Type("a row of an unknown database".into())),
        };
        read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }
}

/// The cells of a row, from left to right.
struct Cells<'r, R> {
    row: &'r R,
    /// The columns that the row has; the others are null.
    columns: Columns,
    /// The position of the next column in the table.
    column: usize,
    /// The position of the next cell in the row.
    position: usize,
}

impl<'r, R: Row> Cells<'r, R>
where
    usize: ColumnIndex<R>,
{
    fn optional<T: Decode<'r, R::Database>>(&mut self) -> Result<Option<T>, SqlxError> {
        let is_read = self.columns.contains(self.column);
        self.column += 1;
        if !is_read {
            return Ok(None);
        }
        let position = self.position;
        self.position += 1;
        // The migrations define the columns' types.
        self.row.try_get_unchecked(position)
    }

    fn required<T: Decode<'r, R::Database>>(&mut self) -> Result<T, SqlxError> {
        self.optional()?.ok_or_else(|| SqlxError::Decode(Box::new(UnexpectedNullError)))
    }

    fn json<T>(&mut self) -> Result<Option<T>, SqlxError>
    where
        Json<T>: Decode<'r, R::Database>,
    {
        Ok(self.optional::<Json<T>>()?.map(|json| json.0))
    }

    fn parsed<T: FromStr<Err: Into<BoxDynError>>>(&mut self) -> Result<Option<T>, SqlxError>
    where
        &'r str: Decode<'r, R::Database>,
    {
        let text = self.optional::<&str>()?;
        text.map(str::parse).transpose().map_err(|error: T::Err| SqlxError::Decode(error.into()))
    }
}
