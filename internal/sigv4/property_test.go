package sigv4

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestSignatureCoversEverything holds promise 1: random requests, signed by the
// AWS SDK for Go and sent through net/http, are accepted; with any one byte of
// the method, host, path, query, a signed header, the body or the signature
// changed they are refused. A changed byte that leaves the meaning as it was
// (by net/url and path, not by this package's own canonicalisation) is no change.
func TestSignatureCoversEverything(t *testing.T) {
	t.Parallel()
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	refused := 0
	for seed := range uint64(rounds) {
		rng := rand.New(rand.NewPCG(seed, 4))
		g := randomSigned(t, rng)
		if err := g.check("sts"); err != nil {
			t.Fatalf("seed %d: %v\n%+v", seed, err, g.req)
		}
		for name, changed := range mutations(rng, g) {
			if sameMeaning(g, changed) {
				continue
			}
			err := changed.check("sts")
			if err == nil {
				t.Errorf("seed %d: accepted with %s changed\nsigned  %+v %q\nchanged %+v %q", seed, name, g.req, g.body, changed.req, changed.body)
				continue
			}
			if e := (*Error)(nil); !errors.As(err, &e) {
				t.Errorf("seed %d: %T is not an *Error", seed, err)
			}
			refused++
		}
	}
	if refused < rounds*100 {
		t.Errorf("only %d changed requests in %d rounds", refused, rounds)
	}
	t.Logf("%d requests accepted, %d changed ones refused", rounds, refused)
}

