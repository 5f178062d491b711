package authn_test

import (
	"errors"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// sessionWorld has, beside people, an IAM user with a key and a role.
type sessionWorld struct {
	*world
	ann iam.User
	key iam.AccessKey
	app iam.Role
}

func newSessionWorld(tb testing.TB) *sessionWorld {
	tb.Helper()
	w := &sessionWorld{world: newWorld(tb)}
	w.update(func(tx store.Tx) (err error) {
		if w.ann, err = iam.CreateUser(tx, start, iam.User{Account: production, Path: "/team/", Name: "ann"}); err != nil {
			return err
		}
		if w.key, err = iam.CreateAccessKey(tx, start, iam.Holder{Account: production, User: w.ann}); err != nil {
			return err
		}
		w.app, err = iam.CreateRole(tx, start, iam.Role{Account: production, Path: "/app/", Name: "App", MaxSessionSeconds: 3600,
			TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`})
		return err
	})
	return w
}

func (w *sessionWorld) byKey() proof { return proof{id: w.key.ID, secret: w.key.Secret.Reveal()} }

// of makes credentials of a session as the operation of that kind does.
func (w *sessionWorld) of(kind token.SessionKind, entity string, mfa bool) proof {
	w.Helper()
	s := token.Session{Kind: kind, Account: production, Entity: entity, Name: "session"}
	if kind <= token.AssumedWeb {
		s.RoleName = w.app.Name
	}
	if mfa {
		s.MFAAt = start.Unix()
	}
	creds, err := w.roles.Issue(s, w.clock.Now(), time.Hour)
	if err != nil {
		w.Fatal(err)
	}
	return by(creds)
}

// Whom every kind of credentials stands for (behaviours.md 3.3, 4.6).
func TestPrincipalsOfSessions(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	const root = "arn:aws:iam::444455556666:root"
	role := func() call.Principal {
		return call.Principal{Kind: call.AssumedRole, ARN: "arn:aws:sts::444455556666:assumed-role/App/session", UserID: w.app.ID + ":session",
			UserName: "session", Entity: w.app.ID, EntityARN: "arn:aws:iam::444455556666:role/app/App"}
	}
	user := call.Principal{Kind: call.IAMUser, ARN: "arn:aws:iam::444455556666:user/team/ann", UserID: w.ann.ID, UserName: "ann", Entity: w.ann.ID,
		EntityARN: "arn:aws:iam::444455556666:user/team/ann"}
	rootUser := call.Principal{Kind: call.Root, ARN: root, UserID: production, UserName: "root", EntityARN: root}
	federated := call.Principal{Kind: call.FederatedUser, ARN: "arn:aws:sts::444455556666:federated-user/session", UserID: production + ":session", UserName: "session"}
	byUser, byRoot := federated, federated
	byUser.Entity, byUser.EntityARN, byRoot.EntityARN = w.ann.ID, user.ARN, root
	for _, c := range []struct {
		name  string
		proof proof
		want  call.Principal
	}{
		{"long-term key", w.byKey(), user},
		{"AssumeRole", w.of(token.Assumed, w.app.ID, false), role()},
		{"AssumeRoleWithSAML", w.of(token.AssumedSAML, w.app.ID, false), role()},
		{"AssumeRoleWithWebIdentity", w.of(token.AssumedWeb, w.app.ID, false), role()},
		{"GetSessionToken", w.of(token.UserSession, w.ann.ID, false), user},
		{"GetSessionToken of root", w.of(token.UserSession, "", false), rootUser},
		{"GetFederationToken", w.of(token.FederatedUser, w.ann.ID, false), byUser},
		{"GetFederationToken of root", w.of(token.FederatedUser, "", false), byRoot},
		{"AssumeRoot", w.of(token.AssumedRoot, "", false), rootUser},
	} {
		got, err := w.try(c.proof)
		if temporary := got.Principal.Temporary; (temporary == nil) != (c.proof.token == "") {
			t.Errorf("%s: temporary %+v", c.name, temporary)
		}
		got.Principal.Temporary = nil
		c.want.Account, c.want.AccessKeyID = production, c.proof.id
		if err != nil || got.Principal != c.want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", c.name, got.Principal, err, c.want)
		}
	}
}

// What ends which credentials, at the next call (behaviours.md 2.3, promise 12).
func TestWhatEndsSessions(t *testing.T) {
	t.Parallel()
	type change = func(*sessionWorld, store.Tx) error
	removeUser := func(w *sessionWorld, tx store.Tx) error { return iam.RemoveUser(tx, w.ann) }
	removeRole := func(w *sessionWorld, tx store.Tx) error { return iam.RemoveRole(tx, w.app) }
	const none = ""
	for _, c := range []struct {
		name   string
		change change
		// why each is refused; "" is not
		key, role, user, federated string
	}{
		{"user removed", removeUser, "no such access key", none, "the user is gone", "the user is gone"},
		{"user made anew", func(w *sessionWorld, tx store.Tx) error {
			again := w.ann
			again.ID = arn.NewUniqueID(arn.PrefixUser, production)
			return errors.Join(removeUser(w, tx), tx.PutIAMUser(again))
		}, "no such access key", none, "the user is gone", "the user is gone"},
		{"key inactive", func(w *sessionWorld, tx store.Tx) error {
			return iam.SetAccessKeyActive(tx, iam.Holder{Account: production, User: w.ann}, w.key.ID, false)
		}, "the access key is inactive", none, none, none},
		{"key deleted", func(w *sessionWorld, tx store.Tx) error { return tx.DeleteAccessKey(w.key.ID) }, "no such access key", none, none, none},
		{"role removed", removeRole, none, "the role is gone", none, none},
		{"role made anew", func(w *sessionWorld, tx store.Tx) error {
			again := w.app
			again.ID = arn.NewUniqueID(arn.PrefixRole, production)
			return errors.Join(removeRole(w, tx), tx.PutRole(again))
		}, none, "the role is gone", none, none},
		{"trust changed", func(w *sessionWorld, tx store.Tx) error {
			w.app.TrustPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*"}]}`
			return tx.PutRole(w.app)
		}, none, none, none, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newSessionWorld(t)
			proofs := []struct {
				what   string
				proof  proof
				reason string
			}{
				{"key", w.byKey(), c.key}, {"AssumeRole", w.of(token.Assumed, w.app.ID, false), c.role}, {"SAML", w.of(token.AssumedSAML, w.app.ID, false), c.role},
				{"web identity", w.of(token.AssumedWeb, w.app.ID, false), c.role}, {"GetSessionToken", w.of(token.UserSession, w.ann.ID, true), c.user},
				{"GetFederationToken", w.of(token.FederatedUser, w.ann.ID, false), c.federated},
				{"root's", w.of(token.UserSession, "", false), none}, {"AssumeRoot", w.of(token.AssumedRoot, "", false), none},
			}
			for _, p := range proofs {
				for range 2 { // from the store, and from memory
					if r := w.refused(p.proof); r != nil {
						t.Fatalf("%s before: %+v", p.what, r)
					}
				}
			}
			w.update(func(tx store.Tx) error { return c.change(w, tx) })
			for _, p := range proofs {
				if p.reason != none {
					w.expect(p.what, w.refused(p.proof), authn.UnknownKey, p.reason)
				} else if r := w.refused(p.proof); r != nil {
					t.Errorf("%s after: %+v", p.what, r)
				}
			}
		})
	}
}

// IAM takes no federated user's credentials, and a user's own session only with
// a second factor; STS takes all (behaviours.md 4.1). It is looked at last: who
// cannot sign learns nothing of it.
func TestWhatIAMRefuses(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	for _, c := range []struct {
		name  string
		proof proof
		taken bool
	}{
		{"long-term key", w.byKey(), true},
		{"role", w.of(token.Assumed, w.app.ID, false), true},
		{"GetSessionToken", w.of(token.UserSession, w.ann.ID, false), false},
		{"GetSessionToken with MFA", w.of(token.UserSession, w.ann.ID, true), true},
		{"GetSessionToken of root", w.of(token.UserSession, "", false), false},
		{"GetSessionToken of root with MFA", w.of(token.UserSession, "", true), true},
		{"GetFederationToken", w.of(token.FederatedUser, w.ann.ID, false), false},
		{"GetFederationToken with MFA", w.of(token.FederatedUser, w.ann.ID, true), false},
		{"AssumeRoot", w.of(token.AssumedRoot, "", false), true},
	} {
		_, err := w.tryAt(c.proof, "iam")
		if r, _ := errors.AsType[*authn.Refusal](err); (err == nil) != c.taken || !c.taken && (r == nil || r.Why != authn.UnknownKey || r.Reason != "a session of this kind may not call IAM") {
			t.Errorf("%s: %v", c.name, err)
		}
		if r := w.refused(c.proof); r != nil {
			t.Errorf("%s at STS: %+v", c.name, r)
		}
		c.proof.secret = "wrong"
		_, err = w.tryAt(c.proof, "iam")
		if r, _ := errors.AsType[*authn.Refusal](err); r == nil || r.Why != authn.BadSignature {
			t.Errorf("%s, wrong secret: %v", c.name, err)
		}
	}
}

// Of two faults the first in behaviours.md 2.3 decides, whatever the session's
// kind: expiry, then what it leans on, then time and signature.
func TestOrderOfChecksOfSessions(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	live := map[string]proof{}
	for name, kind := range map[string]token.SessionKind{"role": token.Assumed, "user": token.UserSession, "federated": token.FederatedUser} {
		entity := w.ann.ID
		if kind == token.Assumed {
			entity = w.app.ID
		}
		live[name] = w.of(kind, entity, false)
	}
	w.update(func(tx store.Tx) error { return errors.Join(iam.RemoveUser(tx, w.ann), iam.RemoveRole(tx, w.app)) })
	for name, p := range live {
		p.secret, p.early = "wrong", window+time.Minute
		reason := map[string]string{"role": "the role is gone"}[name]
		if reason == "" {
			reason = "the user is gone"
		}
		w.expect(name+": liveness before time and signature", w.refused(p), authn.UnknownKey, reason)
	}
	w.clock.Advance(time.Hour)
	for name, p := range live {
		w.expect(name+": expiry before liveness", w.refused(p), authn.ExpiredToken, "role session is past its time")
	}
}
