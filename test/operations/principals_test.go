package operations

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/arn"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// user puts an IAM user with a key and, unless it is "", an inline policy into
// the account, past the API.
func (w *world) user(tb testing.TB, account, name, inline string) caller {
	tb.Helper()
	c := caller{name: name, arn: arn.User(account, "/", name), key: key{id: arn.NewUniqueID("AKIA", account), secret: token.NewSecretKey().Reveal()}}
	w.secret("secret key of "+name, c.key.secret)
	w.update(tb, func(tx store.Tx) error { return w.putUser(tx, time.Now(), account, c, inline) })
	return c
}

// do makes a call that has to succeed, in the words of a row's given.
func (w *world) do(tb testing.TB, k key, service, operation, input string, vars map[string]string) answer {
	tb.Helper()
	a := w.call(request{service: service, operation: operation, input: parameters(tb, input, vars)}, k)
	if a.status != 200 {
		tb.Errorf("%s:%s %s: %v", service, operation, input, a)
	}
	return a
}

// role makes a role in production with that trust policy, and attaches the
// policies of AWS of those names. It returns the role's ARN.
func (w *world) role(tb testing.TB, name, trust string, managed ...string) string {
	tb.Helper()
	const account = production
	vars := map[string]string{"trusted": trust}
	w.do(tb, w.root(account), "iam", "CreateRole", "RoleName="+name+" AssumeRolePolicyDocument={trusted}", vars)
	for _, m := range managed {
		w.do(tb, w.root(account), "iam", "AttachRolePolicy", "RoleName="+name+" PolicyArn=arn:aws:iam::aws:policy/"+m, nil)
	}
	return arn.Role(account, "/", name)
}

// attach gives a user of production policies of AWS.
func (w *world) attach(tb testing.TB, user string, managed ...string) {
	tb.Helper()
	for _, m := range managed {
		w.do(tb, w.root(production), "iam", "AttachUserPolicy", "UserName="+user+" PolicyArn=arn:aws:iam::aws:policy/"+m, nil)
	}
}

// assume makes a session of the role.
func (w *world) assume(tb testing.TB, by key, roleARN, sessionPolicy string) key {
	tb.Helper()
	r := request{service: "sts", operation: "AssumeRole", input: url.Values{"RoleArn": {roleARN}, "RoleSessionName": {"session"}}}
	if sessionPolicy != "" {
		r.input.Set("Policy", sessionPolicy)
	}
	a := w.call(r, by)
	if a.status != 200 {
		tb.Errorf("assuming %s: %v", roleARN, a)
	}
	return a.credentials()
}

// trustsAccount is a trust policy for everybody in production whose own policies
// allow it.
func trustsAccount() string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + arn.Root(production) + `"},"Action":"sts:AssumeRole"}]}`
}

// portalSession is what the access portal gives jane for her permission set.
func (w *world) portalSession(tb testing.TB) key {
	tb.Helper()
	var c token.Credentials
	w.update(tb, func(tx store.Tx) error {
		now := time.Now()
		jane, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		signedIn, err := session.Begin(tx, uuid.NewString(), jane.ID, now, 8*time.Hour, "127.0.0.1", "browser")
		if err != nil {
			return err
		}
		set, err := storetest.PermissionSet(tx, "ReadOnly")
		if err != nil {
			return err
		}
		role, err := tx.RoleOfPermissionSet(production, set.ID)
		if err != nil {
			return err
		}
		c, err = (token.Sessions{Ring: w.server.Ring}).Issue(token.Session{
			Account: role.Account, Entity: role.ID, RoleName: role.Name, Name: "jane",
			User: jane.ID, PermissionSet: set.ID, PortalSession: signedIn.ID,
		}, now, time.Hour)
		return err
	})
	w.secret("secret key of the portal's session", c.SecretKey.Reveal())
	w.secret("token of the portal's session", c.SessionToken.Reveal())
	return key{c.AccessKeyID, c.SecretKey.Reveal(), c.SessionToken.Reveal()}
}
