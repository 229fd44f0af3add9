//! Decodes the steps of a page.
//!
//! SeaORM looks each column up by its name, checks its type, and formats a sentence for each null:
//! that was a third of the instructions of a list. Here a row is decoded by position, from the same
//! list that selects its columns.

use std::{str::FromStr, sync::LazyLock};

use chrono::{DateTime, Utc};
use sea_orm::{
    DbErr, IdenStatic, QueryResult, QuerySelect as _, RuntimeErr, Select, SqlxError,
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
    (
        short { $($field:ident $decode:ident,)* }
        long { $($long:ident $decode_long:ident,)* }
    ) => {
        /// The columns and, last, the long texts, in the order in which rows are selected.
        static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
            let fields = [$(stringify!($field),)* $(stringify!($long),)*];
            let column = |field: &str| field.parse().expect("each field of the model has a column");
            fields.into_iter().map(column).collect()
        });

        /// The columns that are read only where they are selected.
        const LONG_TEXTS: &[&str] = &[$(stringify!($long),)*];

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
                $($long: cells.$decode_long()?,)*
            })
        }
    };
}

table! {
    short {
        organization_id required,
        id required,
        created_at required,
        updated_at required,
        version required,
        scenario_id required,
        index required,
        rank required,
        name required,
        name_folded required,
        name_caseless optional,
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
    }
    long {
        trigger optional,
        prompt optional,
        initial_message optional,
        zapi_message optional,
        whatsapp_template_text optional,
        webhook_header parsed,
    }
}

impl Columns {
    /// The columns of steps that have to be read to resolve these fields, which are named like
    /// their columns.
    pub fn of_steps<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let is_long = |field: &str| {
            let column = field.parse::<Column>();
            column.is_ok_and(|column| LONG_TEXTS.contains(&column.as_str()))
        };
        if fields.into_iter().any(is_long) { Self::All } else { Self::WithoutLongTexts }
    }

    /// How many of [`COLUMNS`] are read.
    fn count(self) -> usize {
        match self {
            Self::All => COLUMNS.len(),
            Self::WithoutLongTexts => COLUMNS.len() - LONG_TEXTS.len(),
        }
    }
}

impl Readable for Entity {
    fn select(select: Select<Self>, columns: Columns) -> Select<Self> {
        select.select_only().columns(COLUMNS[..columns.count()].iter().copied())
    }

    fn read(row: &QueryResult, columns: Columns) -> Result<Model, DbErr> {
        let count = columns.count();
        let read = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => decode(Cells { row, position: 0, count }),
            (_, Some(row)) => decode(Cells { row, position: 0, count }),
            (None, None) => return Err(DbErr::Type("a row of an unknown database".into())),
        };
        read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }
}

/// The cells of a row, from left to right.
struct Cells<'r, R> {
    row: &'r R,
    /// The position of the next cell.
    position: usize,
    /// How many columns are selected; those after them are null.
    count: usize,
}

impl<'r, R: Row> Cells<'r, R>
where
    usize: ColumnIndex<R>,
{
    fn optional<T: Decode<'r, R::Database>>(&mut self) -> Result<Option<T>, SqlxError> {
        let position = self.position;
        if position == self.count {
            return Ok(None);
        }
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
