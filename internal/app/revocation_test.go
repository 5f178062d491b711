package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"sekisho/internal/account"
	"sekisho/internal/config"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const member = "444455556666"

// signed sends an API call to the server as the SDK signs it and returns the
// error's code, "" for success, and the answer.
func signed(t *testing.T, s *Server, creds aws.Credentials, service string, form url.Values) (code, body string) {
	t.Helper()
	return signedTo(t, s, "http://localhost/", creds, service, form)
}

// signedTo is signed for a server at another address.
func signedTo(t *testing.T, s *Server, address string, creds aws.Credentials, service string, form url.Values) (code, body string) {
	t.Helper()
	form.Set("Version", map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}[service])
	text := form.Encode()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.ContentLength = 0 // not signed
	sum := sha256.Sum256([]byte(text))
	if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, hex.EncodeToString(sum[:]), service, "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	body = w.Body.String()
	if w.Code == http.StatusOK {
		return "", body
	}
	if m := errorCode.FindStringSubmatch(body); m != nil {
		return m[1], body
	}
	t.Fatalf("status %d: %s", w.Code, body)
	return "", ""
}

var errorCode = regexp.MustCompile(`<Code>(\w+)</Code>`)

// elementOf is the text of the first element of that name.
func elementOf(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`<` + name + `>([^<]+)</` + name + `>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no %s in %s", name, body)
	}
	return m[1]
}

// twoNodes are two servers on one database, each with its own caches.
func twoNodes(t *testing.T, database config.Database) (one, two *Server) {
	t.Helper()
	database.MasterKeyFile = filepath.Join(t.TempDir(), "master.key")
	var nodes [2]*Server
	for i := range nodes {
		nodes[i] = newServer(t, serverConfig(t, "", func(c *config.Server) { c.Database = database }))
		run(t, nodes[i])
	}
	return nodes[0], nodes[1]
}

const (
	mayList  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListUsers","sts:*"],"Resource":"*"}]}`
	mustNot  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}]}`
	mayOther = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
)

// scene is a user who may list users in one of the ways there are, with the
// credentials that are out.
type scene struct {
	user    iam.User
	key     iam.AccessKey
	role    iam.Role
	group   iam.Group
	managed iam.ManagedPolicy
}

// setScene gives a new user the right by how: "inline", "group" or "managed".
// The role has it by an inline policy and trusts the user.
func setScene(tx store.Tx, name, how string) (s scene, err error) {
	now := time.Now()
	if s.user, err = iam.CreateUser(tx, now, iam.User{Account: member, Path: "/", Name: name}); err != nil {
		return s, err
	}
	if s.key, err = iam.CreateAccessKey(tx, now, iam.Holder{Account: member, User: s.user}); err != nil {
		return s, err
	}
	if s.role, err = iam.CreateRole(tx, now, iam.Role{Account: member, Path: "/", Name: name, MaxSessionSeconds: 3600,
		TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + s.user.ARN() + `"},"Action":"sts:AssumeRole"}]}`}); err != nil {
		return s, err
	}
	if s.group, err = iam.CreateGroup(tx, now, iam.Group{Account: member, Path: "/", Name: name}); err != nil {
		return s, err
	}
	if s.managed, err = iam.CreatePolicy(tx, now, member, iam.NewPolicy{Path: "/", Name: name, Document: mayList}); err != nil {
		return s, err
	}
	err = iam.PutInlinePolicy(tx, member, iam.RoleKind, name, "p", mayList)
	switch how {
	case "group":
		err = errors.Join(err, iam.PutInlinePolicy(tx, member, iam.GroupKind, name, "p", mayList), iam.AddToGroup(tx, now, s.group, s.user))
	case "managed":
		err = errors.Join(err, iam.Attach(tx, now, member, iam.UserKind, name, s.managed.ARN()))
	default:
		err = errors.Join(err, iam.PutInlinePolicy(tx, member, iam.UserKind, name, "p", mayList))
	}
	return s, err
}

