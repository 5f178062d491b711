package sigv4

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	isoBasic   = "20060102T150405Z"
	httpDate   = "Mon, 02 Jan 2006 15:04:05 GMT"
)

// Limits. Each is several times what any SDK sends.
const (
	maxMethod        = 32
	maxPath          = 8 << 10
	maxQuery         = 128 << 10 // a Query-protocol GET may carry a 10 KB policy document, percent-encoded
	maxParameters    = 4096
	maxAuthorization = 8 << 10
	maxCredential    = 512
	maxAccessKeyID   = 128 // IAM accessKeyIdType
	maxSignedHeaders = 100
	maxSignedBytes   = 128 << 10
	maxExpires       = 604800 // seconds: a week, the most a presigned URL may ask for
)

// Request is what a signature covers, as it stood on the wire. Parse keeps
// references to it; it must not change until Verify has returned.
type Request struct {
	Method string
	// Host is the Host header or :authority, with the port if one was sent.
	// Behind a proxy it must be what the client sent to the proxy.
	Host string
	// Path is the path as received, still percent-encoded (url.URL.EscapedPath).
	Path string
	// RawQuery is the query as received, without "?".
	RawQuery string
	// Header holds the other headers by canonical MIME key ("X-Amz-Date"), in
	// the order received. A signed header that the HTTP stack took out of the
	// map does not verify. A Host entry is ignored.
	Header map[string][]string
}

// Signature is a parsed, not yet verified, signature: everything in it is what
// the request claims.
type Signature struct {
	AccessKeyID string
	Date        string // of the credential scope, YYYYMMDD when CheckScope passes
	Region      string
	Service     string
	// Time is the moment of signing the request claims, in UTC to the second.
	Time time.Time
	// Presigned tells the query-string form from the Authorization header.
	Presigned bool
	// Expires is X-Amz-Expires of a presigned request, 0 to 604,800 seconds.
	// HasExpires is false when the request has none, as the Go SDK's has not.
	Expires    time.Duration
	HasExpires bool
	// SignedHeaders are lower-case, strictly ascending, and include host.
	SignedHeaders []string
	// SecurityToken is X-Amz-Security-Token, empty for long-term keys. Whether
	// it is genuine and belongs to AccessKeyID is for the caller to check.
	SecurityToken string

	req           Request
	params        []param // sorted; without X-Amz-Signature when Presigned
	timestamp     string  // Time as it stands in the string to sign
	scope         string  // date/region/service/terminator
	terminator    string
	signature     string
	contentSHA256 string // x-amz-content-sha256; empty when not sent

	// Room for the usual case, so that Parse allocates once.
	host       [1]string
	headerRoom [12]string
}

// claim is the signature's raw members, from either of the two places.
type claim struct {
	credential, signedHeaders, signature, date, expires, token, contentSHA256 member
}

// member is a value and how often it was given.
type member struct {
	value string
	count int
}

func (m *member) add(value string) {
	m.value = value
	m.count++
}

func (m *member) addHeader(values []string) {
	if len(values) > 0 {
		m.value = strings.TrimSpace(values[0])
		m.count += len(values)
	}
}

// Parse finds the signature in the Authorization header or in the query string,
// never both, and checks its form. The order of checks is the one measured at
// AWS: presence, completeness, date, host, algorithm, credential. Errors are
// *Error with MissingAuthenticationToken, IncompleteSignature, MalformedInput,
// or SignatureDoesNotMatch when the two forms are mixed or a header that must
// be signed is not.
func Parse(r *Request) (*Signature, error) {
	if err := checkTarget(r); err != nil {
		return nil, err
	}
	s := &Signature{req: *r, host: [1]string{r.Host}}
	if s.req.Path == "" {
		s.req.Path = "/"
	}
	if r.RawQuery != "" {
		s.params = make([]param, 0, 12)
	}
	var c claim
	algorithmGiven, inQuery, err := s.parseQuery(&c)
	if err != nil {
		return nil, err
	}

	headers := r.Header["Authorization"]
	switch {
	case inQuery && len(headers) > 0:
		return nil, mismatch(msgBoth)
	case inQuery:
		s.Presigned = true
		c.token.addHeader(r.Header["X-Amz-Security-Token"])
		c.contentSHA256.addHeader(r.Header["X-Amz-Content-Sha256"])
		if err := c.completeQuery(algorithmGiven); err != nil {
			return nil, err
		}
	case len(headers) == 0:
		return nil, &Error{MissingAuthenticationToken, msgMissing}
	case len(headers) > 1:
		return nil, incomplete("Only one Authorization header is allowed.")
	default:
		queryToken := c.token
		c = claim{token: queryToken}
		algorithmGiven, err = c.parseAuthorization(headers[0], r.Header)
		if err != nil {
			return nil, err
		}
	}
	if err := s.take(&c, algorithmGiven); err != nil {
		return nil, err
	}
	if s.Presigned {
		s.params = slices.DeleteFunc(s.params, func(p param) bool { return p.name == "X-Amz-Signature" })
	}
	slices.SortFunc(s.params, compareParams)
	return s, nil
}