var (
	pathAlphabet   = []string{"a", "Z", "0", "-", ".", "_", "~", "/", "/", "//", "./", "../", ":", "=", "@", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", " ", "%", "?", "#", "é", "関", "\""}
	queryAlphabet  = []string{"a", "b", "Z", "0", "-", ".", "~", "/", ":", "=", "&", "+", " ", "%", "%2F", "?", "#", "é", "所", "!", "*", "'", "(", "\n", "\x00"}
	headerAlphabet = []string{"a", "B", "0", " ", "  ", "   ", "\t", ",", ";", "=", "\"", "/", "é", "%20", ":"}
	bodyAlphabet   = []string{"a", "&", "=", "\x00", "\n", "関", "%20"}
)

func pick(rng *rand.Rand, alphabet []string, n int) string {
	var b strings.Builder
	for range rng.IntN(n + 1) {
		b.WriteString(alphabet[rng.IntN(len(alphabet))])
	}
	return b.String()
}

func randomSigned(t *testing.T, rng *rand.Rand) *goSigned {
	hosts := []string{"sts.example", "sekisho.example:8443", "127.0.0.1:8420", "[::1]:8420"}
	r := mustRequest(t, []string{"GET", "POST", "PUT", "DELETE"}[rng.IntN(4)], "https://"+hosts[rng.IntN(len(hosts))])
	r.URL.Path = "/" + pick(rng, pathAlphabet, 12)
	query := url.Values{}
	for range rng.IntN(5) {
		query.Add(pick(rng, queryAlphabet, 3), pick(rng, queryAlphabet, 6))
	}
	r.URL.RawQuery = query.Encode()
	for _, name := range []string{"Content-Type", "X-Amz-Target", "Accept-Language", "X-Amz-Meta-A"} {
		for range rng.IntN(3) {
			r.Header.Add(name, pick(rng, headerAlphabet, 6))
		}
	}
	o := goOptions{presign: rng.IntN(3) == 0}
	if rng.IntN(2) == 0 {
		o.token = "t" + pick(rng, queryAlphabet[:12], 40)
		o.token = strings.ReplaceAll(o.token, " ", "")
	}
	return mustSignWithGo(t, r, []byte(pick(rng, bodyAlphabet, 20)), o)
}

// mutations yields the request with each byte changed, one at a time, to one
// that differs in one bit and to a random one, and with bytes added and taken away.
func mutations(rng *rand.Rand, g *goSigned) func(yield func(string, *goSigned) bool) {
	return func(yield func(string, *goSigned) bool) {
		variants := func(s string) []string {
			out := []string{s + "x", "x" + s}
			for i := range len(s) {
				flip, random := []byte(s), []byte(s)
				flip[i] ^= 1 << rng.IntN(8)
				random[i] = byte(rng.IntN(256))
				out = append(out, string(flip), string(random), s[:i]+s[i+1:])
			}
			return out
		}
		edit := func(name, value string, set func(c *goSigned, v string)) bool {
			for _, v := range variants(value) {
				c := *g
				req := *g.req
				req.Header = maps.Clone(g.req.Header)
				c.req = &req
				set(&c, v)
				if !yield(name, &c) {
					return false
				}
			}
			return true
		}
		if !edit("method", g.req.Method, func(c *goSigned, v string) { c.req.Method = v }) ||
			!edit("host", g.req.Host, func(c *goSigned, v string) { c.req.Host = v }) ||
			!edit("path", g.req.Path, func(c *goSigned, v string) { c.req.Path = v }) ||
			!edit("query", g.req.RawQuery, func(c *goSigned, v string) { c.req.RawQuery = v }) ||
			!edit("body", string(g.body), func(c *goSigned, v string) { c.body = []byte(v) }) {
			return
		}
		s, err := Parse(g.req)
		if err != nil {
			panic(err)
		}
		if !s.Presigned {
			header, signature, _ := strings.Cut(g.req.Header["Authorization"][0], "Signature=")
			if !edit("signature", signature, func(c *goSigned, v string) {
				c.req.Header["Authorization"] = []string{header + "Signature=" + v}
			}) {
				return
			}
		}
		for _, name := range s.SignedHeaders {
			key := http.CanonicalHeaderKey(name)
			for i, value := range g.req.Header[key] {
				if !edit("header "+name, value, func(c *goSigned, v string) {
					c.req.Header[key] = slices.Clone(c.req.Header[key])
					c.req.Header[key][i] = v
				}) {
					return
				}
			}
			if name != "host" && !edit("header "+name+" taken away", "", func(c *goSigned, _ string) { delete(c.req.Header, key) }) {
				return
			}
		}
		edit("header added", "v", func(c *goSigned, v string) { c.req.Header["X-Amz-Added"] = []string{v} })
		edit("parameter added", "v", func(c *goSigned, v string) { c.req.RawQuery += "&added=" + v })
	}
}

// sameMeaning is the oracle: net/url decides which queries are the same, path
// which paths, and RFC 9110 white space which header values.
func sameMeaning(a, b *goSigned) bool {
	if a.req.Method != b.req.Method || !bytes.Equal(a.body, b.body) || signatureText(a) != signatureText(b) ||
		fold(a.req.Host) != fold(b.req.Host) || clean(a.req.Path) != clean(b.req.Path) {
		return false
	}
	qa, errA := url.ParseQuery(a.req.RawQuery)
	qb, errB := url.ParseQuery(b.req.RawQuery)
	if errA != nil || errB != nil || len(qa) != len(qb) {
		return false
	}
	for name, values := range qa {
		if !slices.Equal(slices.Sorted(slices.Values(values)), slices.Sorted(slices.Values(qb[name]))) {
			return false
		}
	}
	return maps.EqualFunc(a.req.Header, b.req.Header, func(x, y []string) bool {
		return fold(x...) == fold(y...)
	})
}

// signatureText is exact where fold would forgive: blanks around it are no part of it.
func signatureText(g *goSigned) string {
	return strings.TrimSpace(strings.Join(g.req.Header["Authorization"], "\n"))
}

// fold joins as a recipient may join repeated headers, then folds blanks.
func fold(values ...string) string {
	folded := make([]string, len(values))
	for i, v := range values {
		folded[i] = strings.Join(strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\t' }), " ")
	}
	return strings.Join(folded, ",")
}

func clean(p string) string {
	cleaned := path.Clean("/" + p)
	if strings.HasSuffix(p, "/") && cleaned != "/" {
		cleaned += "/"
	}
	return cleaned
}