// What takes access away on one node takes it on the others within a second,
// from keys and from sessions that are out and were used a moment ago (promise
// 12); on its own node, from the very next call.
func TestRevocationAcrossNodes(t *testing.T) {
	t.Parallel()
	for engine, fresh := range map[string]func(*testing.T) config.Database{
		"SQLite":     func(t *testing.T) config.Database { return config.Database{Data: t.TempDir()} },
		"PostgreSQL": func(t *testing.T) config.Database { return config.Database{Database: sqldbtest.PostgreSQL(t).URL} },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			here, there := twoNodes(t, fresh(t))
			update(t, here, func(tx store.Tx) error {
				return errors.Join(
					tx.PutAccount(account.Account{ID: "111122223333", Name: "Example", Email: "a@example.com", Status: account.Active, CreatedAt: time.Now()}),
					tx.PutAccount(account.Account{ID: member, Name: "Member", Email: "b@example.com", Status: account.Active, CreatedAt: time.Now()}),
					second(storetest.NewOrganization(tx, time.Now(), "111122223333", member)))
			})
			var worst time.Duration
			for i, c := range revocations {
				worst = max(worst, revoke(t, here, there, string(rune('a'+i)), c))
				if c.undo != nil {
					update(t, here, c.undo)
				}
			}
			t.Logf("at most %v until the other node refuses", worst.Round(time.Millisecond))
		})
	}
}

func update(t *testing.T, s *Server, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Store.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

// revocation is a change and what it ends: which credentials, with which code.
type revocation struct {
	name, how string
	change    func(tx store.Tx, s scene) error
	// codes of ListUsers afterwards: of the key, and of the role's session.
	key, session string
	// undo, if any, takes back what would be in the way of the next one.
	undo func(tx store.Tx) error
}

const (
	unknownKey    = "InvalidClientTokenId"
	refused       = "AccessDenied"
	notSubscribed = "OptInRequired"
)

var revocations = []revocation{
	{"key inactive", "inline", func(tx store.Tx, s scene) error {
		return iam.SetAccessKeyActive(tx, iam.Holder{Account: member, User: s.user}, s.key.ID, false)
	}, unknownKey, "", nil},
	{"key deleted", "inline", func(tx store.Tx, s scene) error { return tx.DeleteAccessKey(s.key.ID) }, unknownKey, "", nil},
	{"user removed", "inline", func(tx store.Tx, s scene) error { return iam.RemoveUser(tx, s.user) }, unknownKey, "", nil},
	{"role removed", "inline", func(tx store.Tx, s scene) error { return iam.RemoveRole(tx, s.role) }, "", unknownKey, nil},
	{"user's policy deleted", "inline", func(tx store.Tx, s scene) error {
		return iam.DeleteInlinePolicy(tx, member, iam.UserKind, s.user.Name, "p")
	}, refused, "", nil},
	{"user's policy changed", "inline", func(tx store.Tx, s scene) error {
		return iam.PutInlinePolicy(tx, member, iam.UserKind, s.user.Name, "p", mayOther)
	}, refused, "", nil},
	{"user denied", "inline", func(tx store.Tx, s scene) error {
		return iam.PutInlinePolicy(tx, member, iam.UserKind, s.user.Name, "deny", mustNot)
	}, refused, "", nil},
	{"user bounded", "inline", func(tx store.Tx, s scene) error {
		return iam.PutUserBoundary(tx, member, s.user.Name, "arn:aws:iam::aws:policy/AmazonS3FullAccess")
	}, refused, "", nil},
	{"out of the group", "group", func(tx store.Tx, s scene) error { return iam.RemoveFromGroup(tx, s.group, s.user) }, refused, "", nil},
	{"group's policy deleted", "group", func(tx store.Tx, s scene) error {
		return iam.DeleteInlinePolicy(tx, member, iam.GroupKind, s.group.Name, "p")
	}, refused, "", nil},
	{"group removed", "group", func(tx store.Tx, s scene) error { return iam.RemoveGroup(tx, s.group) }, refused, "", nil},
	{"policy detached", "managed", func(tx store.Tx, s scene) error {
		return iam.Detach(tx, member, iam.UserKind, s.user.Name, s.managed.ARN())
	}, refused, "", nil},
	{"policy's new default version", "managed", func(tx store.Tx, s scene) error {
		_, err := iam.CreatePolicyVersion(tx, time.Now(), member, s.managed.ARN(), mustNot, true)
		return err
	}, refused, "", nil},
	{"role's policy deleted", "inline", func(tx store.Tx, s scene) error {
		return iam.DeleteInlinePolicy(tx, member, iam.RoleKind, s.role.Name, "p")
	}, "", refused, nil},
	{"role's older sessions revoked", "inline", func(tx store.Tx, s scene) error {
		return iam.PutInlinePolicy(tx, member, iam.RoleKind, s.role.Name, "AWSRevokeOlderSessions",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"`+
				time.Now().Add(2*time.Second).UTC().Format(time.RFC3339)+`"}}}]}`)
	}, "", refused, nil},
	{name: "account suspended", how: "inline", change: func(tx store.Tx, _ scene) error {
		_, err := account.Suspend(tx, member, "", time.Now())
		return err
	}, key: notSubscribed, session: notSubscribed, undo: func(tx store.Tx) error {
		_, err := account.Reactivate(tx, member, true, time.Now())
		return err
	}},
	{name: "account closed", how: "group", change: func(tx store.Tx, _ scene) error {
		_, err := account.Close(tx, member, true, "", time.Now())
		return err
	}, key: notSubscribed, session: notSubscribed, undo: func(tx store.Tx) error {
		_, err := account.Reopen(tx, member, true, time.Now())
		return err
	}},
	{"AWS's policy detached", "inline", func(tx store.Tx, _ scene) error { return tx.DetachOrgPolicy(member, org.FullAWSAccess.ID) }, refused, refused, func(tx store.Tx) error {
		return tx.AttachOrgPolicy("o-exampleorg1", member, org.FullAWSAccess)
	}},
	{"service control policy on the root", "inline", func(tx store.Tx, _ scene) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, org.Policy{ID: "p-87654321", Type: org.ServiceControl, Name: "Root", Document: mustNot}, "/")
	}, refused, refused, func(tx store.Tx) error { return tx.DeleteOrgPolicy("p-87654321") }},
	// The last, because it is about the whole account.
	{"service control policy", "inline", func(tx store.Tx, _ scene) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, org.Policy{ID: "p-12345678", Type: org.ServiceControl, Name: "Perimeter", Document: mustNot}, member)
	}, refused, refused, nil},
}

