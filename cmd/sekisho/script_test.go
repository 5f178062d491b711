package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this program by its name: the test binary stands in
// for it, in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sekisho": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the program as an operator does; see test/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	demo, err := os.ReadFile("../../examples/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../test/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Setenv("LISTEN", l.Addr().String())
			if err := l.Close(); err != nil {
				return err
			}
			return os.WriteFile(e.Cd+"/demo.yaml", demo, 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"ready":   ready,
			"get":     get,
			"refused": refused,
		},
	})
}

// ready waits until the server of the script answers.
//
//	ready
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: ready")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		res, err := request(ctx, ts, "", "/_sekisho/health/ready")
		if err == nil {
			ts.Check(res.Body.Close())
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			ts.Fatalf("the server is not ready: %v", err)
		case <-again.C:
		}
	}
}

// get asks the server of the script for a path and compares the status.
//
//	get /path 404
//	get /path 404 signin.localhost
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: get path status [host]")
	}
	host := ""
	if len(args) == 3 {
		host = args[2]
	}
	res, err := request(context.Background(), ts, host, args[0])
	ts.Check(err)
	ts.Check(res.Body.Close())
	if got := res.Status[:3]; got != args[1] {
		ts.Fatalf("%s answers %s, want %s", args[0], got, args[1])
	}
}

// request asks for the path at a host of the server, whose port is added; "" is its
// address.
func request(ctx context.Context, ts *testscript.TestScript, host, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+ts.Getenv("LISTEN")+path, nil)
	ts.Check(err)
	if host != "" {
		r.Host = host + r.Host[strings.LastIndexByte(r.Host, ':'):]
	}
	return http.DefaultClient.Do(r)
}

// refused calls the server of the script with an access key, holds it to refusing
// the call, and keeps the decision's id in $DECISION.
//
//	refused AKIA... secret iam 'Action=CreateUser&Version=2010-05-08&UserName=x'
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: refused key-id secret service body")
	}
	keyID, secretKey, service, body := args[0], args[1], args[2], args[3]
	ctx := context.Background()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+ts.Getenv("LISTEN")+"/", strings.NewReader(body))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	key := aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secretKey}
	ts.Check(v4.NewSigner().SignHTTP(ctx, key, r, hex.EncodeToString(sum[:]), service, "us-east-1", time.Now()))
	res, err := http.DefaultClient.Do(r)
	ts.Check(err)
	text, err := io.ReadAll(res.Body)
	ts.Check(errors.Join(err, res.Body.Close()))
	if res.StatusCode != http.StatusForbidden || !strings.Contains(string(text), "<Code>AccessDenied</Code>") {
		ts.Fatalf("%s: %s", res.Status, text)
	}
	ts.Setenv("DECISION", res.Header.Get("X-Sekisho-Decision-Id"))
}
