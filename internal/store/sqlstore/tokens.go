package sqlstore

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

var (
	errNoDeviceAuthorization = fault.New(fault.NotFound, "no-device-authorization", "The device code is not known.")
	errNoAuthorizationCode   = fault.New(fault.NotFound, "no-authorization-code", "The authorization code is not known.")
	errNoGrant               = fault.New(fault.NotFound, "no-grant", "The grant does not exist.")
	errNoAccessToken         = fault.New(fault.NotFound, "no-access-token", "The access token is not known.")
	errNoRefreshToken        = fault.New(fault.NotFound, "no-refresh-token", "The refresh token is not known.")
	errSpent                 = fault.New(fault.Conflict, "already-used", "It was used already.")

	putDeviceAuthorization = upsert("device_authorizations", "hash", deviceAuthorizationColumns+", forget_at")
	putAuthorizationCode   = upsert("authorization_codes", "hash", authorizationCodeColumns+", forget_at")
	putGrant               = upsert("grants", "id", grantColumns)
	putAccessToken         = upsert("access_tokens", "hash", accessTokenColumns+", forget_at")
	putRefreshToken        = upsert("refresh_tokens", "hash", refreshTokenColumns+", forget_at")
)

const (
	deviceAuthorizationColumns = "hash, user_code, client, client_name, scopes, source_ip, user_agent, status, session_id, created_at, expires_at, instance"
	authorizationCodeColumns   = "hash, client, client_name, redirect_uri, challenge, scopes, session_id, expires_at, used_at, grant_id"
	grantColumns               = "id, session_id, user_id, client, client_name, scopes, refreshable, created_at, ended_at, end_reason"
	accessTokenColumns         = "hash, grant_id, expires_at"
	refreshTokenColumns        = "hash, grant_id, expires_at, used_at"

	// deviceCodeKept is how long an expired device code is known, so that its
	// client is told "expired" and not "invalid".
	deviceCodeKept = time.Hour
	// codeKept is how long an authorization code is known after it expired, and
	// so at least after it was used, so that its reuse is noticed (promise 7).
	codeKept = 10 * time.Minute
	// usedRefreshTokens is how many used refresh tokens of one grant are known.
	// Clients refresh once in an hour; a client that makes more than this, and
	// then repeats one older than all these, is refused but not found out.
	usedRefreshTokens = 500
)

func scanDeviceAuthorization(r sqldb.Row) (d token.DeviceAuthorization, err error) {
	return d, r.Scan(&d.Hash, &d.UserCode, &d.Client, &d.ClientName, asList(&d.Scopes), &d.SourceIP, &d.UserAgent, &d.Status,
		&d.Session, sqldb.AsTime(&d.CreatedAt), sqldb.AsTime(&d.ExpiresAt), &d.Instance)
}

// PutDeviceAuthorization is AlreadyExists if another has the user code.
func (t *tx) PutDeviceAuthorization(d token.DeviceAuthorization) error {
	_, err := t.exec(putDeviceAuthorization, d.Hash, d.UserCode, d.Client, d.ClientName, list(d.Scopes), d.SourceIP, d.UserAgent,
		string(d.Status), d.Session, sqldb.Micros(d.CreatedAt), sqldb.Micros(d.ExpiresAt), d.Instance, sqldb.Micros(d.ExpiresAt.Add(deviceCodeKept)))
	if violated(err) == "device_authorizations(user_code)" {
		return fault.New(fault.AlreadyExists, "user-code-taken", "The user code is taken. Try again.").Wrap(err)
	}
	return err
}

func (t *tx) DeviceAuthorization(hash string) (token.DeviceAuthorization, error) {
	d, err := one(t, scanDeviceAuthorization, "SELECT "+deviceAuthorizationColumns+" FROM device_authorizations WHERE hash = ?", hash)
	return orNone(d, err, errNoDeviceAuthorization)
}

func (t *tx) DeviceAuthorizationByUserCode(code string) (token.DeviceAuthorization, error) {
	d, err := one(t, scanDeviceAuthorization, "SELECT "+deviceAuthorizationColumns+" FROM device_authorizations WHERE user_code = ?", code)
	return orNone(d, err, errNoDeviceAuthorization)
}