// checkTarget refuses what could not have come through a sound HTTP parser.
// Line feeds above all: they divide the members of the canonical request.
func checkTarget(r *Request) error {
	if len(r.Path) > maxPath || len(r.RawQuery) > maxQuery {
		return malformed("The request target is too long.")
	}
	if !isToken(r.Method) || len(r.Method) > maxMethod {
		return malformed("The request method is not valid.")
	}
	if r.Path != "" && r.Path[0] != '/' || !validEscapes(r.Path) {
		return malformed("The request path is not valid.")
	}
	return nil
}

// parseQuery splits the query into s.params and picks out the members of a
// presigned request. inQuery tells whether any of the members that make one is there.
func (s *Signature) parseQuery(c *claim) (algorithmGiven string, inQuery bool, err error) {
	var algorithms member
	for rest := s.req.RawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if pair == "" {
			continue
		}
		if len(s.params) == maxParameters {
			return "", false, malformed("The query string has too many parameters.")
		}
		p, ok := parseParam(pair)
		if !ok {
			return "", false, malformed("The query string has a broken percent escape.")
		}
		s.params = append(s.params, p)
		switch p.name {
		case "X-Amz-Algorithm":
			algorithms.add(p.decoded())
		case "X-Amz-Credential":
			c.credential.add(p.decoded())
		case "X-Amz-Date":
			c.date.add(p.decoded())
		case "X-Amz-Expires":
			c.expires.add(p.decoded())
		case "X-Amz-SignedHeaders":
			c.signedHeaders.add(p.decoded())
		case "X-Amz-Signature":
			c.signature.add(p.decoded())
		case "X-Amz-Security-Token":
			c.token.add(p.decoded())
		default:
			// The JavaScript SDK moves this header into the query, in whatever case it had.
			if strings.EqualFold(p.name, "X-Amz-Content-Sha256") {
				c.contentSHA256.add(p.decoded())
			}
		}
	}
	if algorithms.count > 1 {
		return "", false, incomplete("AWS query-string parameters must include 'X-Amz-Algorithm' only once.")
	}
	inQuery = algorithms.count > 0 || c.credential.count > 0 || c.signature.count > 0
	return algorithms.value, inQuery, nil
}

func (c *claim) completeQuery(algorithmGiven string) error {
	required := [...]struct {
		name string
		m    member
	}{
		{"X-Amz-Algorithm", member{algorithmGiven, 1}},
		{"X-Amz-Credential", c.credential},
		{"X-Amz-Signature", c.signature},
		{"X-Amz-SignedHeaders", c.signedHeaders},
		{"X-Amz-Date", c.date},
	}
	var missing strings.Builder
	for _, p := range required {
		if p.m.value == "" {
			missing.WriteString("AWS query-string parameters must include '" + p.name + "'. ")
		}
		if p.m.count > 1 {
			return incomplete("AWS query-string parameters must include '" + p.name + "' only once.")
		}
	}
	if missing.Len() > 0 {
		missing.WriteString("Re-examine the query-string parameters.")
		return incomplete(missing.String())
	}
	return nil
}