// revoke makes the change here and returns how long it took there.
func revoke(t *testing.T, here, there *Server, name string, c revocation) time.Duration {
	t.Helper()
	var s scene
	update(t, here, func(tx store.Tx) (err error) {
		s, err = setScene(tx, "user-"+name, c.how)
		return err
	})
	key := aws.Credentials{AccessKeyID: s.key.ID, SecretAccessKey: s.key.Secret.Reveal()}
	code, body := signed(t, here, key, "sts", url.Values{"Action": {"AssumeRole"}, "RoleArn": {s.role.ARN()}, "RoleSessionName": {"session"}})
	if code != "" {
		t.Fatalf("%s: AssumeRole: %s", c.name, body)
	}
	session := aws.Credentials{AccessKeyID: elementOf(t, body, "AccessKeyId"), SecretAccessKey: elementOf(t, body, "SecretAccessKey"), SessionToken: elementOf(t, body, "SessionToken")}
	list := func(s *Server, creds aws.Credentials) string {
		code, _ := signed(t, s, creds, "iam", url.Values{"Action": {"ListUsers"}})
		return code
	}
	for began := time.Now(); list(there, key) != "" && time.Since(began) < time.Second; { // what was undone arrives there, too
	}
	for range 2 { // so that every cache has what it caches
		for _, node := range []*Server{here, there} {
			if k, r := list(node, key), list(node, session); k != "" || r != "" {
				t.Fatalf("%s: before: %q and %q", c.name, k, r)
			}
		}
	}
	update(t, here, func(tx store.Tx) error { return c.change(tx, s) })
	began := time.Now()
	if k, r := list(here, key), list(here, session); k != c.key || r != c.session {
		t.Errorf("%s: here at once: %q and %q, want %q and %q", c.name, k, r, c.key, c.session)
	}
	for {
		k, r := list(there, key), list(there, session)
		took := time.Since(began)
		if k == c.key && r == c.session {
			return took
		}
		if took > time.Second {
			t.Errorf("%s: there after %v: %q and %q, want %q and %q", c.name, took, k, r, c.key, c.session)
			return took
		}
	}
}

// second is the error of two results.
func second[T any](_ T, err error) error { return err }
