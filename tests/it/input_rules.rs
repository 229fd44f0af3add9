//! The limits of inputs as data: `inputRules`, `@constraint` and the OpenAPI document say what the
//! service checks.

mod form;
mod soundness;
mod table;
mod usefulness;