// parseAuthorization reads
//
//	AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…
//
// and the headers that belong to that form. The three may come in any order,
// with or without spaces around the commas; nothing else may come at all.
func (c *claim) parseAuthorization(value string, header map[string][]string) (algorithmGiven string, err error) {
	if len(value) > maxAuthorization {
		return "", incomplete("The Authorization header is too long.")
	}
	rest := strings.Trim(value, " \t")
	if !strings.HasPrefix(rest, "AWS4-") {
		// Bearer, Basic, Signature Version 2: someone else's credentials, none of ours.
		return "", &Error{MissingAuthenticationToken, msgMissing}
	}
	algorithmGiven = rest
	if i := indexBlank(rest); i >= 0 {
		algorithmGiven, rest = rest[:i], strings.TrimLeft(rest[i:], " \t")
	} else {
		rest = ""
	}
	for more := rest != ""; more; {
		var pair string
		pair, rest, more = strings.Cut(rest, ",")
		pair = strings.Trim(pair, " \t")
		name, v, ok := strings.Cut(pair, "=")
		if !ok || indexBlank(pair) >= 0 {
			return "", incomplete("Invalid key=value pair (missing equal-sign) in Authorization header " +
				"(hashed with SHA-256 and encoded with Base64): '" + fingerprint(value) + "'.")
		}
		var m *member
		switch name {
		case "Credential":
			m = &c.credential
		case "SignedHeaders":
			m = &c.signedHeaders
		case "Signature":
			m = &c.signature
		default:
			return "", incomplete("Authorization header allows only 'Credential', 'SignedHeaders' and 'Signature' parameters.")
		}
		if m.add(v); m.count > 1 {
			return "", incomplete("Authorization header allows '" + name + "' parameter only once.")
		}
	}

	c.date.addHeader(header["X-Amz-Date"])
	if c.date.count == 0 {
		c.date.addHeader(header["Date"])
	}
	c.token.addHeader(header["X-Amz-Security-Token"])
	c.contentSHA256.addHeader(header["X-Amz-Content-Sha256"])

	var missing strings.Builder
	if c.credential.value == "" {
		missing.WriteString("Authorization header requires 'Credential' parameter. ")
	}
	if c.signature.value == "" {
		missing.WriteString("Authorization header requires 'Signature' parameter. ")
	}
	if c.signedHeaders.count == 0 {
		missing.WriteString("Authorization header requires 'SignedHeaders' parameter. ")
	}
	if c.date.value == "" {
		missing.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	if missing.Len() > 0 {
		missing.WriteString("(Hashed with SHA-256 and encoded with Base64) Authorization=" + fingerprint(value))
		return "", incomplete(missing.String())
	}
	return algorithmGiven, nil
}

// take checks the members' form and moves them into s.
func (s *Signature) take(c *claim, algorithmGiven string) error {
	if c.date.count > 1 {
		return incomplete("Only one 'X-Amz-Date' or 'Date' is allowed.")
	}
	var ok bool
	if s.Time, s.timestamp, ok = parseTime(c.date.value, !s.Presigned); !ok {
		return incomplete("Date must be in ISO-8601 'basic format'. Got '" + clip(c.date.value) +
			"'. See http://en.wikipedia.org/wiki/ISO_8601")
	}
	if err := s.takeSignedHeaders(c.signedHeaders.value); err != nil {
		return err
	}
	if algorithmGiven != algorithm {
		return incomplete("Unsupported AWS 'algorithm': '" + clip(algorithmGiven) + "' (only AWS4-HMAC-SHA256 for now). ")
	}
	if err := s.takeCredential(c.credential.value); err != nil {
		return err
	}
	s.signature = c.signature.value
	if c.token.count > 1 {
		return incomplete("Only one 'X-Amz-Security-Token' is allowed.")
	}
	s.SecurityToken = c.token.value
	if c.contentSHA256.count > 1 {
		return incomplete("Only one 'x-amz-content-sha256' is allowed.")
	}
	if err := checkContentSHA256(c.contentSHA256); err != nil {
		return err
	}
	s.contentSHA256 = c.contentSHA256.value
	return s.takeExpires(c.expires)
}

func (s *Signature) takeExpires(m member) error {
	if m.count == 0 {
		return nil
	}
	seconds, err := strconv.ParseUint(m.value, 10, 32)
	if err != nil || m.count > 1 || seconds > maxExpires {
		return incomplete("X-Amz-Expires must be one number of seconds, not more than a week (604800).")
	}
	s.Expires, s.HasExpires = time.Duration(seconds)*time.Second, true
	return nil
}

func (s *Signature) takeCredential(credential string) error {
	const slashes = 4
	var parts [slashes + 1]string
	rest, n := credential, 0
	for ; n < slashes; n++ {
		var found bool
		if parts[n], rest, found = strings.Cut(rest, "/"); !found {
			break
		}
	}
	parts[slashes] = rest
	if n < slashes || strings.Contains(rest, "/") || parts[0] == "" ||
		len(parts[0]) > maxAccessKeyID || len(credential) > maxCredential || !printable(credential) {
		return incomplete("Credential must have exactly 5 slash-delimited elements, " +
			"e.g. keyid/date/region/service/term, got '" + clip(credential) + "'")
	}
	s.AccessKeyID, s.Date, s.Region, s.Service, s.terminator = parts[0], parts[1], parts[2], parts[3], parts[4]
	s.scope = credential[len(parts[0])+1:]
	return nil
}

func (s *Signature) takeSignedHeaders(list string) error {
	s.SignedHeaders = s.headerRoom[:0]
	var hostSigned bool
	var size int
	for more := list != ""; more; {
		var name string
		name, list, more = strings.Cut(list, ";")
		if len(s.SignedHeaders) == maxSignedHeaders {
			return incomplete("Too many signed headers.")
		}
		if n := len(s.SignedHeaders); !isLowerToken(name) || n > 0 && s.SignedHeaders[n-1] >= name {
			return incomplete("SignedHeaders must be lower-case header names in ascending order, separated by ';'.")
		}
		s.SignedHeaders = append(s.SignedHeaders, name)
		hostSigned = hostSigned || name == "host" || name == ":authority"
		values := s.values(name)
		if len(values) == 0 {
			return mismatch("'" + clip(name) + "' is in SignedHeaders and not in the request.")
		}
		for _, value := range values {
			if size += len(value); size > maxSignedBytes {
				return incomplete("The signed headers are too long.")
			}
			if !validHeaderValue(value) {
				return malformed("A header value is not valid.")
			}
		}
	}
	if !hostSigned {
		return mismatch(msgHost)
	}
	if name := s.unsigned(); name != "" {
		return mismatch("'" + clip(name) + "' must be a 'SignedHeader' in the AWS Authorization.")
	}
	return nil
}

// unsigned returns the first x-amz-* header that is sent and not signed, or "".
// Two may be: the security token, which authenticates itself, and the request
// id that CloudFront adds on the way. Headers that proxies rewrite
// (content-length, connection, …) are not demanded, because SDKs do not sign them.
func (s *Signature) unsigned() string {
	const prefix = "X-Amz-"
	first := ""
	for key := range s.req.Header {
		if len(key) < len(prefix) || !strings.EqualFold(key[:len(prefix)], prefix) {
			continue
		}
		if key == "X-Amz-Security-Token" || key == "X-Amz-Cf-Id" {
			continue
		}
		signed := slices.ContainsFunc(s.SignedHeaders, func(name string) bool { return strings.EqualFold(name, key) })
		if !signed && (first == "" || key < first) {
			first = key
		}
	}
	return first
}

// checkContentSHA256 accepts a SHA-256 in lower-case hexadecimal or
// UNSIGNED-PAYLOAD. The STREAMING-… values announce chunk signatures inside the
// body, which only S3 and a few data services read.
func checkContentSHA256(m member) error {
	switch {
	case m.count == 0 || m.value == unsignedPayload || isHexSHA256(m.value):
		return nil
	case strings.HasPrefix(m.value, "STREAMING-"):
		return incomplete("x-amz-content-sha256 '" + clip(m.value) + "' is not supported: " +
			"send the SHA-256 of the whole body instead of a chunked signature.")
	default:
		return incomplete("x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a SHA-256 in lower-case hexadecimal.")
	}
}

// parseTime reads ISO 8601 basic format in UTC without fractions and, in the
// header form (where Date may stand in for X-Amz-Date), the HTTP date.
// The text returned is the one that stands in the string to sign.
func parseTime(value string, header bool) (t time.Time, timestamp string, ok bool) {
	// time.Parse would take a fraction that the layout does not have; the length forbids it.
	if len(value) == len(isoBasic) {
		if t, err := time.Parse(isoBasic, value); err == nil {
			return t, value, true
		}
	}
	if !header || len(value) > 64 {
		return time.Time{}, "", false
	}
	for _, layout := range [...]string{httpDate, time.RFC1123Z} {
		if t, err := time.Parse(layout, value); err == nil {
			t = t.UTC().Truncate(time.Second)
			return t, t.Format(isoBasic), true
		}
	}
	return time.Time{}, "", false
}
