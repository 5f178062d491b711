package sigv4

import (
	"net/http"
	"strings"
	"testing"
)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// TestVerifyPayload: what may stand for the body in a signature.
func TestVerifyPayload(t *testing.T) {
	t.Parallel()
	const contentHash = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" // of "content"
	tests := []struct {
		name          string
		presign       bool
		declared      string // x-amz-content-sha256
		signed        string // in the canonical request
		body          string
		allowUnsigned bool
		message       string // empty: accepted
	}{
		{name: "hash, not declared", signed: contentHash, body: "content"},
		{name: "hash, declared", declared: contentHash, signed: contentHash, body: "content"},
		{name: "declared hash of another body", declared: emptyHash, signed: emptyHash, body: "content", message: msgPayload},
		{name: "signed hash of another body", signed: emptyHash, body: "content", message: msgMismatch},
		{name: "declared right, signed wrong", declared: contentHash, signed: emptyHash, body: "content", message: msgMismatch},
		{name: "unsigned, declared, no body", declared: unsignedPayload, signed: unsignedPayload},
		{name: "unsigned, declared, body", declared: unsignedPayload, signed: unsignedPayload, body: "content", message: "UNSIGNED-PAYLOAD is not accepted"},
		{name: "unsigned, declared, body, allowed", declared: unsignedPayload, signed: unsignedPayload, body: "content", allowUnsigned: true},
		{name: "unsigned, not declared", signed: unsignedPayload, message: msgMismatch},
		{name: "declared unsigned, signed hash", declared: unsignedPayload, signed: emptyHash, message: msgMismatch},
		{name: "presigned, empty hash", presign: true, signed: emptyHash},
		{name: "presigned, unsigned, no body", presign: true, signed: unsignedPayload},
		{name: "presigned, unsigned, body", presign: true, signed: unsignedPayload, body: "content", message: msgMismatch},
		{name: "presigned, unsigned, body, allowed", presign: true, signed: unsignedPayload, body: "content", allowUnsigned: true},
		{name: "presigned, hash", presign: true, signed: contentHash, body: "content"},
		{name: "presigned, body added", presign: true, signed: emptyHash, body: "content", message: msgMismatch},
		{name: "presigned, hash, body lost", presign: true, signed: contentHash, message: msgMismatch},
		{name: "presigned, declared", presign: true, declared: unsignedPayload, signed: unsignedPayload},
		{name: "presigned, declared, other body", presign: true, declared: contentHash, signed: contentHash, message: msgPayload},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := mustRequest(t, "POST", "https://sts.example/?Action=GetCallerIdentity")
			if tt.declared != "" {
				r.Header.Set("X-Amz-Content-Sha256", tt.declared)
			}
			g := mustSignWithGo(t, r, []byte(tt.body), goOptions{presign: tt.presign, payloadHash: tt.signed})
			s, err := Parse(g.req)
			if err != nil {
				t.Fatal(err)
			}
			payload := HashPayload(g.body)
			payload.AllowUnsigned = tt.allowUnsigned
			err = s.Verify(g.key, payload)
			if tt.message == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, SignatureDoesNotMatch, tt.message)
		})
	}

	t.Run("zero Payload", func(t *testing.T) {
		t.Parallel()
		g := mustSignWithGo(t, mustRequest(t, "GET", "https://sts.example/"), nil, goOptions{presign: true, payloadHash: unsignedPayload})
		s, err := Parse(g.req)
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, s.Verify(g.key, Payload{}), SignatureDoesNotMatch, msgMismatch)
	})
}

// TestVerifySecurityToken: the token may stand inside the signature or outside it.
func TestVerifySecurityToken(t *testing.T) {
	t.Parallel()
	const token = "Fwo/+==" // needs escapes in a query
	for _, presign := range []bool{false, true} {
		sign := func(token string) *goSigned {
			r := mustRequest(t, "GET", "https://sts.example/?Action=GetCallerIdentity")
			return mustSignWithGo(t, r, nil, goOptions{presign: presign, token: token})
		}
		inside, outside, headerOutside := sign(token), sign(""), sign("")
		if presign {
			outside.req.RawQuery += "&X-Amz-Security-Token=Fwo%2F%2B%3D%3D"
		} else {
			outside.req.Header["X-Amz-Security-Token"] = []string{token}
		}
		headerOutside.req.Header["X-Amz-Security-Token"] = []string{token}
		for name, g := range map[string]*goSigned{"inside": inside, "outside": outside, "outside in a header": headerOutside} {
			s, err := Parse(g.req)
			if err != nil {
				t.Errorf("presign %v, %s: %v", presign, name, err)
				continue
			}
			if s.SecurityToken != token {
				t.Errorf("presign %v, %s: token %q", presign, name, s.SecurityToken)
			}
			if err := s.Verify(g.key, HashPayload(nil)); err != nil {
				t.Errorf("presign %v, %s: %v", presign, name, err)
			}
		}
		if presign { // a token that was signed cannot be taken away or exchanged
			for _, replacement := range []string{"", "X-Amz-Security-Token=other"} {
				g := sign(token)
				g.req.RawQuery = strings.Replace(g.req.RawQuery, "X-Amz-Security-Token=Fwo%2F%2B%3D%3D", replacement, 1)
				wantError(t, g.check("sts"), SignatureDoesNotMatch, msgMismatch)
			}
		}
	}
}

// TestVerifySignatureText: only 64 lower-case digits can be right.
func TestVerifySignatureText(t *testing.T) {
	t.Parallel()
	g := mustSignWithGo(t, mustRequest(t, "GET", "https://sts.example/"), nil, goOptions{})
	s, err := Parse(g.req)
	if err != nil {
		t.Fatal(err)
	}
	right := s.signature
	for _, text := range []string{strings.ToUpper(right), right[:63], right + "0", right + right, "x", strings.Repeat("\x00", 64)} {
		s.signature = text
		wantError(t, s.Verify(g.key, HashPayload(nil)), SignatureDoesNotMatch, msgMismatch)
	}
	s.signature = right
	if err := s.Verify(g.key, HashPayload(nil)); err != nil {
		t.Error(err)
	}
}

// TestVerifyGoPaths: the Go SDK signs the path as it sends it, unlike the
// others (see testdata); every spelling must reach one NormalizePath.
func TestVerifyGoPaths(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "//", "/a//b", "/a/./b", "/a/../b", "/..", "/a%20b/c%2Fd", "/arn:aws:iam::123456789012:user/x", "/%E9%96%A2/", "/a=b,c@d"} {
		g := mustSignWithGo(t, mustRequest(t, "GET", "https://h.example"+path), nil, goOptions{service: "account"})
		if err := g.check("account"); err != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// TestVerifyGoHeaders: values with tabs and several lines, and default ports.
func TestVerifyGoHeaders(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"https://h.example/", "https://h.example:443/", "https://h.example:8420/", "http://h.example:80/", "https://[::1]:8420/", "https://192.0.2.1/"} {
		r := mustRequest(t, "POST", url)
		r.Header = http.Header{
			"X-Amz-Target": {"A.B"}, "Content-Type": {"application/x-amz-json-1.1"},
			"Amz-Sdk-Request": {"attempt=1;   max=3", " second "}, "X-Tab": {"a\tb \t c"}, "User-Agent": {"aws-sdk-go-v2/1.47.7   os/linux"},
		}
		g := mustSignWithGo(t, r, []byte("{}"), goOptions{token: "token"})
		if err := g.check("sts"); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if _, sent := g.req.Header["Content-Length"]; !sent {
			t.Errorf("%s: net/http does not hand on Content-Length, which the Go SDK signs", url)
		}
	}
}
