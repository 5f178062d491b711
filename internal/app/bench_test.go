package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"

	"sekisho/internal/config"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// The calls that clients make all the time, from the handler's point of view:
// everything but the socket.

func BenchmarkGetCallerIdentity(b *testing.B) {
	s, creds, _ := benchServer(b)
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8420/", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.ContentLength = int64(len(body))
	sum := sha256.Sum256([]byte(body))
	err := v4.NewSigner().SignHTTP(b.Context(), aws.Credentials{
		AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretKey.Reveal(), SessionToken: creds.SessionToken.Reveal(),
	}, r, hex.EncodeToString(sum[:]), "sts", "us-east-1", time.Now())
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Length", strconv.Itoa(len(body))) // as net/http's server has it
	benchmark(b, s, r, []byte(body))
}

func BenchmarkGetRoleCredentials(b *testing.B) {
	s, _, bearer := benchServer(b)
	r := httptest.NewRequest(http.MethodGet, "http://localhost:8420/federation/credentials?role_name=AdministratorAccess&account_id=444455556666", nil)
	r.Header.Set("X-Amz-Sso_bearer_token", bearer)
	benchmark(b, s, r, nil)
}

func BenchmarkListAccounts(b *testing.B) {
	s, _, bearer := benchServer(b)
	r := httptest.NewRequest(http.MethodGet, "http://localhost:8420/assignment/accounts?max_result=100", nil)
	r.Header.Set("X-Amz-Sso_bearer_token", bearer)
	benchmark(b, s, r, nil)
}

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

func benchmark(b *testing.B, s *Server, r *http.Request, body []byte) {
	b.Helper()
	b.ReportAllocs()
	w := &discard{header: make(http.Header)}
	for b.Loop() {
		clear(w.header)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.http.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
	}
}

// benchServer is the demo organisation with jane signed in.
func benchServer(b *testing.B) (*Server, token.Credentials, string) {
	b.Helper()
	c := config.Server{Database: config.Database{Data: b.TempDir()}, Listen: "127.0.0.1:0", Domain: "localhost", Org: "../../examples/demo.yaml"}
	s, err := New(b.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	s.live.Follow(b.Context())
	now := time.Now()
	clients := token.Clients{Ring: s.Ring}
	client, _, err := clients.Register(token.Client{Name: "bench", Scopes: []string{token.ScopeAccountAccess}}, now)
	if err != nil {
		b.Fatal(err)
	}
	var (
		out   token.Outcome
		creds token.Credentials
	)
	err = s.Store.Update(context.Background(), nil, func(tx store.Tx) error {
		jane, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		sess, err := session.Begin(tx, uuid.NewString(), jane.ID, now, 8*time.Hour, "127.0.0.1", "bench")
		if err != nil {
			return err
		}
		d, code, err := token.BeginDevice(tx, client, "ssoins-1", "127.0.0.1", "bench", now)
		if err != nil {
			return err
		}
		if _, err := token.DecideDevice(tx, d.Instance, d.UserCode, sess, true, now); err != nil {
			return err
		}
		if out, err = token.RedeemDevice(tx, client, code, uuid.NewString(), now); err != nil {
			return err
		}
		set, err := storetest.PermissionSet(tx, "AdministratorAccess")
		if err != nil {
			return err
		}
		role, err := tx.RoleOfPermissionSet("444455556666", set.ID)
		if err != nil {
			return err
		}
		creds, err = (token.Sessions{Ring: s.Ring}).Issue(token.Session{
			Account: role.Account, Entity: role.ID, RoleName: role.Name, Name: "jane",
			User: jane.ID, PermissionSet: set.ID, PortalSession: sess.ID,
		}, now, time.Hour)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return s, creds, out.AccessToken.Reveal()
}
