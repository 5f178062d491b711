package sigv4

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// goSigned is a request signed by the AWS SDK for Go, as a server reads it.
type goSigned struct {
	req  *Request
	body []byte
	key  SigningKey
	now  time.Time
}

type goOptions struct {
	presign     bool
	token       string
	payloadHash string // default: the body's
	service     string
}

// signWithGo signs with the Go SDK, writes the request to the wire and reads it
// back as net/http's server does. An error means that net/http cannot carry it.
func signWithGo(r *http.Request, body []byte, o goOptions) (*goSigned, error) {
	const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	credentials := aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: secret, SessionToken: o.token}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if o.payloadHash == "" {
		sum := sha256.Sum256(body)
		o.payloadHash = hex.EncodeToString(sum[:])
	}
	if o.service == "" {
		o.service = "sts"
	}
	r.ContentLength = int64(len(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	ctx, signer := context.Background(), v4.NewSigner()
	if o.presign {
		uri, headers, err := signer.PresignHTTP(ctx, credentials, r, o.payloadHash, o.service, "us-east-1", now)
		if err != nil {
			return nil, err
		}
		host := r.Host
		if r, err = http.NewRequest(r.Method, uri, bytes.NewReader(body)); err != nil {
			return nil, err
		}
		r.Header = headers
		r.Host = host
	} else if err := signer.SignHTTP(ctx, credentials, r, o.payloadHash, o.service, "us-east-1", now); err != nil {
		return nil, err
	}
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		return nil, err
	}
	received, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		return nil, err
	}
	return &goSigned{
		req: &Request{Method: received.Method, Host: received.Host, Path: received.URL.EscapedPath(),
			RawQuery: received.URL.RawQuery, Header: received.Header},
		body: body,
		key:  DeriveKey([]byte(secret), "20260102", "us-east-1", o.service),
		now:  now,
	}, nil
}

// check runs every stage as the gateway does.
func (g *goSigned) check(service string) error {
	s, err := Parse(g.req)
	if err != nil {
		return err
	}
	if err := s.CheckTime(g.now, 15*time.Minute); err != nil {
		return err
	}
	if err := s.CheckScope(service); err != nil {
		return err
	}
	return s.Verify(g.key, HashPayload(g.body))
}

func mustSignWithGo(tb testing.TB, r *http.Request, body []byte, o goOptions) *goSigned {
	tb.Helper()
	g, err := signWithGo(r, body, o)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func mustRequest(tb testing.TB, method, url string) *http.Request {
	tb.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
