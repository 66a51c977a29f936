//! Which text belongs to which field and to which fault.

use view::{FaultReason, FieldName};

/// What the self-service form, or Momsbud's own, calls a field.
pub(super) fn field(field: FieldName) -> &'static str {
    match field {
        FieldName::Name => "field.name",
        FieldName::Issuer => "field.issuer",
        FieldName::ClientId => "field.clientId",
        FieldName::Authentication => "field.authentication",
        FieldName::Secret => "field.secret",
        FieldName::KeyId => "field.keyId",
        FieldName::Redirect => "field.redirect",
        FieldName::Port => "field.port",
        FieldName::Path => "field.path",
        FieldName::Page => "field.page",
        FieldName::Scopes => "field.scopes",
        FieldName::AcrValues => "field.acrValues",
        FieldName::UsePar => "field.usePar",
        FieldName::AuthorizationSeconds => "field.authorizationSeconds",
        FieldName::AccessTokenSeconds => "field.accessTokenSeconds",
        FieldName::RefreshTokenSeconds => "field.refreshTokenSeconds",
        FieldName::Endpoints => "field.endpoints",
        FieldName::PostLogout => "field.postLogout",
        FieldName::GrantTypes => "field.grantTypes",
    }
}

/// What is wrong with a field.
pub(super) fn fault(reason: FaultReason) -> &'static str {
    match reason {
        FaultReason::Missing => "fault.missing",
        FaultReason::NotPrivateAddress => "fault.notPrivateAddress",
        FaultReason::NotAPath => "fault.notAPath",
        FaultReason::NotAPort => "fault.notAPort",
        FaultReason::NotAWord => "fault.notAWord",
        FaultReason::TooLong => "fault.tooLong",
    }
}
