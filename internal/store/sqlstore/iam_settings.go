package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoIssuer = fault.New(fault.NotFound, "no-issuer", "No account issues web identity tokens under that identifier.")

	putIAMSettings = upsert("iam_settings", "account", iamSettingsColumns)
)

const iamSettingsColumns = "account, global_tokens, issuer, issues_web_tokens, root_credentials_management, root_sessions"

func scanIAMSettings(r sqldb.Row) (s iam.Settings, err error) {
	var issuer *string
	err = r.Scan(&s.Account, &s.GlobalTokens, &issuer, &s.IssuesWebTokens, &s.RootCredentialsManagement, &s.RootSessions)
	if issuer != nil {
		s.Issuer = *issuer
	}
	return s, err
}

func (t *tx) IAMSettings(account string) (iam.Settings, error) {
	s, err := one(t, scanIAMSettings, "SELECT "+iamSettingsColumns+" FROM iam_settings WHERE account = ?", account)
	if fault.Is(err, fault.NotFound) {
		return iam.DefaultSettings(account), nil
	}
	return s, err
}

func (t *tx) IssuerSettings(issuer string) (iam.Settings, error) {
	s, err := one(t, scanIAMSettings, "SELECT "+iamSettingsColumns+" FROM iam_settings WHERE issuer = ?", issuer)
	return orNone(s, err, errNoIssuer)
}

func (t *tx) PutIAMSettings(s iam.Settings) error {
	_, err := t.exec(putIAMSettings, s.Account, s.GlobalTokens, orNull(s.Issuer), s.IssuesWebTokens, s.RootCredentialsManagement, s.RootSessions)
	t.note(store.KeyIAMSettings(s.Account))
	return noAccount(err)
}