func (t *tx) PutAuthorizationCode(c token.AuthorizationCode) error {
	_, err := t.exec(putAuthorizationCode, c.Hash, c.Client, c.ClientName, c.RedirectURI, c.Challenge, list(c.Scopes), c.Session,
		sqldb.Micros(c.ExpiresAt), sqldb.Micros(c.UsedAt), c.Grant, sqldb.Micros(c.ExpiresAt.Add(codeKept)))
	return err
}

func (t *tx) AuthorizationCode(hash string) (token.AuthorizationCode, error) {
	c, err := one(t, func(r sqldb.Row) (c token.AuthorizationCode, err error) {
		return c, r.Scan(&c.Hash, &c.Client, &c.ClientName, &c.RedirectURI, &c.Challenge, asList(&c.Scopes), &c.Session,
			sqldb.AsTime(&c.ExpiresAt), sqldb.AsTime(&c.UsedAt), &c.Grant)
	}, "SELECT "+authorizationCodeColumns+" FROM authorization_codes WHERE hash = ?", hash)
	return orNone(c, err, errNoAuthorizationCode)
}

func (t *tx) PutGrant(g token.Grant) error {
	_, err := t.exec(putGrant, g.ID, g.Session, g.User, g.Client, g.ClientName, list(g.Scopes), g.Refreshable,
		sqldb.Micros(g.CreatedAt), sqldb.Micros(g.EndedAt), g.EndReason)
	t.note(store.KeyGrant(g.ID))
	return err
}

func (t *tx) Grant(id string) (token.Grant, error) {
	g, err := one(t, func(r sqldb.Row) (g token.Grant, err error) {
		return g, r.Scan(&g.ID, &g.Session, &g.User, &g.Client, &g.ClientName, asList(&g.Scopes), &g.Refreshable,
			sqldb.AsTime(&g.CreatedAt), sqldb.AsTime(&g.EndedAt), &g.EndReason)
	}, "SELECT "+grantColumns+" FROM grants WHERE id = ?", id)
	return orNone(g, err, errNoGrant)
}

func (t *tx) PutAccessToken(a token.AccessToken) error {
	expires := sqldb.Micros(a.ExpiresAt)
	_, err := t.exec(putAccessToken, a.Hash, a.Grant, expires, expires)
	return err
}

func (t *tx) AccessToken(hash string) (token.AccessToken, error) {
	a, err := one(t, func(r sqldb.Row) (a token.AccessToken, err error) {
		return a, r.Scan(&a.Hash, &a.Grant, sqldb.AsTime(&a.ExpiresAt))
	}, "SELECT "+accessTokenColumns+" FROM access_tokens WHERE hash = ?", hash)
	return orNone(a, err, errNoAccessToken)
}

// PutRefreshToken keeps used tokens until they expire, so that their reuse is
// noticed, but not more than usedRefreshTokens of a grant.
func (t *tx) PutRefreshToken(r token.RefreshToken) error {
	expires := sqldb.Micros(r.ExpiresAt)
	if _, err := t.exec(putRefreshToken, r.Hash, r.Grant, expires, sqldb.Micros(r.UsedAt), expires); err != nil || r.UsedAt.IsZero() {
		return err
	}
	_, err := t.exec("DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE grant_id = ? AND used_at > 0 "+
		"ORDER BY used_at DESC LIMIT 1000 OFFSET ?)", r.Grant, usedRefreshTokens)
	return err
}

func (t *tx) RefreshToken(hash string) (token.RefreshToken, error) {
	v, err := one(t, func(r sqldb.Row) (v token.RefreshToken, err error) {
		return v, r.Scan(&v.Hash, &v.Grant, sqldb.AsTime(&v.ExpiresAt), sqldb.AsTime(&v.UsedAt))
	}, "SELECT "+refreshTokenColumns+" FROM refresh_tokens WHERE hash = ?", hash)
	return orNone(v, err, errNoRefreshToken)
}

// dropTokensOf removes a grant's tokens.
func (t *tx) dropTokensOf(grant string) error {
	for _, statement := range []string{
		"DELETE FROM access_tokens WHERE grant_id = ?",
		"DELETE FROM refresh_tokens WHERE grant_id = ?",
	} {
		if _, err := t.exec(statement, grant); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) SpendOnce(hash string, expires time.Time) error {
	n, err := t.exec("INSERT INTO spent (hash, forget_at) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", hash, sqldb.Micros(expires))
	return mustChange(n, err, errSpent)
}
