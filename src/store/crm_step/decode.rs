//! Decodes the steps of a page.
//!
//! SeaORM looks each column up by its name, checks its type, and formats a sentence for each null:
//! that was a third of the instructions of a list. Here a row is decoded by position, from the same
//! list that selects its columns.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sea_orm::{
    DbErr, IdenStatic, QueryResult, QuerySelect as _, RuntimeErr, Select, SqlxError,
    sqlx::{
        ColumnIndex, Decode, Row,
        error::{BoxDynError, UnexpectedNullError},
        types::Json,
    },
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    entity::{
        JsonText,
        crm_step::{Column, ContactData, Entity, Model, Tags},
    },
    store::kit::columns::{Columns, Readable},
};

/// Lists the columns of a table, each with the field of the model that holds it and the method of
/// [`Cells`] that decodes it. A field that is missing here does not compile; a test compares the
/// names.
macro_rules! table {
    (
        short { $($column:ident $field:ident $decode:ident,)* }
        long { $($long:ident $long_field:ident $decode_long:ident,)* }
    ) => {
        /// The columns and, last, the long texts, in the order in which rows are selected.
        const COLUMNS: &[Column] = &[$(Column::$column,)* $(Column::$long,)*];

        /// The columns that are read only where they are selected.
        const LONG_TEXTS: &[Column] = &[$(Column::$long,)*];

        #[cfg(test)]
        const FIELDS: &[&str] = &[$(stringify!($field),)* $(stringify!($long_field),)*];

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
                $($long_field: cells.$decode_long()?,)*
            })
        }
    };
}

table! {
    short {
        OrganizationId organization_id required,
        Id id required,
        CreatedAt created_at required,
        UpdatedAt updated_at required,
        Version version required,
        ScenarioId scenario_id required,
        Index index required,
        Rank rank required,
        Name name required,
        NameFolded name_folded required,
        NameCaseless name_caseless optional,
        AgentId agent_id optional,
        AutoNextStepId auto_next_step_id optional,
        AutoNextTime auto_next_time optional,
        AutoNextTimeUnit auto_next_time_unit parsed,
        DefaultStatus default_status parsed,
        DefaultPriority default_priority parsed,
        DefaultAiControl default_ai_control optional,
        AssigneeLogicType assignee_logic_type parsed,
        AssigneeCount assignee_count optional,
        IsRequired is_required optional,
        IsConversationRemovalStep is_conversation_removal_step optional,
        DefaultTags default_tags json,
        DefaultTagsToRemove default_tags_to_remove json,
        RequestContact request_contact json,
        ZapiAgentId zapi_agent_id optional,
        ZapiPhoneNumber zapi_phone_number optional,
        WhatsappTemplateAgentId whatsapp_template_agent_id optional,
        WhatsappTemplateName whatsapp_template_name optional,
        WhatsappTemplateLanguageCode whatsapp_template_language_code optional,
        WebhookUrl webhook_url optional,
    }
    long {
        Trigger trigger optional,
        Prompt prompt optional,
        InitialMessage initial_message optional,
        ZapiMessage zapi_message optional,
        WhatsappTemplateText whatsapp_template_text optional,
        WebhookHeader webhook_header json_text,
    }
}

impl Columns {
    /// The columns of steps that have to be read to resolve these fields, which are named like
    /// their columns.
    pub fn of_steps<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let is_long = |field: &str| {
            let column = field.parse::<Column>();
            column.is_ok_and(|column| LONG_TEXTS.iter().any(|one| one.as_str() == column.as_str()))
        };
        if fields.into_iter().any(is_long) { Self::All } else { Self::WithoutLongTexts }
    }

    /// How many of [`COLUMNS`] are read.
    const fn count(self) -> usize {
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
        self.text(str::parse)
    }

    fn json_text<T: DeserializeOwned>(&mut self) -> Result<Option<JsonText<T>>, SqlxError>
    where
        &'r str: Decode<'r, R::Database>,
    {
        self.text(|text| serde_json::from_str(text).map(JsonText))
    }

    fn text<T, E: Into<BoxDynError>>(
        &mut self,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, SqlxError>
    where
        &'r str: Decode<'r, R::Database>,
    {
        let text = self.optional::<&str>()?;
        text.map(parse).transpose().map_err(|error| SqlxError::Decode(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn each_column_is_selected_once_and_decoded_into_its_field() {
        let columns: Vec<&str> = COLUMNS.iter().map(IdenStatic::as_str).collect();
        assert_eq!(columns, FIELDS);
        let all: HashSet<&str> = Column::iter().map(|column| column.as_str()).collect();
        assert_eq!((columns.len(), columns.into_iter().collect()), (all.len(), all));
    }
}
