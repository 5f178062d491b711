package compat

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"sekisho/internal/account"
	"sekisho/internal/app"
	"sekisho/internal/arn"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/token"
	"sekisho/test/compat/harness"
)

// walk makes calls of one of the Go SDK's clients by their inputs alone, and notes
// which operations have succeeded and which have failed in a way that the model has.
type walk struct {
	t          *testing.T
	client     any
	ok, failed map[string]bool
}

func newWalk(t *testing.T, client any) *walk {
	return &walk{t: t, client: client, ok: make(map[string]bool), failed: make(map[string]bool)}
}

// as is the walk with other credentials: a client for them.
func (w *walk) as(client any) *walk {
	other := *w
	other.client = client
	return &other
}

// call makes the call of which in is the input.
func (w *walk) call(in any) (operation string, out any, err error) {
	operation = strings.TrimSuffix(reflect.TypeOf(in).Elem().Name(), "Input")
	m := reflect.ValueOf(w.client).MethodByName(operation)
	if !m.IsValid() {
		w.t.Fatalf("the client has no %s", operation)
	}
	results := m.Call([]reflect.Value{reflect.ValueOf(w.t.Context()), reflect.ValueOf(in)})
	err, _ = results[1].Interface().(error)
	return operation, results[0].Interface(), err
}

// does makes a call that has to succeed. What it returns is of the operation's own
// type; nothing to use follows a failure.
func does[Out any](w *walk, in any) (out Out) {
	w.t.Helper()
	operation, got, err := w.call(in)
	if err != nil {
		w.t.Fatalf("%s: %v", operation, err)
	}
	w.ok[operation] = true
	return got.(Out)
}

// do is does for a call whose answer does not matter.
func (w *walk) do(in any) {
	w.t.Helper()
	operation, _, err := w.call(in)
	if err != nil {
		w.t.Errorf("%s: %v", operation, err)
		return
	}
	w.ok[operation] = true
}

// fails makes a call that has to end with this exception, as the SDK's own type for
// it: one that the model does not have for the operation arrives as no such type.
func (w *walk) fails(exception string, in any) {
	w.t.Helper()
	operation, _, err := w.call(in)
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != exception {
		w.t.Errorf("%s: %v, want %s", operation, err, exception)
		return
	}
	if typed := reflect.TypeOf(api).Elem().Name(); typed != exception {
		w.t.Errorf("%s: %s is a %s to the SDK", operation, exception, typed)
		return
	}
	if api.ErrorMessage() == "" {
		w.t.Errorf("%s: %s says nothing", operation, exception)
	}
	w.failed[operation] = true
}

// whole fails unless each operation of the client has succeeded and failed, but for
// those that are named with the reason.
func (w *walk) whole(unsupported []string) {
	w.t.Helper()
	of := reflect.TypeOf(w.client)
	for i := range of.NumMethod() {
		m := of.Method(i)
		if m.Type.NumIn() < 3 || m.Type.In(1) != reflect.TypeFor[context.Context]() || slices.Contains(unsupported, m.Name) {
			continue
		}
		if !w.ok[m.Name] {
			w.t.Errorf("%s has not succeeded", m.Name)
		}
		if !w.failed[m.Name] {
			w.t.Errorf("%s has not failed", m.Name)
		}
	}
}

// inStore changes the database of a running program beside it, as its own commands
// do: what no call of a client can bring about.
func inStore(t testing.TB, s *harness.Server, fn func(store.Tx) error) {
	t.Helper()
	base, err := app.Open(t.Context(), config.Database{Data: s.Data}, clock.System{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(base.Store.Update(t.Context(), nil, fn), base.Store.Close()); err != nil {
		t.Fatal(err)
	}
}

// standalone makes an account that is in no organization, as somebody signs up for
// one, and a key of its root user.
func standalone(t testing.TB, s *harness.Server, id string) keys {
	t.Helper()
	k := keys{ID: arn.NewUniqueID("AKIA", id), Secret: s.Secret("the root key of "+id, token.NewSecretKey().Reveal())}
	inStore(t, s, func(tx store.Tx) error {
		now := time.Now()
		return errors.Join(
			tx.PutAccount(account.Account{ID: id, Name: "Alone " + id, Email: "alone-" + id + "@example.com", Status: account.Active, CreatedAt: now}),
			tx.PutAccessKey(iam.AccessKey{ID: k.ID, Account: id, Secret: secret.NewString(k.Secret), Active: true, CreatedAt: now}))
	})
	return k
}

// verified lets the e-mail address of an account be verified, as who opens the
// link of the mail does.
func verified(t testing.TB, s *harness.Server, id string) {
	t.Helper()
	inStore(t, s, func(tx store.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		now := time.Now()
		return tx.PutVerification(org.Verification{Account: id, Email: a.Email, Hash: strings.Repeat("0", 52) + id, SentAt: now, ExpiresAt: now.Add(time.Hour), VerifiedAt: now})
	})
}
